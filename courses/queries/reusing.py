"""Reads of modules that several courses share: one is the origin, the others follow it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from courses.models import Course, Enrolment, Lesson, Module, Revision
from courses.queries.authoring import UNDER_WAY
from lms.core.db import db


@dataclass(frozen=True)
class ReusableModule:
    """A module of a published course, for another course to repeat."""

    slug: str
    course_title: str
    key: str
    title: str
    lessons: int


@dataclass(frozen=True)
class Follower:
    """A course that repeats a module of another."""

    course_id: int
    slug: str
    title: str
    module_title: str
    #: People in the course who have not finished it.
    under_way: int


def list_reusable_modules(course: Course) -> list[ReusableModule]:
    """Return the own modules of every published course but this one, by course."""
    lessons = (
        select(func.count())
        .where(Lesson.module_id == Module.id)
        .correlate(Module)
        .scalar_subquery()
    )
    query = (
        select(Course.slug, Revision.title, Module.key, Module.title, lessons)
        .join(Revision, Revision.course_id == Course.id)
        .join(Module, Module.revision_id == Revision.id)
        .where(
            Revision.state == "published",
            Course.id != course.id,
            # A chain of followers would be updated in an order that nobody sees.
            Module.origin_course_id.is_(None),
        )
        .order_by(Revision.title, Course.id, Module.position)
    )
    return [ReusableModule(*row) for row in db.session.execute(query)]


def get_offering_course(slug: str) -> Course:
    """Return a published course, whose modules any trainer may repeat, or answer 404."""
    query = (
        select(Course)
        .join(Revision, Revision.course_id == Course.id)
        .where(Course.slug == slug, Revision.state == "published")
    )
    course: Course = db.first_or_404(query)
    return course


def list_followers(course: Course) -> list[Follower]:
    """Return the courses whose newest revision repeats a module of this one."""
    later = aliased(Revision)
    newest = select(func.max(later.number)).where(later.course_id == Course.id).scalar_subquery()
    under_way = (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.status.in_(UNDER_WAY))
        .scalar_subquery()
    )
    query = (
        select(Course.id, Course.slug, Revision.title, Module.title, under_way)
        .join(Revision, Revision.course_id == Course.id)
        .join(Module, Module.revision_id == Revision.id)
        .where(Module.origin_course_id == course.id, Revision.number == newest)
        .order_by(Revision.title, Course.id, Module.position)
    )
    return [Follower(*row) for row in db.session.execute(query)]


def list_origins(revision: Revision) -> dict[int, str]:
    """Return the titles of the courses whose modules a revision repeats, by course id."""
    ids = select(Module.origin_course_id).where(Module.revision_id == revision.id)
    query = select(Revision.course_id, Revision.title).where(
        Revision.course_id.in_(ids), Revision.state == "published"
    )
    return {row.course_id: row.title for row in db.session.execute(query)}

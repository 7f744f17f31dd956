"""Reads of courses as those who write them see them: drafts first, own courses only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from courses.models import Course, Enrolment, Lesson, Media, Module, Revision
from lms.core.access import Viewer
from lms.core.db import db

UNDER_WAY = ("assigned", "started")


@dataclass(frozen=True)
class OwnCourse:
    """A course in its trainer's list: the draft, or else what is published."""

    slug: str
    title: str
    revision: int
    state: str
    updated_at: datetime
    #: Number of the published revision; None before the first.
    published: int | None
    lessons: int
    enrolments: int


def list_own_courses(viewer: Viewer) -> list[OwnCourse]:
    """Return the courses that the viewer may write, last edited first."""
    query = _latest().where(_may_write(viewer)).order_by(Revision.updated_at.desc(), Course.id)
    return [OwnCourse(*row) for row in db.session.execute(query)]


def list_all_courses() -> list[OwnCourse]:
    """Return every course, by address: for the command line."""
    return [OwnCourse(*row) for row in db.session.execute(_latest().order_by(Course.slug))]


def get_course_for(viewer: Viewer, slug: str) -> Course:
    """Return a course that the viewer may write, or answer 404."""
    course: Course | None = db.session.scalar(
        select(Course).where(Course.slug == slug, _may_write(viewer))
    )
    if course is None:
        raise NotFound
    return course


def may_write_slug(viewer: Viewer, slug: str) -> bool:
    """Tell whether the viewer may make or change the course at an address."""
    query = select(_may_write(viewer)).select_from(Course).where(Course.slug == slug)
    return db.session.scalar(query) is not False


def may_write(viewer: Viewer, course: Course) -> bool:
    """Tell whether the viewer may change a course."""
    return viewer.may("courses.write_any") or course.owner_id == viewer.person_id


def get_newest(course: Course) -> Revision:
    """Return the draft of a course, or else its newest revision, with modules and lessons."""
    query = (
        select(Revision)
        .where(Revision.course_id == course.id)
        .order_by(Revision.number.desc())
        .options(selectinload(Revision.modules).selectinload(Module.lessons))
    )
    revision: Revision | None = db.session.scalar(query.limit(1))
    if revision is None:
        raise NotFound
    return revision


def get_draft_for(viewer: Viewer, slug: str) -> Revision:
    """Return the draft of a course that the viewer may write, or answer 404."""
    revision = get_newest(get_course_for(viewer, slug))
    if revision.state != "draft":
        raise NotFound
    return revision


def find_revision(course: Course, state: str) -> Revision | None:
    """Return the draft or the published revision of a course."""
    return db.session.scalar(
        select(Revision).where(Revision.course_id == course.id, Revision.state == state)
    )


def get_module(revision: Revision, module_id: int) -> Module:
    """Return a module of a revision, or answer 404."""
    query = select(Module).where(Module.id == module_id, Module.revision_id == revision.id)
    module: Module = db.first_or_404(query)
    return module


def find_lesson(revision: Revision, key: str) -> Lesson | None:
    """Return a lesson of a revision."""
    query = select(Lesson).where(Lesson.key == key, Lesson.revision_id == revision.id)
    return db.session.scalar(query)


def get_lesson(revision: Revision, key: str) -> Lesson:
    """Return a lesson of a revision, or answer 404."""
    lesson = find_lesson(revision, key)
    if lesson is None:
        raise NotFound
    return lesson


def list_media(revision: Revision) -> list[Media]:
    """Return a revision's pictures by name."""
    query = select(Media).where(Media.revision_id == revision.id).order_by(Media.name)
    return list(db.session.scalars(query))


def count_under_way(course: Course) -> int:
    """Return how many people are in the course and have not finished it."""
    query = select(func.count()).where(
        Enrolment.course_id == course.id, Enrolment.status.in_(UNDER_WAY)
    )
    return db.session.scalar(query) or 0


def _may_write(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.may("courses.write_any"):
        return true()
    return Course.owner_id == viewer.person_id


def _latest() -> Select[Any]:
    """Return the SELECT of each course with its newest revision and its counts."""
    other = Revision.__table__.alias()
    newest = (
        select(func.max(other.c.number)).where(other.c.course_id == Course.id).scalar_subquery()
    )
    published = (
        select(func.max(other.c.number))
        .where(other.c.course_id == Course.id, other.c.state == "published")
        .scalar_subquery()
    )
    lessons = select(func.count()).where(Lesson.revision_id == Revision.id).scalar_subquery()
    enrolments = (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.status.in_(UNDER_WAY))
        .scalar_subquery()
    )
    return (
        select(
            Course.slug,
            Revision.title,
            Revision.number,
            Revision.state,
            Revision.updated_at,
            published,
            lessons,
            enrolments,
        )
        .join(Revision, Revision.course_id == Course.id)
        .where(Revision.number == newest)
    )

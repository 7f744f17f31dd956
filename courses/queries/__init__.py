"""Reads of courses and enrolments."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from courses.models import Course, Enrolment, Evidence, Lesson, Revision
from lms.core.access import Viewer
from lms.core.db import db


@dataclass(frozen=True)
class CourseCard:
    """A published course in the catalogue."""

    id: int
    slug: str
    revision_id: int
    title: str
    summary: str
    periods: int
    audiences: list[str]


@dataclass(frozen=True)
class MyEnrolment:
    """One of the viewer's enrolments."""

    id: int
    slug: str
    course_id: int
    revision_id: int
    title: str
    periods: int
    period: str
    status: str
    due_on: date | None
    completed_at: datetime | None
    audience_key: str | None


def list_catalogue() -> list[CourseCard]:
    """Return every published course, by title."""
    query = (
        select(
            Course.id,
            Course.slug,
            Revision.id,
            Revision.title,
            Revision.summary,
            Revision.periods,
            Revision.audiences,
        )
        .join(Revision, Revision.course_id == Course.id)
        .where(Revision.state == "published")
        .order_by(Revision.title)
    )
    return [CourseCard(*row) for row in db.session.execute(query)]


def find_published(slug: str) -> Revision | None:
    """Return the published revision of the course at this address."""
    query = (
        select(Revision)
        .join(Course, Course.id == Revision.course_id)
        .where(Course.slug == slug, Revision.state == "published")
    )
    return db.session.scalar(query)


def find_course(slug: str) -> Course | None:
    """Return the course at this address, published or not."""
    return db.session.scalar(select(Course).where(Course.slug == slug))


def find_enrolment(viewer: Viewer, slug: str) -> Enrolment | None:
    """Return the viewer's latest enrolment in a course."""
    query = (
        select(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Course.slug == slug, Enrolment.person_id == viewer.person_id)
        .order_by(Enrolment.period.desc())
    )
    return db.session.scalar(query.limit(1))


def get_enrolment(viewer: Viewer, slug: str) -> Enrolment:
    """Return the viewer's latest enrolment in a course, or answer 404."""
    enrolment = find_enrolment(viewer, slug)
    if enrolment is None:
        raise NotFound
    return enrolment


def list_enrolments_of(viewer: Viewer) -> list[MyEnrolment]:
    """Return the viewer's enrolments: what is due first, then the rest, newest first."""
    query = (
        select(
            Enrolment.id,
            Course.slug,
            Enrolment.course_id,
            Enrolment.revision_id,
            Revision.title,
            Revision.periods,
            Enrolment.period,
            Enrolment.status,
            Enrolment.due_on,
            Enrolment.completed_at,
            Enrolment.audience_key,
        )
        .join(Course, Course.id == Enrolment.course_id)
        .join(Revision, Revision.id == Enrolment.revision_id)
        .where(Enrolment.person_id == viewer.person_id)
        .order_by(Enrolment.due_on.is_(None), Enrolment.due_on, Enrolment.id.desc())
    )
    return [MyEnrolment(*row) for row in db.session.execute(query)]


def done_lesson_ids(enrolment_id: int) -> frozenset[int]:
    """Return the lessons an enrolment has evidence for."""
    query = select(Evidence.lesson_id).where(Evidence.enrolment_id == enrolment_id)
    return frozenset(db.session.scalars(query))


def done_by_enrolment(enrolment_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the lessons done of several enrolments, in one query."""
    done: dict[int, set[int]] = {enrolment_id: set() for enrolment_id in enrolment_ids}
    query = select(Evidence.enrolment_id, Evidence.lesson_id)
    for enrolment_id, lesson_id in db.session.execute(
        query.where(Evidence.enrolment_id.in_(list(enrolment_ids)))
    ):
        done[enrolment_id].add(lesson_id)
    return done


def count_lessons(revision_ids: Collection[int]) -> dict[int, int]:
    """Return how many lessons each revision has."""
    query = (
        select(Lesson.revision_id, func.count())
        .where(Lesson.revision_id.in_(list(revision_ids)))
        .group_by(Lesson.revision_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def sum_periods_completed(viewer: Viewer, year: int) -> int:
    """Return the tiết of all that the viewer completed for a year."""
    query = (
        select(func.coalesce(func.sum(Revision.periods), 0))
        .join(Enrolment, Enrolment.revision_id == Revision.id)
        .where(
            Enrolment.person_id == viewer.person_id,
            Enrolment.status == "completed",
            Enrolment.period == str(year),
        )
    )
    return db.session.scalar(query) or 0

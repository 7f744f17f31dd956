"""Reads of a lesson's history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from courses.models import LessonVersion, Revision
from lms.core.db import db
from lms.people.models import Person

#: Rows of a page of history.
VERSIONS_SHOWN = 100


@dataclass(frozen=True)
class VersionLine:
    """A version in the list, without its text."""

    number: int
    title: str
    saved_at: datetime
    autosaved: bool
    #: None: before there was a history.
    saved_by: str | None


def list_versions(revision: Revision, key: str, *, before: int | None = None) -> list[VersionLine]:
    """Return the versions of a lesson, the newest first, one more than a page shows.

    ``before`` is the number that the page before ended with.
    """
    query = (
        select(
            LessonVersion.number,
            LessonVersion.title,
            LessonVersion.saved_at,
            LessonVersion.autosaved,
            Person.full_name,
        )
        .outerjoin(Person, Person.id == LessonVersion.saved_by_id)
        .where(LessonVersion.course_id == revision.course_id, LessonVersion.lesson_key == key)
        .order_by(LessonVersion.number.desc())
    )
    if before is not None:
        query = query.where(LessonVersion.number < before)
    return [VersionLine(*row) for row in db.session.execute(query.limit(VERSIONS_SHOWN + 1))]


def get_version(revision: Revision, key: str, number: int) -> LessonVersion:
    """Return one version of a lesson, or answer 404."""
    version: LessonVersion | None = db.session.scalar(
        select(LessonVersion).where(
            LessonVersion.course_id == revision.course_id,
            LessonVersion.lesson_key == key,
            LessonVersion.number == number,
        )
    )
    if version is None:
        raise NotFound
    return version


def find_newest_version(course_id: int, key: str) -> LessonVersion | None:
    """Return the version that a lesson's history ends with."""
    query = select(LessonVersion).where(
        LessonVersion.course_id == course_id, LessonVersion.lesson_key == key
    )
    return db.session.scalar(query.order_by(LessonVersion.number.desc()).limit(1))


def find_version_before(revision: Revision, key: str, number: int) -> LessonVersion | None:
    """Return the version right before another."""
    query = select(LessonVersion).where(
        LessonVersion.course_id == revision.course_id,
        LessonVersion.lesson_key == key,
        LessonVersion.number < number,
    )
    return db.session.scalar(query.order_by(LessonVersion.number.desc()).limit(1))


def get_name(person_id: int | None) -> str | None:
    """Return a person's name for a line of history."""
    return db.session.scalar(select(Person.full_name).where(Person.id == person_id))

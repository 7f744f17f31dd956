"""Reads for those who confirm that learners took part: their courses, HR's own people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from courses.models import Course, Enrolment, Evidence, Lesson, Revision
from courses.rules.completing import CONFIRMED
from lms.agencies.models import Agency
from lms.agencies.queries import in_scope
from lms.core.access import Viewer
from lms.core.db import db
from lms.core.text import fold
from lms.people.models import Person

PAGE_SIZE = 100


@dataclass(frozen=True)
class Session:
    """A lesson of a course whose learners are confirmed."""

    slug: str
    key: str
    lesson: str
    course: str
    learners: int
    confirmed: int


@dataclass(frozen=True)
class Participant:
    """A learner, and who confirmed them when; None where nobody has."""

    enrolment_id: int
    lesson_id: int
    full_name: str
    agency_id: int
    agency: str
    confirmed_at: datetime | None
    confirmed_by: str | None


def list_sessions(viewer: Viewer) -> list[Session]:
    """Return the lessons whose learners the viewer may confirm, by course."""
    return _list_sessions(viewer, true())


def get_session(viewer: Viewer, slug: str, key: str) -> Session:
    """Return one of them, or answer 404."""
    found = _list_sessions(viewer, _is(slug, key))
    if not found:
        raise NotFound
    return found[0]


def list_agencies(viewer: Viewer, slug: str, key: str) -> list[tuple[int, str]]:
    """Return the agencies that the learners of a session belong to, by name."""
    query = _learners(viewer, aliased(Evidence), Agency.id, Agency.name).distinct()
    rows = db.session.execute(query.where(_is(slug, key)).order_by(Agency.name, Agency.id))
    return [(row[0], row[1]) for row in rows]


def list_participants(  # noqa: PLR0913 - what a list is asked for
    viewer: Viewer,
    slug: str,
    key: str,
    *,
    agency_id: int | None = None,
    text: str = "",
    page: int = 1,
) -> tuple[list[Participant], int]:
    """Return a page of the learners of a session, by agency and name, and how many there are."""
    evidence = aliased(Evidence)
    by = aliased(Person)
    query = (
        _learners(
            viewer,
            evidence,
            Enrolment.id,
            Lesson.id,
            Person.full_name,
            Agency.id,
            Agency.name,
            evidence.at,
            by.full_name,
        )
        .outerjoin(by, by.id == evidence.by_id)
        .where(_is(slug, key))
    )
    if agency_id is not None:
        query = query.where(Agency.id == agency_id)
    for word in fold(text).split():
        query = query.where(Person.search.contains(word, autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Agency.name, Agency.id, Person.sort_key, Enrolment.id)
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [Participant(*row) for row in rows], total


def list_to_confirm(
    viewer: Viewer, slug: str, key: str, enrolment_ids: Collection[int]
) -> list[tuple[Enrolment, int]]:
    """Return those of the enrolments that the viewer may confirm, each with its lesson's id."""
    query = _learners(viewer, aliased(Evidence), Enrolment, Lesson.id)
    rows = db.session.execute(
        query.where(_is(slug, key), Enrolment.id.in_(list(enrolment_ids))).order_by(Enrolment.id)
    )
    return [(row[0], row[1]) for row in rows]


def _list_sessions(viewer: Viewer, which: ColumnElement[bool]) -> list[Session]:
    evidence = aliased(Evidence)
    columns = (
        *(Course.slug, Lesson.key, func.max(Lesson.title), func.max(Revision.title)),
        *(func.count(), func.count(evidence.at)),
    )
    query = _learners(viewer, evidence, *columns).where(which)
    query = query.group_by(Course.slug, Lesson.key)
    query = query.order_by(func.max(Revision.title), func.max(Lesson.title))
    return [Session(*row) for row in db.session.execute(query)]


def _learners(viewer: Viewer, evidence: Any, *columns: Any) -> Select[Any]:
    """Return the SELECT of all learners whom the viewer may confirm, each lesson a row."""
    return (
        select(*columns)
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Revision, Revision.id == Enrolment.revision_id)
        .join(Lesson, Lesson.revision_id == Enrolment.revision_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Agency, Agency.id == Enrolment.agency_id)
        .outerjoin(
            evidence,
            and_(
                evidence.enrolment_id == Enrolment.id,
                evidence.lesson_id == Lesson.id,
                evidence.kind == "in_person",
            ),
        )
        .where(
            # Few courses have such lessons: the others' enrolments are not even looked at.
            Enrolment.course_id.in_(
                select(Revision.course_id)
                .join(Lesson, Lesson.revision_id == Revision.id)
                .where(_is_confirmed())
            ),
            _is_confirmed(),
            Enrolment.status != "exempt",
            _may_confirm(viewer),
        )
    )


def _is_confirmed() -> ColumnElement[bool]:
    """Return the condition that a lesson is completed by taking part, as every kind but one can."""
    return and_(Lesson.completion["rule"].as_string() == CONFIRMED, Lesson.kind != "quiz")


def _is(slug: str, key: str) -> ColumnElement[bool]:
    return and_(Course.slug == slug, Lesson.key == key)


def _may_confirm(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a learner is the viewer's to confirm; nobody confirms themselves."""
    own_course = Course.owner_id == viewer.person_id if viewer.may("courses.write") else false()
    if viewer.may("courses.write_any"):
        own_course = true()
    own_people: ColumnElement[bool] = false()
    if viewer.may("courses.assign"):
        roots = viewer.roots("courses.assign")
        own_people = true() if roots is None else in_scope(Enrolment.agency_id, roots)
    return and_(Enrolment.person_id != viewer.person_id, or_(own_course, own_people))

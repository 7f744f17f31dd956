"""Reads of work that was handed in: by its learner, and by those who mark it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, true
from werkzeug.exceptions import NotFound

from courses.models import Course, Enrolment, HandIn, Lesson, Revision
from lms.agencies.models import Agency
from lms.core.access import Viewer
from lms.core.db import db
from lms.people.models import Person

PAGE_SIZE = 50


@dataclass(frozen=True)
class Waiting:
    """A piece of work that waits to be marked."""

    id: int
    learner: str
    agency: str
    course: str
    lesson: str
    #: Which try it is, from 1.
    number: int
    handed_in_at: datetime


@dataclass(frozen=True)
class Marking:
    """A piece of work as its marker sees it."""

    hand_in: HandIn
    enrolment: Enrolment
    lesson: Lesson
    #: What the same learner handed in before, newest first.
    earlier: list[HandIn]
    marked_by: str | None


def list_own_hand_ins(enrolment_id: int, lesson_id: int) -> list[HandIn]:
    """Return what a learner handed in for a lesson, newest first."""
    query = select(HandIn).where(HandIn.enrolment_id == enrolment_id, HandIn.lesson_id == lesson_id)
    return list(db.session.scalars(query.order_by(HandIn.number.desc())))


def list_waiting(viewer: Viewer, page: int = 1) -> list[Waiting]:
    """Return a page of the work that the viewer may mark and nobody has, the oldest first."""
    query = (
        select(
            HandIn.id,
            Person.full_name,
            Agency.name,
            Revision.title,
            Lesson.title,
            HandIn.number,
            HandIn.handed_in_at,
        )
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Revision, Revision.id == Enrolment.revision_id)
        .join(Lesson, Lesson.id == HandIn.lesson_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Agency, Agency.id == Enrolment.agency_id)
        .where(HandIn.state == "handed_in", _may_mark(viewer))
        .order_by(HandIn.handed_in_at, HandIn.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [Waiting(*row) for row in db.session.execute(query)]


def count_waiting(viewer: Viewer) -> int:
    """Return how much work waits for the viewer to mark it."""
    query = (
        select(func.count())
        .select_from(HandIn)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(HandIn.state == "handed_in", _may_mark(viewer))
    )
    return db.session.scalar(query) or 0


def get_marking(viewer: Viewer, hand_in_id: int) -> Marking:
    """Return a piece of work that the viewer may mark, marked or not, or answer 404."""
    query = (
        select(HandIn, Enrolment, Lesson, Person.full_name)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Lesson, Lesson.id == HandIn.lesson_id)
        .outerjoin(Person, Person.id == HandIn.marked_by_id)
        .where(HandIn.id == hand_in_id, _may_mark(viewer))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    hand_in, enrolment, lesson, marked_by = row
    same = list_own_hand_ins(enrolment.id, lesson.id)
    earlier = [one for one in same if one.number < hand_in.number]
    return Marking(hand_in, enrolment, lesson, earlier, marked_by)


def get_hand_in_to_read(viewer: Viewer, hand_in_id: int) -> HandIn:
    """Return a piece of work of the viewer's own, or one they may mark; or answer 404."""
    query = (
        select(HandIn)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            HandIn.id == hand_in_id,
            (Enrolment.person_id == viewer.person_id) | _may_mark(viewer),
        )
    )
    hand_in: HandIn = db.first_or_404(query)
    return hand_in


def _may_mark(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a course is the viewer's to mark; nobody marks their own work."""
    if not viewer.may("courses.mark"):
        return false()
    is_any = viewer.may("courses.write_any")
    own_course = true() if is_any else Course.owner_id == viewer.person_id
    return own_course & (Enrolment.person_id != viewer.person_id)

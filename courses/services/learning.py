"""Progress: evidence comes in, and in the same transaction completion is decided."""

from dataclasses import replace

from flask_babel import gettext as _

from courses import completion
from courses.events import CourseCompleted, EnrolmentsChanged
from courses.models import Enrolment, Evidence
from courses.outline import LessonItem, get_outline
from courses.queries import done_lesson_ids
from courses.services.enrolling import cell_of
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db, insert
from lms.core.errors import Refused
from lms.core.events import publish


def mark_read(enrolment: Enrolment, lesson: LessonItem) -> None:
    """Take the learner's word that a lesson is read. Raises Refused for other kinds."""
    if not lesson.done_by_learner:
        raise Refused(_("This lesson is done when its quiz is passed."))
    complete_step(enrolment, lesson.id)


def start(enrolment: Enrolment) -> None:
    """Note that the learner has begun."""
    if enrolment.status == "assigned":
        _move(enrolment, "started")


def complete_step(enrolment: Enrolment, lesson_id: int) -> None:
    """Keep the evidence for a lesson; complete the course when nothing is missing.

    Saying it twice changes nothing.
    """
    # Two tabs take turns here on PostgreSQL, and the later one sees what the earlier did.
    db.session.refresh(enrolment, with_for_update=True)
    values = {
        "enrolment_id": enrolment.id,
        "lesson_id": lesson_id,
        "kind": "online",
        "at": now(),
    }
    db.session.execute(insert(Evidence.__table__).values(values).on_conflict_do_nothing())
    # One move, not two: it takes the tallies in the order in which all writers take them,
    # so that no two wait for each other on PostgreSQL.
    if enrolment.status in ("assigned", "started") and _nothing_missing(enrolment):
        _complete(enrolment)
    else:
        start(enrolment)


def _nothing_missing(enrolment: Enrolment) -> bool:
    outline = get_outline(enrolment.revision_id)
    return completion.is_complete(outline.steps, done_lesson_ids(enrolment.id))


def _complete(enrolment: Enrolment) -> None:
    _move(enrolment, "completed")
    audit.record("courses.completed", f"enrolment:{enrolment.id}", enrolment.person_id)
    publish(CourseCompleted(enrolment.id))


def _move(enrolment: Enrolment, status: str) -> None:
    """Change the status, with the dates and the tallies that go with it."""
    before = cell_of(enrolment)
    enrolment.status = status
    enrolment.started_at = enrolment.started_at or now()
    if status == "completed":
        enrolment.completed_at = now()
    db.session.flush()
    publish(EnrolmentsChanged(((before, -1), (replace(before, status=status), 1))))

"""Progress: evidence comes in, and in the same transaction completion is decided."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from courses.events import Cell, CourseCompleted, EnrolmentsChanged
from courses.models import Enrolment, Evidence, LessonProgress
from courses.outline import LessonItem
from courses.queries.progress import find_opened_at, get_standing, require_open
from courses.rules.completing import QUIZ, seconds_left
from courses.rules.words import word_need
from courses.services.enrolling import cell_of
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db, insert
from lms.core.errors import Refused
from lms.core.events import publish


class TooEarly(Refused):
    """A lesson that is to be open for longer before it may be marked as done."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        super().__init__(
            ngettext(
                "Please study this lesson for %(num)s more minute, then press the button again.",
                "Please study this lesson for %(num)s more minutes, then press the button again.",
                minutes,
            ),
            409,
        )


def mark_read(enrolment: Enrolment, lesson: LessonItem) -> None:
    """Take the learner's word that a lesson is done.

    Raises Refused for lessons that are done in another way, LessonLocked for one that is
    not open yet, and TooEarly before its minimum time has passed.
    """
    if not lesson.done_by_learner:
        raise Refused(_say_how(lesson))
    require_open(enrolment, lesson)
    left = seconds_to_go(enrolment, lesson)
    if left:
        raise TooEarly(left)
    complete_step(enrolment, lesson.id)


def open_lesson(enrolment: Enrolment, lesson: LessonItem) -> None:
    """Note that the learner begins a lesson now; beginning it again changes nothing."""
    require_open(enrolment, lesson)
    moment = now()
    values = {
        "enrolment_id": enrolment.id,
        "lesson_id": lesson.id,
        "opened_at": moment,
        "position": 0.0,
        "watched": [],
        "updated_at": moment,
    }
    db.session.execute(insert(LessonProgress.__table__).values(values).on_conflict_do_nothing())
    start(enrolment)


def seconds_to_go(enrolment: Enrolment, lesson: LessonItem) -> int:
    """Return how long the lesson has to stay open still; 0 without a minimum time."""
    rule = lesson.completion_rule
    if not rule.minutes:
        return 0
    return seconds_left(rule, find_opened_at(enrolment.id, lesson.id), now())


def start(enrolment: Enrolment) -> None:
    """Note that the learner has begun."""
    if enrolment.status == "assigned":
        _move([(enrolment, "started")])


def complete_step(
    enrolment: Enrolment, lesson_id: int, *, kind: str = "online", by_id: int | None = None
) -> None:
    """Keep the evidence for a lesson; complete the course when nothing is missing.

    ``kind`` is one of EVIDENCE_KINDS; ``by_id`` is who confirmed it, where that was not the
    learner. Saying it twice changes nothing. Whether the lesson is open is for the door to
    ask (queries.progress.require_open): what was done behind it stays done.
    """
    complete_steps([(enrolment, lesson_id)], kind=kind, by_id=by_id)


def complete_steps(
    steps: Sequence[tuple[Enrolment, int]], *, kind: str = "online", by_id: int | None = None
) -> None:
    """Keep the evidence for lessons of several enrolments, given in the order of their ids.

    All their moves are one: it takes the tallies in the order in which all writers take
    them, so that no two wait for each other on PostgreSQL.
    """
    moves = []
    for enrolment, lesson_id in steps:
        # Two tabs take turns here on PostgreSQL, and the later one sees what the earlier did.
        db.session.refresh(enrolment, with_for_update=True)
        _keep_evidence(enrolment.id, lesson_id, kind, by_id)
        if enrolment.status in ("assigned", "started") and get_standing(enrolment).is_complete:
            moves.append((enrolment, "completed"))
        elif enrolment.status == "assigned":
            moves.append((enrolment, "started"))
    _move(moves)
    for enrolment, status in moves:
        if status == "completed":
            audit.record("courses.completed", f"enrolment:{enrolment.id}", enrolment.person_id)
            publish(CourseCompleted(enrolment.id))


def _keep_evidence(enrolment_id: int, lesson_id: int, kind: str, by_id: int | None) -> None:
    values = {
        "enrolment_id": enrolment_id,
        "lesson_id": lesson_id,
        "kind": kind,
        "at": now(),
        "by_id": by_id,
    }
    db.session.execute(insert(Evidence.__table__).values(values).on_conflict_do_nothing())


def _say_how(lesson: LessonItem) -> str:
    if lesson.rule == QUIZ:
        return _("This lesson is done when its quiz is passed.")
    need = word_need(lesson.completion_rule)
    return _("This lesson is done in another way: %(need)s.", need=need)


def _move(moves: Sequence[tuple[Enrolment, str]]) -> None:
    """Change statuses, with the dates and the tallies that go with them."""
    changes: list[tuple[Cell, int]] = []
    for enrolment, status in moves:
        before = cell_of(enrolment)
        enrolment.status = status
        enrolment.started_at = enrolment.started_at or now()
        if status == "completed":
            enrolment.completed_at = now()
        changes += [(before, -1), (replace(before, status=status), 1)]
    db.session.flush()
    if changes:
        publish(EnrolmentsChanged(tuple(changes)))

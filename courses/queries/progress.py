"""How far learners are: read once for pages, doors and completion."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from courses.models import Enrolment, LessonProgress
from courses.outline import LessonItem, Outline, get_outline
from courses.queries import done_lesson_ids
from courses.rules.releasing import Lock
from courses.rules.words import word_lock
from courses.standing import Standing
from lms.core.clock import today
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import PersonAudience
from lms.people.queries import list_audience_keys_of


class LessonLocked(Refused):
    """A lesson that is not open to this learner yet."""

    def __init__(self, outline: Outline, lesson: LessonItem, lock: Lock) -> None:
        super().__init__(_("This lesson is not open yet. %(why)s.", why=word_lock(lock)), 403)
        self.outline = outline
        self.lesson = lesson
        self.lock = lock


def get_standing(enrolment: Enrolment) -> Standing:
    """Return where an enrolment stands today."""
    outline = get_outline(enrolment.revision_id)
    return Standing(
        outline,
        done_lesson_ids(enrolment.id),
        find_audiences(enrolment.person_id, enrolment.audience_key, outline),
        today(),
    )


def find_audiences(person_id: int, enrolled_as: str | None, outline: Outline) -> frozenset[str]:
    """Return the audiences that count for an enrolment: the one it was made for, and the person's.

    Most courses name none; then nobody asks.
    """
    if not outline.names_audiences:
        return frozenset()
    return frozenset(list_audience_keys_of(person_id)) | as_audiences(enrolled_as)


def audiences_by_enrolment(enrolment_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the audiences that count for each of several enrolments, in one query."""
    query = (
        select(Enrolment.id, Enrolment.audience_key, PersonAudience.audience_key)
        .outerjoin(PersonAudience, PersonAudience.person_id == Enrolment.person_id)
        .where(Enrolment.id.in_(list(enrolment_ids)))
    )
    found: dict[int, frozenset[str]] = {}
    for enrolment_id, enrolled_as, held in db.session.execute(query):
        before = found.get(enrolment_id, as_audiences(enrolled_as))
        found[enrolment_id] = before | as_audiences(held)
    return found


def as_audiences(enrolled_as: str | None) -> frozenset[str]:
    """Return the audience that an enrolment was made for, if it was made for one."""
    return frozenset([enrolled_as]) if enrolled_as else frozenset()


def require_open(enrolment: Enrolment, lesson: LessonItem) -> Standing:
    """Return where an enrolment stands; raise LessonLocked when the lesson is not open to it.

    Every door to a lesson asks this: its page, what marks it as done, its quiz, its package.
    """
    standing = get_standing(enrolment)
    lock = standing.locks.get(lesson.key)
    if lock is not None:
        raise LessonLocked(standing.outline, lesson, lock)
    return standing


def find_opened_at(enrolment_id: int, lesson_id: int) -> datetime | None:
    """Return when a learner began a lesson, where that was noted."""
    query = select(LessonProgress.opened_at).where(
        LessonProgress.enrolment_id == enrolment_id, LessonProgress.lesson_id == lesson_id
    )
    return db.session.scalar(query)

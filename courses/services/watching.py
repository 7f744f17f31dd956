"""How far a learner is inside a video or document, kept as the player tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from courses import watching
from courses.models import Enrolment, LessonProgress
from courses.outline import LessonItem
from courses.queries import done_lesson_ids
from courses.queries.playing import find_file, list_versions
from courses.rules.completing import WATCHED
from courses.services.learning import complete_step, open_lesson
from lms.core.clock import now
from lms.core.db import db


@dataclass(frozen=True)
class Told:
    """What a player tells."""

    #: Seconds of a video, page of a document.
    position: float
    #: Stretches that were played since the last message, in seconds.
    stretches: Sequence[watching.Stretch]
    #: How long the video is, as the browser says.
    seconds: float


@dataclass(frozen=True)
class Progress:
    """What is known now."""

    #: Per cent that were watched.
    share: int
    done: bool


def keep_progress(enrolment: Enrolment, lesson: LessonItem, told: Told) -> Progress:
    """Keep where the learner is; complete the lesson when enough of it was watched.

    Raises LessonLocked for a lesson that is not open to the learner.
    """
    row = _hold(enrolment, lesson)
    if row is None:
        open_lesson(enrolment, lesson)
        row, allowed = _held(enrolment, lesson), watching.GRACE
    else:
        allowed = watching.allow((now() - row.updated_at).total_seconds())
    row.watched = watching.add(row.watched, told.stretches, allowed)
    row.position, row.updated_at = told.position, now()
    db.session.flush()
    share = watching.share(row.watched, _length(enrolment, lesson, told))
    return Progress(share, _is_done(enrolment, lesson, share))


def _is_done(enrolment: Enrolment, lesson: LessonItem, share: int) -> bool:
    if lesson.id in done_lesson_ids(enrolment.id):
        return True
    if lesson.rule != WATCHED or share < lesson.completion_rule.share:
        return False
    complete_step(enrolment, lesson.id)
    return True


def _length(enrolment: Enrolment, lesson: LessonItem, told: Told) -> float:
    """Return how long the video is; 0 while nobody but the browser could know.

    A file of which nothing could be made has no other witness than the browser.
    """
    file = find_file(enrolment.revision_id, str(lesson.settings.get("file", "")))
    if file is None:
        return 0.0
    versions = list_versions(file)
    if versions.known or versions.waiting:
        return versions.seconds
    return told.seconds


def _hold(enrolment: Enrolment, lesson: LessonItem) -> LessonProgress | None:
    query = select(LessonProgress).where(
        LessonProgress.enrolment_id == enrolment.id, LessonProgress.lesson_id == lesson.id
    )
    return db.session.scalar(query.with_for_update())


def _held(enrolment: Enrolment, lesson: LessonItem) -> LessonProgress:
    row = _hold(enrolment, lesson)
    assert row is not None  # it was written in this transaction
    return row

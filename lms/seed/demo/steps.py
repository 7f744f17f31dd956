"""Turns learning into the evidence of lessons done. Pure."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from lms.seed.demo.facts import CourseFacts
from lms.seed.demo.learning import Learning
from lms.seed.demo.rows import Row


def evidence_rows(learning: Learning, course: CourseFacts, chance: Random) -> Iterator[Row]:
    """Return a row for each lesson done, in order, from the first day to the last."""
    if learning.started_at is None or learning.last_at is None:
        return
    done = course.readings if learning.completed_at else course.readings[: learning.read]
    moments = _moments(learning.started_at, learning.last_at, len(done), chance)
    for lesson_id, moment in zip(done, moments, strict=True):
        yield _row(learning, lesson_id, moment)
    if learning.completed_at and course.quiz:
        yield _row(learning, course.quiz.lesson_id, learning.completed_at)


def _moments(first: datetime, last: datetime, count: int, chance: Random) -> list[datetime]:
    """Return moments in order; the reading takes the first nine tenths of the time."""
    parts = sorted(chance.random() * 0.9 for _lesson in range(count))
    span = last - first
    return [first + span * part for part in parts]


def _row(learning: Learning, lesson_id: int, moment: datetime) -> Row:
    return {
        "enrolment_id": learning.id,
        "lesson_id": lesson_id,
        "kind": "online",
        "at": moment,
    }

"""Draws the attempts at quizzes that go with the learning. Pure.

Every attempt has its marks, but only a sample has its answers: enough for statistics
that mean something, since at full size all of them would be two million rows. Those
with answers are drawn from the bank and marked as the product draws and marks them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.seed.demo.answers import give_answer
from lms.seed.demo.facts import CourseFacts, QuizFacts
from lms.seed.demo.learning import Learning
from lms.seed.demo.rows import Row
from quizzes.drawing import draw
from quizzes.grading import grade
from quizzes.types import TYPES

#: Attempts with answers: this share of all, but at least so many of each quiz.
SAMPLE = 0.03
SAMPLED_AT_LEAST = 400

_FAILED_BEFORE = 0.13
_FAILED_AND_LEFT = 0.5
_SEED_BITS = 31
_TRIES = 60


@dataclass(frozen=True)
class Drawn:
    """An attempt as a row, with the rows of its answers if it is of the sample."""

    attempt: Row
    responses: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class _Sitting:
    """Where and when an attempt was made, and how it ended."""

    learning: Learning
    quiz: QuizFacts
    number: int
    submitted_at: datetime
    passed: bool


class AttemptDrawer:
    """Draws the attempts of one learning after the other."""

    def __init__(
        self, courses: Mapping[str, CourseFacts], learnings: Iterable[Learning], chance: Random
    ) -> None:
        self._courses = courses
        self._chance = chance
        self._number = 0
        finished = Counter(x.course for x in learnings if x.completed_at)
        self._shares = {
            slug: max(SAMPLE, min(1.0, SAMPLED_AT_LEAST / number))
            for slug, number in finished.items()
        }
        #: How hard each question is found, by its revision.
        self._hardness: dict[int, float] = {}

    def draw(self, learning: Learning) -> Iterator[Drawn]:
        """Return the attempts of a learning, the last one passed when it is completed."""
        course = self._courses[learning.course]
        for sitting in self._sittings(learning, course):
            self._number += 1
            sampled = self._chance.random() < self._shares.get(learning.course, 1.0)
            yield self._with_answers(sitting) if sampled else self._with_marks(sitting)

    def _sittings(self, learning: Learning, course: CourseFacts) -> Iterator[_Sitting]:
        quiz, chance = course.quiz, self._chance
        if quiz is None or learning.last_at is None:
            return
        fails = 0
        if learning.completed_at:
            fails = (chance.random() < _FAILED_BEFORE) + (chance.random() < _FAILED_BEFORE**2)
        elif learning.read == len(course.readings):
            fails = int(chance.random() < _FAILED_AND_LEFT)
        last = fails + bool(learning.completed_at)
        for number in range(1, last + 1):
            earlier = timedelta(hours=last - number, minutes=chance.randrange(10))
            submitted_at = learning.last_at - (earlier if number < last else timedelta())
            yield _Sitting(learning, quiz, number, submitted_at, number > fails)

    def _with_marks(self, sitting: _Sitting) -> Drawn:
        chance, most = self._chance, sitting.quiz.questions
        needed = math.ceil(sitting.quiz.pass_mark * most / 100)
        if sitting.passed:
            marks = min(most, round(chance.triangular(needed - 0.49, most + 0.49, most * 0.86)))
            marks = max(marks, needed)
        else:
            marks = min(round(chance.triangular(most * 0.2, needed, needed)), needed - 1)
        return Drawn(self._row(sitting, chance.getrandbits(_SEED_BITS), float(marks)))

    def _with_answers(self, sitting: _Sitting) -> Drawn:
        """Draw the questions, then answers, until the attempt ends as it is known to have."""
        chance, quiz = self._chance, sitting.quiz
        seed = chance.getrandbits(_SEED_BITS)
        asked = draw(quiz.sections, quiz.pool, seed)
        skill = chance.gauss(1.9 if sitting.passed else -0.2, 0.8)
        for _try in range(_TRIES):
            answers = [self._answer(quiz, revision_id, skill) for revision_id in asked]
            result = grade((mark for _answer, mark in answers), quiz.pass_mark)
            if result.passed == sitting.passed:
                break
            skill += 0.4 if sitting.passed else -0.4
        else:
            return self._with_marks(sitting)
        row = self._row(sitting, seed, result.marks)
        return Drawn(row, [*self._responses(row, asked, answers)])

    def _answer(self, quiz: QuizFacts, revision_id: int, skill: float) -> tuple[Any, float]:
        kind, data = quiz.questions_by_id[revision_id]
        hardness = self._hardness.setdefault(revision_id, self._chance.gauss(0.2, 0.9))
        right = self._chance.random() < 1 / (1 + math.exp(hardness - skill))
        answer = give_answer(kind, data, right=right, chance=self._chance)
        return answer, TYPES[kind].mark(data, answer)

    def _responses(
        self, attempt: Row, asked: list[int], answers: list[tuple[Any, float]]
    ) -> Iterator[Row]:
        span = (attempt["submitted_at"] - attempt["started_at"]) / (len(asked) + 1)
        pairs = zip(asked, answers, strict=True)
        for position, (revision_id, (answer, mark)) in enumerate(pairs, 1):
            answered = answer is not None
            yield {
                "attempt_id": attempt["id"],
                "position": position,
                "question_revision_id": revision_id,
                "answer": answer,
                "sequence": int(answered),
                "saved_at": attempt["started_at"] + span * position if answered else None,
                "flagged": False,
                "mark": mark,
            }

    def _row(self, sitting: _Sitting, seed: int, marks: float) -> Row:
        quiz = sitting.quiz
        limit = quiz.time_limit or 45
        started_at = sitting.submitted_at - timedelta(
            seconds=self._chance.randrange(limit * 15, limit * 50)
        )
        return {
            "id": self._number,
            "quiz_id": quiz.id,
            "enrolment_id": sitting.learning.id,
            "number": sitting.number,
            "seed": seed,
            "state": "submitted",
            "started_at": started_at,
            "deadline_at": started_at + timedelta(minutes=limit) if quiz.time_limit else None,
            "submitted_at": sitting.submitted_at,
            "pass_mark": quiz.pass_mark,
            "marks": marks,
            "max_marks": float(quiz.questions),
            "passed": sitting.passed,
        }

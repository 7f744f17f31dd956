"""Reads of quizzes and attempts as the person sees them who takes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Select, func, select
from werkzeug.exceptions import NotFound

from courses.models import Course, Enrolment, Lesson
from lms.core.db import db
from quizzes.grading import percent
from quizzes.models import Attempt, QuestionRevision, Quiz, QuizSection, Response
from quizzes.types import TYPES
from quizzes.types.parts import Presented


@dataclass(frozen=True)
class QuizRules:
    """What a quiz asks of those who take it."""

    id: int
    bank_id: int
    #: Per cent of the marks.
    pass_mark: int
    attempts_allowed: int
    #: Minutes; None is no limit.
    time_limit: int | None
    questions: int


@dataclass(frozen=True)
class AttemptRow:
    """An attempt in the list of one person's attempts at a quiz."""

    id: int
    number: int
    state: str
    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    marks: float | None
    max_marks: float
    passed: bool | None

    @property
    def percent(self) -> float:
        """Return the marks in per cent, as they decided."""
        return percent(self.marks or 0, self.max_marks)


@dataclass(frozen=True)
class OwnAttempt(AttemptRow):
    """An attempt with what its pages say around the questions."""

    seed: int
    pass_mark: int
    quiz_id: int
    enrolment_id: int
    slug: str
    key: str
    title: str
    sensitive: bool
    enrolment_status: str


@dataclass(frozen=True)
class Asked:
    """A question of an attempt with the answer kept so far."""

    position: int
    type: str
    stem: str
    data: dict[str, Any]
    feedback: str
    answer: Any
    sequence: int
    saved_at: datetime | None
    flagged: bool
    mark: float | None

    @property
    def answered(self) -> bool:
        """Tell whether there is an answer."""
        return self.answer is not None

    @property
    def own_answer(self) -> list[str]:
        """Return the answer in words, a line each."""
        return TYPES[self.type].describe(self.data, self.answer)

    @property
    def right_answer(self) -> list[str]:
        """Return the right answer in words. Not to be shown before submission."""
        return TYPES[self.type].describe_right(self.data)


@dataclass(frozen=True)
class Shown:
    """A question as its page shows it: what the key would tell is not in here."""

    position: int
    stem: str
    presented: Presented
    #: The form's values for the answer kept so far.
    values: list[str]
    answered: bool
    flagged: bool
    saved_at: datetime | None


def find_rules(lesson_id: int) -> QuizRules | None:
    """Return the rules of the quiz in a lesson."""
    drawn = (
        select(func.coalesce(func.sum(QuizSection.draw), 0))
        .where(QuizSection.quiz_id == Quiz.id)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Quiz.id, Quiz.bank_id, Quiz.pass_mark, Quiz.attempts_allowed, Quiz.time_limit, drawn
        ).where(Quiz.lesson_id == lesson_id)
    ).first()
    return None if row is None else QuizRules(*row)


def list_attempts(enrolment_id: int, quiz_id: int) -> list[AttemptRow]:
    """Return an enrolment's attempts at a quiz, in order."""
    query = _attempts().where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id)
    return [AttemptRow(*row) for row in db.session.execute(query.order_by(Attempt.number))]


def count_attempts_left(enrolment_id: int, quiz_id: int) -> int:
    """Return how many more attempts an enrolment may begin at a quiz."""
    used = (
        select(func.count())
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id)
        .scalar_subquery()
    )
    query = select(Quiz.attempts_allowed - used).where(Quiz.id == quiz_id)
    return max(0, db.session.scalar(query) or 0)


def get_attempt(person_id: int, attempt_id: int) -> OwnAttempt:
    """Return a person's own attempt, or answer 404."""
    query = (
        _attempts()
        .add_columns(
            Attempt.seed,
            Attempt.pass_mark,
            Attempt.quiz_id,
            Attempt.enrolment_id,
            Course.slug,
            Lesson.key,
            Lesson.title,
            Lesson.sensitive,
            Enrolment.status,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Lesson, Lesson.id == Quiz.lesson_id)
        .where(Attempt.id == attempt_id, Enrolment.person_id == person_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    return OwnAttempt(*row)


def list_asked(attempt_id: int) -> list[Asked]:
    """Return the questions of an attempt in order, with answers and key."""
    query = (
        select(
            Response.position,
            QuestionRevision.type,
            QuestionRevision.stem,
            QuestionRevision.data,
            QuestionRevision.feedback,
            Response.answer,
            Response.sequence,
            Response.saved_at,
            Response.flagged,
            Response.mark,
        )
        .join(QuestionRevision, QuestionRevision.id == Response.question_revision_id)
        .where(Response.attempt_id == attempt_id)
        .order_by(Response.position)
    )
    return [Asked(*row) for row in db.session.execute(query)]


def show_all(seed: int, questions: Iterable[Asked]) -> list[Shown]:
    """Return the questions as they may be shown, shuffled by the attempt's seed."""
    return [_show(seed, question) for question in questions]


def present(seed: int, position: int, kind: str, data: dict[str, Any]) -> Presented:
    """Return one question of an attempt as it is shown, the same way each time."""
    rng = Random(f"{seed}/{position}")  # noqa: S311 - an order, not a secret
    return TYPES[kind].present(data, rng)


def list_overdue_ids(latest: datetime) -> list[int]:
    """Return the open attempts whose deadline was before a moment, oldest first."""
    query = select(Attempt.id).where(Attempt.state == "open", Attempt.deadline_at < latest)
    return list(db.session.scalars(query.order_by(Attempt.deadline_at)))


def _attempts() -> Select[*tuple[Any, ...]]:
    return select(
        Attempt.id,
        Attempt.number,
        Attempt.state,
        Attempt.started_at,
        Attempt.deadline_at,
        Attempt.submitted_at,
        Attempt.marks,
        Attempt.max_marks,
        Attempt.passed,
    )


def _show(seed: int, question: Asked) -> Shown:
    presented = present(seed, question.position, question.type, question.data)
    return Shown(
        position=question.position,
        stem=question.stem,
        presented=presented,
        values=TYPES[question.type].fill(question.answer, presented),
        answered=question.answered,
        flagged=question.flagged,
        saved_at=question.saved_at,
    )

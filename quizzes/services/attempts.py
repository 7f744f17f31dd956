"""Attempts: begun under the rules, submitted once, closed when their time is over."""

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from courses.models import Enrolment
from courses.services import learning
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from quizzes import drawing, grading
from quizzes.models import Attempt, Question, QuestionRevision, Quiz, QuizSection, Response
from quizzes.queries.attempts import QuizRules, find_rules, list_asked
from quizzes.types import TYPES

#: Answers on their way when the time ends may still arrive.
GRACE = timedelta(seconds=60)
#: Bits of an attempt's seed: what an INTEGER column of PostgreSQL holds.
SEED_BITS = 31


def start_attempt(enrolment: Enrolment, lesson_id: int) -> Attempt:
    """Return the open attempt of an enrolment at a quiz, beginning one when there is none.

    Raises Refused when the quiz is not ready or no attempt is left.
    """
    rules = find_rules(lesson_id)
    if rules is None:
        raise Refused(_("This quiz is not ready yet. Please come back later."))
    db.session.refresh(enrolment, with_for_update=True)
    attempts = _list_attempts(enrolment.id, rules.id)
    for attempt in attempts:
        if attempt.state == "open" and not close_if_over(attempt):
            return attempt
    if len(attempts) >= rules.attempts_allowed:
        raise Refused(_("You have used every attempt at this quiz."))
    attempt = _begin(enrolment, rules, len(attempts) + 1)
    learning.start(enrolment)
    return attempt


def submit_attempt(attempt_id: int) -> Attempt:
    """Mark an attempt and keep its result; sent again, it changes nothing.

    Sent after the time is over, it closes the attempt as the job would have. When the
    attempt passes, the lesson is done, and perhaps the course.
    """
    attempt = _hold_attempt(attempt_id)
    if attempt.state == "open" and not close_if_over(attempt):
        _submit(attempt, now(), "learner")
    return attempt


def close_overdue(attempt_id: int) -> bool:
    """Submit an open attempt whose time is over; tell whether it was."""
    attempt = _hold_attempt(attempt_id)
    return attempt.state == "open" and close_if_over(attempt)


def close_if_over(attempt: Attempt) -> bool:
    """Submit an open attempt, held by this transaction, if its time is over; tell so."""
    if attempt.deadline_at is None or not is_over(attempt.deadline_at):
        return False
    # What counts was there when the time ended, whenever somebody looks.
    _submit(attempt, attempt.deadline_at, "deadline")
    return True


def is_over(deadline_at: datetime | None) -> bool:
    """Tell whether no answer is taken any more, by the server's clock."""
    return deadline_at is not None and now() > deadline_at + GRACE


def _begin(enrolment: Enrolment, rules: QuizRules, number: int) -> Attempt:
    seed, moment = secrets.randbits(SEED_BITS), now()
    drawn = _draw(rules, seed)
    attempt = Attempt(
        quiz_id=rules.id,
        enrolment_id=enrolment.id,
        number=number,
        seed=seed,
        started_at=moment,
        deadline_at=moment + timedelta(minutes=rules.time_limit) if rules.time_limit else None,
        pass_mark=rules.pass_mark,
        max_marks=len(drawn),
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.execute(
        Response.__table__.insert(),
        [
            {"attempt_id": attempt.id, "position": position, "question_revision_id": revision_id}
            for position, revision_id in enumerate(drawn, 1)
        ],
    )
    audit.record(
        "quizzes.attempt.started", f"attempt:{attempt.id}", enrolment.person_id, number=number
    )
    return attempt


def _draw(rules: QuizRules, seed: int) -> list[int]:
    """Return the current revisions of the questions drawn. Raises Refused when too few.

    Retired questions help out where a category is short: a learner on an older revision
    of the course must be able to finish it after the bank has moved on.
    """
    sections = _list_sections(rules.id)
    try:
        try:
            drawn = drawing.draw(sections, _pool(rules.bank_id, with_retired=False), seed)
        except drawing.TooFewQuestions:
            drawn = drawing.draw(sections, _pool(rules.bank_id, with_retired=True), seed)
    except drawing.TooFewQuestions as few:
        raise Refused(_too_few(few)) from None
    if not drawn:
        raise Refused(_("This quiz is not ready yet. Please come back later."))
    return drawn


def _list_sections(quiz_id: int) -> list[drawing.Section]:
    query = (
        select(QuizSection.category, QuizSection.draw)
        .where(QuizSection.quiz_id == quiz_id)
        .order_by(QuizSection.position)
    )
    return [drawing.Section(*row) for row in db.session.execute(query)]


def _pool(bank_id: int, *, with_retired: bool) -> dict[str, list[int]]:
    """Return the current question revisions of a bank by category."""
    query = (
        select(Question.category, QuestionRevision.id)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(Question.bank_id == bank_id, QuestionRevision.is_current)
    )
    if not with_retired:
        query = query.where(Question.retired_at.is_(None))
    pool: dict[str, list[int]] = {}
    for category, revision_id in db.session.execute(query):
        pool.setdefault(category, []).append(revision_id)
    return pool


def _too_few(few: drawing.TooFewQuestions) -> str:
    return _(
        "The quiz cannot be taken yet: it draws %(wanted)s questions from “%(category)s”, "
        "which holds %(available)s. Please tell the trainer.",
        wanted=few.wanted,
        category=few.category,
        available=few.available,
    )


def _submit(attempt: Attempt, moment: datetime, closed_by: str) -> None:
    marks = _mark_responses(attempt.id)
    grade = grading.grade(marks, attempt.pass_mark)
    attempt.state = "submitted"
    attempt.submitted_at = moment
    attempt.marks, attempt.passed = grade.marks, grade.passed
    db.session.flush()
    enrolment = attempt.enrolment
    audit.record(
        "quizzes.attempt.submitted",
        f"attempt:{attempt.id}",
        enrolment.person_id,
        closed_by=closed_by,
        marks=grade.marks,
        max_marks=grade.max_marks,
        pass_mark=attempt.pass_mark,
        passed=grade.passed,
    )
    if grade.passed:
        learning.complete_step(enrolment, db.session.get_one(Quiz, attempt.quiz_id).lesson_id)


def _mark_responses(attempt_id: int) -> list[float]:
    """Mark every answer, keep the marks and return them."""
    marked = [
        {"_position": asked.position, "mark": TYPES[asked.type].mark(asked.data, asked.answer)}
        for asked in list_asked(attempt_id)
    ]
    table = Response.__table__
    place = (table.c.attempt_id == attempt_id) & (table.c.position == db.bindparam("_position"))
    db.session.execute(update(table).where(place), marked)
    return [row["mark"] for row in marked]


def _hold_attempt(attempt_id: int) -> Attempt:
    """Return an attempt as it is now, held until the end of this transaction.

    The enrolment is held first, as everywhere, so that two can never wait for each other.
    On SQLite the writer is alone anyway.
    """
    attempt = db.session.get_one(Attempt, attempt_id)
    db.session.refresh(attempt.enrolment, with_for_update=True)
    db.session.refresh(attempt, with_for_update=True)
    return attempt


def _list_attempts(enrolment_id: int, quiz_id: int) -> list[Attempt]:
    query = (
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id)
        .order_by(Attempt.number)
        .with_for_update()
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))

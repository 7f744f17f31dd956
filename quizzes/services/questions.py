"""Questions of a bank: written, revised, retired. Content never changes; it is revised."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from courses.models import Course
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from quizzes import drawing
from quizzes.content import Content
from quizzes.models import Question, QuestionBank, QuestionRevision
from quizzes.queries.banks import count_by_category, find_bank, list_live_sections


class StaleEdit(Exception):
    """An edit of a question that was revised by another tab or person meanwhile."""


@dataclass(frozen=True)
class Kept:
    """A question with its current revision."""

    question: Question
    revision: QuestionRevision

    @property
    def content(self) -> Content:
        """Return what it says now."""
        now_ = self.revision
        return Content(now_.type, now_.stem, now_.data, now_.feedback)


def open_bank(course_id: int) -> QuestionBank:
    """Return the bank of a course, making it when there is none."""
    bank = find_bank(course_id)
    if bank is None:
        bank = QuestionBank(name=db.session.get_one(Course, course_id).slug, course_id=course_id)
        db.session.add(bank)
        db.session.flush()
    return bank


def list_kept(bank: QuestionBank) -> dict[str, Kept]:
    """Return every question of a bank by key, retired ones too, in the order written."""
    query = (
        select(Question, QuestionRevision)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(Question.bank_id == bank.id, QuestionRevision.is_current)
        .order_by(Question.id)
    )
    return {question.key: Kept(question, row) for question, row in db.session.execute(query)}


def add_question(bank: QuestionBank, key: str, category: str, content: Content) -> Question:
    """Add a question to a bank."""
    question = Question(bank_id=bank.id, key=key, category=category)
    db.session.add(question)
    db.session.flush()
    _add_revision(question, 1, content)
    return question


def write_question(bank: QuestionBank, category: str, content: Content) -> Question:
    """Add a question that a trainer wrote, under the next free key."""
    db.session.refresh(bank, with_for_update=True)
    taken = set(db.session.scalars(select(Question.key).where(Question.bank_id == bank.id)))
    number = len(taken) + 1
    while f"q{number:02}" in taken:
        number += 1
    question = add_question(bank, f"q{number:02}", category, content)
    audit.record("quizzes.question.written", f"question:{question.id}", revision=1)
    return question


def revise_question(
    question: Question, category: str, content: Content, read_number: int
) -> QuestionRevision:
    """Keep what a trainer changed: a new revision when the content is new.

    Attempts under way keep the revision they drew. Raises StaleEdit when the current
    revision is not the one that was read, unless it already says the same.
    """
    db.session.refresh(question, with_for_update=True)
    current = _get_current(question)
    if Kept(question, current).content != content:
        if current.number != read_number:
            raise StaleEdit
        current = add_revision(Kept(question, current), content)
        audit.record("quizzes.question.revised", f"question:{question.id}", revision=current.number)
    if question.category != category:
        left, question.category = question.category, category
        _refuse_short(question.bank_id, left)
        audit.record("quizzes.question.moved", f"question:{question.id}", category=category)
    return current


def add_revision(kept: Kept, content: Content) -> QuestionRevision:
    """Make new content the current revision of a question."""
    kept.revision.is_current = False
    db.session.flush()
    return _add_revision(kept.question, kept.revision.number + 1, content)


def retire_question(question: Question) -> None:
    """Draw a question no more; attempts that have it keep it.

    Raises Refused when a quiz could then no longer draw as many as it asks.
    """
    if question.retired_at is None:
        question.retired_at = now()
        _refuse_short(question.bank_id, question.category)
        audit.record("quizzes.question.retired", f"question:{question.id}")


def restore_question(question: Question) -> None:
    """Draw a retired question again."""
    if question.retired_at is not None:
        question.retired_at = None
        audit.record("quizzes.question.restored", f"question:{question.id}")


def _refuse_short(bank_id: int, category: str) -> None:
    """Raise Refused when a quiz draws more from a category than it now holds."""
    db.session.flush()
    available = count_by_category(bank_id)
    for sections in list_live_sections(bank_id):
        try:
            drawing.refuse_too_few((s for s in sections if s.category == category), available)
        except drawing.TooFewQuestions as few:
            raise Refused(
                _(
                    "A quiz draws %(wanted)s questions from “%(category)s”; only %(available)s "
                    "would be left. Change the quiz or write another question first.",
                    wanted=few.wanted,
                    category=few.category,
                    available=few.available,
                )
            ) from None


def _get_current(question: Question) -> QuestionRevision:
    query = select(QuestionRevision).where(
        QuestionRevision.question_id == question.id, QuestionRevision.is_current
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _add_revision(question: Question, number: int, content: Content) -> QuestionRevision:
    revision = QuestionRevision(
        question_id=question.id,
        number=number,
        is_current=True,
        type=content.type,
        stem=content.stem,
        data=dict(content.data),
        feedback=content.feedback,
        created_at=now(),
    )
    db.session.add(revision)
    db.session.flush()
    return revision

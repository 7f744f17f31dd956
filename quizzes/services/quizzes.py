"""The rules of quizzes, written by trainers and by course packs.

New rules hold for new attempts; each attempt keeps those it was begun under.
"""

from flask_babel import gettext as _
from sqlalchemy import delete, select

from lms.core import audit
from lms.core.db import db
from lms.core.errors import Refused
from quizzes import drawing
from quizzes.models import QuestionBank, Quiz, QuizSection
from quizzes.queries.banks import count_by_category
from quizzes.rules import Rules, SectionRules


def write_rules(lesson_id: int, bank: QuestionBank, rules: Rules) -> Quiz:
    """Set the rules of the quiz in a lesson. Raises Refused when the bank holds too few."""
    _refuse_short(bank, rules)
    query = select(Quiz).where(Quiz.lesson_id == lesson_id).with_for_update()
    quiz: Quiz | None = db.session.scalar(query)
    if quiz is not None and rules_of(quiz) == rules and quiz.bank_id == bank.id:
        return quiz
    quiz = quiz or Quiz(lesson_id=lesson_id)
    quiz.bank_id = bank.id
    quiz.pass_mark = rules.pass_mark
    quiz.attempts_allowed = rules.attempts
    quiz.time_limit = rules.time_limit
    db.session.add(quiz)
    db.session.flush()
    _write_sections(quiz, rules)
    audit.record(
        "quizzes.rules.written",
        f"quiz:{quiz.id}",
        pass_mark=rules.pass_mark,
        attempts=rules.attempts,
        time_limit=rules.time_limit,
        sections=[[s.category, s.draw] for s in rules.sections],
    )
    return quiz


def rules_of(quiz: Quiz) -> Rules:
    """Return the rules that a quiz has now."""
    return Rules(
        pass_mark=quiz.pass_mark,
        attempts=quiz.attempts_allowed,
        time_limit=quiz.time_limit,
        sections=tuple(SectionRules(s.title, s.category, s.draw) for s in quiz.sections),
    )


def _write_sections(quiz: Quiz, rules: Rules) -> None:
    db.session.execute(delete(QuizSection).where(QuizSection.quiz_id == quiz.id))
    db.session.add_all(
        QuizSection(
            quiz_id=quiz.id, position=position, title=s.title, category=s.category, draw=s.draw
        )
        for position, s in enumerate(rules.sections, 1)
    )
    db.session.flush()
    db.session.expire(quiz, ["sections"])


def _refuse_short(bank: QuestionBank, rules: Rules) -> None:
    sections = [drawing.Section(s.category, s.draw) for s in rules.sections]
    try:
        drawing.refuse_too_few(sections, count_by_category(bank.id))
    except drawing.TooFewQuestions as few:
        raise Refused(
            _(
                "The category “%(category)s” holds %(available)s questions; "
                "%(wanted)s are to be drawn from it.",
                category=few.category,
                available=few.available,
                wanted=few.wanted,
            )
        ) from None

"""Reads of question banks and quiz rules as those who write them see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from courses.models import Course, Lesson, Module, Revision
from lms.core.db import db
from lms.core.text import fold
from quizzes.drawing import Section
from quizzes.models import Question, QuestionBank, QuestionRevision, Quiz, QuizSection

#: Revisions that people may still take or that are being written.
LIVE_STATES = ("draft", "published")


@dataclass(frozen=True)
class BankQuestion:
    """A question in its bank's list."""

    key: str
    category: str
    type: str
    stem: str
    number: int
    written_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class QuestionFilter:
    """What a bank's list is narrowed to."""

    text: str = ""
    category: str = ""
    type: str = ""
    retired: bool = False


@dataclass(frozen=True)
class QuizLesson:
    """A quiz lesson with its rules, None before they are written."""

    #: Number of the course's revision, and its state.
    revision: int
    state: str
    lesson_id: int
    key: str
    title: str
    quiz: Quiz | None


def find_bank(course_id: int) -> QuestionBank | None:
    """Return the question bank of a course."""
    return db.session.scalar(select(QuestionBank).where(QuestionBank.course_id == course_id))


def get_title(course: Course) -> str:
    """Return the title that a course's newest revision has."""
    query = select(Revision.title).where(Revision.course_id == course.id)
    return db.session.scalar(query.order_by(Revision.number.desc()).limit(1)) or course.slug


def list_questions(course_id: int) -> list[BankQuestion]:
    """Return every question of a course's bank, in the order written."""
    query = (
        select(
            Question.key,
            Question.category,
            QuestionRevision.type,
            QuestionRevision.stem,
            QuestionRevision.number,
            QuestionRevision.created_at,
            Question.retired_at,
        )
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .where(QuestionBank.course_id == course_id, QuestionRevision.is_current)
        .order_by(Question.id)
    )
    return [BankQuestion(*row) for row in db.session.execute(query)]


def narrow(questions: Iterable[BankQuestion], to: QuestionFilter) -> list[BankQuestion]:
    """Return the questions that fit a filter; words are found without diacritics."""
    words = fold(to.text).split()
    return [
        question
        for question in questions
        if (question.retired_at is not None) == to.retired
        and to.category in ("", question.category)
        and to.type in ("", question.type)
        and all(word in fold(f"{question.key} {question.stem}") for word in words)
    ]


def get_question(course_id: int, key: str) -> tuple[Question, QuestionRevision]:
    """Return a question of a course's bank with its current revision, or answer 404."""
    query = (
        select(Question, QuestionRevision)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .where(
            QuestionBank.course_id == course_id, Question.key == key, QuestionRevision.is_current
        )
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def list_quiz_lessons(course: Course) -> list[QuizLesson]:
    """Return the quiz lessons of a course's draft, then of what is published."""
    query = (
        select(Revision.number, Revision.state, Lesson.id, Lesson.key, Lesson.title, Quiz)
        .join(Revision, Revision.id == Lesson.revision_id)
        .join(Module, Module.id == Lesson.module_id)
        .outerjoin(Quiz, Quiz.lesson_id == Lesson.id)
        .where(
            Revision.course_id == course.id,
            Revision.state.in_(LIVE_STATES),
            Lesson.kind == "quiz",
        )
        .order_by(Revision.number.desc(), Module.position, Lesson.position)
        .options(selectinload(Quiz.sections))
    )
    return [QuizLesson(*row) for row in db.session.execute(query)]


def get_quiz_lesson(course: Course, revision: int, key: str) -> QuizLesson:
    """Return a quiz lesson of a course's draft or published revision, or answer 404."""
    for lesson in list_quiz_lessons(course):
        if (lesson.revision, lesson.key) == (revision, key):
            return lesson
    raise NotFound


def count_by_category(bank_id: int) -> dict[str, int]:
    """Return how many questions of each category may be drawn."""
    query = (
        select(Question.category, func.count())
        .where(Question.bank_id == bank_id, Question.retired_at.is_(None))
        .group_by(Question.category)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_live_sections(bank_id: int) -> list[list[Section]]:
    """Return the sections of each quiz that draws from a bank and is not retired."""
    query = (
        select(QuizSection.quiz_id, QuizSection.category, QuizSection.draw)
        .join(Quiz, Quiz.id == QuizSection.quiz_id)
        .join(Lesson, Lesson.id == Quiz.lesson_id)
        .join(Revision, Revision.id == Lesson.revision_id)
        .where(Quiz.bank_id == bank_id, Revision.state.in_(LIVE_STATES))
        .order_by(QuizSection.quiz_id, QuizSection.position)
    )
    sections: dict[int, list[Section]] = {}
    for quiz_id, category, draw in db.session.execute(query):
        sections.setdefault(quiz_id, []).append(Section(category, draw))
    return list(sections.values())

"""What the demo must know of the published courses and their quizzes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from courses.models import Course, Lesson, Module, Revision
from lms.core.db import db
from quizzes.drawing import Section
from quizzes.models import Question, QuestionRevision, Quiz, QuizSection


@dataclass(frozen=True)
class QuizFacts:
    """The quiz at the end of a course, with the questions it draws from."""

    id: int
    lesson_id: int
    pass_mark: int
    #: Minutes.
    time_limit: int | None
    sections: tuple[Section, ...]
    #: Ids of question revisions by category.
    pool: Mapping[str, list[int]]
    #: Type and data of each question revision.
    questions_by_id: Mapping[int, tuple[str, Mapping[str, Any]]]

    @property
    def questions(self) -> int:
        """Return how many questions an attempt has."""
        return sum(section.draw for section in self.sections)


@dataclass(frozen=True)
class CourseFacts:
    """A published course: its lessons to read, and its quiz if it has one."""

    id: int
    slug: str
    revision_id: int
    audiences: tuple[str, ...]
    #: Ids of the required lessons that are no quiz, in order.
    readings: tuple[int, ...]
    quiz: QuizFacts | None


def published_courses() -> dict[str, CourseFacts]:
    """Return the published courses by slug."""
    query = (
        select(Revision, Course.slug)
        .join(Course, Course.id == Revision.course_id)
        .where(Revision.state == "published")
        .order_by(Course.id)
    )
    return {slug: _facts(revision, slug) for revision, slug in db.session.execute(query)}


def _facts(revision: Revision, slug: str) -> CourseFacts:
    query = (
        select(Lesson.id, Lesson.kind)
        .join(Module, Module.id == Lesson.module_id)
        .where(Lesson.revision_id == revision.id, Lesson.required)
        .order_by(Module.position, Lesson.position)
    )
    lessons = db.session.execute(query).all()
    return CourseFacts(
        id=revision.course_id,
        slug=slug,
        revision_id=revision.id,
        audiences=tuple(revision.audiences),
        readings=tuple(lesson_id for lesson_id, kind in lessons if kind != "quiz"),
        quiz=_quiz([lesson_id for lesson_id, kind in lessons if kind == "quiz"]),
    )


def _quiz(lesson_ids: list[int]) -> QuizFacts | None:
    quiz = db.session.scalar(select(Quiz).where(Quiz.lesson_id.in_(lesson_ids)))
    if quiz is None:
        return None
    sections = db.session.execute(
        select(QuizSection.category, QuizSection.draw)
        .where(QuizSection.quiz_id == quiz.id)
        .order_by(QuizSection.position)
    )
    pool: dict[str, list[int]] = {}
    questions: dict[int, tuple[str, Mapping[str, Any]]] = {}
    for revision_id, category, kind, data in db.session.execute(_current_questions(quiz)):
        pool.setdefault(category, []).append(revision_id)
        questions[revision_id] = (kind, data)
    return QuizFacts(
        id=quiz.id,
        lesson_id=quiz.lesson_id,
        pass_mark=quiz.pass_mark,
        time_limit=quiz.time_limit,
        sections=tuple(Section(*row) for row in sections),
        pool=pool,
        questions_by_id=questions,
    )


def _current_questions(quiz: Quiz) -> Any:
    return (
        select(QuestionRevision.id, Question.category, QuestionRevision.type, QuestionRevision.data)
        .join(Question, Question.id == QuestionRevision.question_id)
        .where(
            Question.bank_id == quiz.bank_id,
            Question.retired_at.is_(None),
            QuestionRevision.is_current,
        )
        .order_by(QuestionRevision.id)
    )

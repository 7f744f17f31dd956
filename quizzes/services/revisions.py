"""Quizzes follow the revisions of their course."""

from sqlalchemy import delete, select

from courses.events import LessonsRemoved, RevisionCopied
from lms.core.db import db
from quizzes.models import Quiz, QuizSection


def copy_quizzes(event: RevisionCopied) -> None:
    """Give the copied lessons the quiz rules of the lessons they were made from."""
    copies = dict(event.lessons)
    for quiz in db.session.scalars(select(Quiz).where(Quiz.lesson_id.in_(copies))).all():
        twin = Quiz(
            lesson_id=copies[quiz.lesson_id],
            bank_id=quiz.bank_id,
            pass_mark=quiz.pass_mark,
            attempts_allowed=quiz.attempts_allowed,
            time_limit=quiz.time_limit,
        )
        twin.sections = [
            QuizSection(position=s.position, title=s.title, category=s.category, draw=s.draw)
            for s in quiz.sections
        ]
        db.session.add(twin)
    db.session.flush()


def remove_quizzes(event: LessonsRemoved) -> None:
    """Take away the rules of quizzes whose lessons go. A draft's quiz has no attempts."""
    quiz_ids = select(Quiz.id).where(Quiz.lesson_id.in_(event.lesson_ids))
    db.session.execute(delete(QuizSection).where(QuizSection.quiz_id.in_(quiz_ids)))
    db.session.execute(delete(Quiz).where(Quiz.lesson_id.in_(event.lesson_ids)))
    db.session.expire_all()

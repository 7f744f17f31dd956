"""Attempts of the demo: all marked, a sample of them with answers, as the product would."""

from collections import defaultdict

from sqlalchemy import select

from courses.models import Enrolment
from lms.core.db import db
from lms.seed.demo.facts import published_courses
from quizzes.drawing import draw
from quizzes.grading import grade
from quizzes.models import Attempt, QuestionRevision, Response
from quizzes.types import TYPES
from tests.seed.demo_database import count, rows_of


def answered():
    """Return the responses of each attempt of the sample, in the order shown."""
    found = defaultdict(list)
    query = select(Response).order_by(Response.attempt_id, Response.position)
    for response in db.session.scalars(query):
        found[response.attempt_id].append(response)
    return found


def test_a_course_is_completed_by_the_last_of_its_attempts(demo):
    attempts = defaultdict(list)
    for attempt in rows_of(Attempt):
        attempts[attempt.enrolment_id].append(attempt)
    for enrolment in rows_of(Enrolment):
        own = attempts[enrolment.id]
        assert [attempt.number for attempt in own] == list(range(1, len(own) + 1))
        assert sum(attempt.passed for attempt in own) == (enrolment.status == "completed")
        if enrolment.completed_at:
            assert own[-1].submitted_at == enrolment.completed_at


def test_attempts_are_marked_by_their_rules_and_made_in_time(demo):
    for attempt in rows_of(Attempt):
        assert attempt.state == "submitted"
        assert attempt.started_at < attempt.submitted_at <= attempt.deadline_at
        assert 0 <= attempt.marks <= attempt.max_marks
        assert attempt.passed == (100 * attempt.marks >= attempt.pass_mark * attempt.max_marks)


def test_answers_are_those_of_the_questions_that_the_seed_draws(demo):
    quizzes = {course.quiz.id: course.quiz for course in published_courses().values()}
    sample = answered()
    assert len(sample) > 100
    for attempt in rows_of(Attempt):
        if attempt.id in sample:
            quiz = quizzes[attempt.quiz_id]
            asked = [response.question_revision_id for response in sample[attempt.id]]
            assert asked == draw(quiz.sections, quiz.pool, attempt.seed)


def test_answers_are_marked_as_the_product_marks_them(demo):
    questions = {question.id: question for question in rows_of(QuestionRevision)}
    for attempt_id, responses in answered().items():
        for response in responses:
            question = questions[response.question_revision_id]
            right = TYPES[question.type].mark(question.data, response.answer)
            assert response.mark == right
            assert (response.answer is None) == (response.saved_at is None)
        attempt = db.session.get_one(Attempt, attempt_id)
        marks = (response.mark for response in responses)
        assert attempt.marks == grade(marks, attempt.pass_mark).marks


def test_a_small_demo_has_the_answers_of_every_attempt(demo):
    assert len(answered()) >= 0.97 * count(Attempt)

"""The trainer's question bank: written, revised, retired; attempts keep what they saw."""

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Course
from lms.core.db import db
from lms.people.models import Person
from quizzes.models import Question, QuestionRevision, Response
from tests.factories import Factory
from tests.services.page_client import PageClient

NEW = {
    "stem": "Ai nuôi con?",
    "category": "chung",
    "feedback": "Cha và mẹ cùng nuôi con.",
    "rows-0-text": "Cha và mẹ",
    "rows-0-correct": "y",
    "rows-1-text": "Chỉ mẹ",
    "rows-2-text": "Chỉ cha",
}


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    """Give a signed-in trainer."""
    person = make.person("Lê Văn Giảng", agency=make.agency(), sex="M")
    make.grant(person, "trainer")
    client.sign_in(person)
    return person


@pytest.fixture
def course(make: Factory, trainer: Person) -> Course:
    """Give a course of the trainer's with a quiz."""
    return make.course(lessons=0, quiz=True, owner=trainer)


def test_a_trainer_writes_a_question_and_finds_it(
    app: Flask, client: PageClient, course: Course
) -> None:
    written = client.post(
        f"/quizzes/banks/{course.slug}/questions/new?type=single_choice", data=NEW
    )

    assert written.status_code == 303, written.text
    assert "Ai nuôi con?" in client.get(f"/quizzes/banks/{course.slug}?q=nuoi+con").text
    with app.app_context():
        data = db.session.scalar(
            select(QuestionRevision.data).where(QuestionRevision.stem == "Ai nuôi con?")
        )
    assert [option["text"] for option in data["options"] if option.get("correct")] == ["Cha và mẹ"]


def test_a_question_without_a_right_answer_is_refused_in_words(
    client: PageClient, course: Course
) -> None:
    data = {name: value for name, value in NEW.items() if name != "rows-0-correct"}
    answer = client.post(
        f"/quizzes/banks/{course.slug}/questions/new?type=single_choice", data=data
    )
    assert answer.status_code == 422
    assert "đúng một phương án đúng" in answer.text


def test_changed_words_make_a_revision_and_an_attempt_keeps_the_old_one(
    app: Flask, make: Factory, client: PageClient, course: Course, trainer: Person
) -> None:
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    client.sign_in(trainer)
    page = client.get(f"/quizzes/banks/{course.slug}/questions/q1").text
    revision = page.partition('name="revision"')[2].partition('value="')[2].partition('"')[0]

    answer = client.post(
        f"/quizzes/banks/{course.slug}/questions/q1",
        data={
            "stem": "Câu 1 viết lại",
            "category": "chung",
            "feedback": "Vì thế.",
            "rows-0-answer": "true",
            "revision": revision,
        },
    )

    assert answer.status_code == 303, answer.text
    with app.app_context():
        revisions = db.session.scalars(
            select(QuestionRevision).join(Question).where(Question.key == "q1")
        ).all()
        assert [(r.number, r.is_current) for r in revisions] == [(1, False), (2, True)]
        seen = db.session.scalars(select(Response.question_revision_id)).all()
        assert revisions[0].id in seen
        assert revisions[1].id not in seen


def test_a_question_that_a_quiz_still_needs_cannot_be_retired(
    client: PageClient, course: Course
) -> None:
    answer = client.post(f"/quizzes/banks/{course.slug}/questions/q1/retire")
    assert answer.status_code in (409, 422)
    assert "chung" in answer.text


def test_a_spare_question_is_retired_and_brought_back(client: PageClient, course: Course) -> None:
    client.post(f"/quizzes/banks/{course.slug}/questions/new?type=single_choice", data=NEW)
    assert client.post(f"/quizzes/banks/{course.slug}/questions/q1/retire").status_code == 303
    assert client.post(f"/quizzes/banks/{course.slug}/questions/q1/restore").status_code == 303


def test_a_foreign_trainer_sees_no_bank(make: Factory, client: PageClient, course: Course) -> None:
    other = make.person("Trần Thị Lạ", agency=make.agency())
    make.grant(other, "trainer")
    client.sign_in(other)
    assert client.get(f"/quizzes/banks/{course.slug}").status_code == 404

"""Marking: the queue, the rubric, accepting and handing back, and those who are second."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Course, Enrolment, Evidence, HandIn, Lesson
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.mail import OutboxMessage
from tests.courses.ruled import EXERCISE, hand_in, make_ruled_course
from tests.factories import Factory
from tests.services.page_client import PageClient

GOOD = {"level_0": "0", "level_1": "0", "comment_0": "Số liệu rõ.", "decision": "accept"}
POOR = {"level_0": "2", "level_1": "1", "decision": "accept"}


@pytest.fixture
def trainer(make: Factory) -> Any:
    agency = make.agency()
    person = make.person("Lê Văn Dạy", agency=agency, sex="M")
    make.grant(person, "trainer", agency)
    return person


@pytest.fixture
def learner(make: Factory) -> Any:
    return make.person("Nguyễn Thị Soạn", agency=make.agency(), email="soan@bacninh.example")


@pytest.fixture
def course(make: Factory, client: PageClient, trainer: Any, learner: Any) -> Course:
    """Give a course with an exercise for which somebody handed in; its trainer is signed in."""
    course = make_ruled_course(make, [{"kind": "assignment", "settings": EXERCISE}], owner=trainer)
    client.sign_in(learner)
    client.post(f"/courses/{course.slug}/enrol")
    hand_in(client, course)
    client.sign_in(trainer)
    return course


def _work(app: Flask, number: int = 1) -> HandIn:
    with app.app_context():
        work = db.session.scalars(select(HandIn).where(HandIn.number == number)).one()
        db.session.expunge(work)
    return work


def test_the_queue_shows_the_oldest_first_to_the_trainer_of_the_course(
    app: Flask, make: Factory, client: PageClient, course: Course, trainer: Any
) -> None:
    client.sign_in(make.person("Phạm Văn Sau", agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    hand_in(client, course)
    client.sign_in(trainer)

    queue = client.get("/courses/marking").text

    assert queue.index("Nguyễn Thị Soạn") < queue.index("Phạm Văn Sau")
    assert 'data-test="to-mark"' in client.get("/courses/write").text


def test_accepted_work_completes_the_lesson_and_its_learner_is_told(
    app: Flask, client: PageClient, course: Course, learner: Any, trainer: Any
) -> None:
    work = _work(app)
    assert client.post(f"/courses/marking/{work.id}", data=GOOD).status_code == 303

    marked = _work(app)
    assert (marked.state, marked.points, marked.marked_by_id) == ("accepted", 10, trainer.id)
    with app.app_context():
        assert db.session.scalar(select(Enrolment.status)) == "completed"
        evidence = db.session.scalars(select(Evidence)).one()
        assert evidence.by_id == trainer.id
        mails = db.session.scalars(select(OutboxMessage.recipient)).all()
        assert "soan@bacninh.example" in mails
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert {"courses.handed_in", "courses.hand_in_marked"} <= set(actions)
    client.sign_in(learner)
    page = client.get(f"/courses/{course.slug}/lessons/bai-1").text
    assert "Số liệu rõ." in page
    assert "10/10" in page
    assert hand_in(client, course).status_code == 409


def test_handed_back_work_is_done_again_and_the_first_try_stays(
    app: Flask, client: PageClient, course: Course, learner: Any, trainer: Any
) -> None:
    first = _work(app)
    back = {**POOR, "decision": "return", "comment": "Bổ sung số liệu\ntách biệt theo giới tính."}
    assert client.post(f"/courses/marking/{first.id}", data=back).status_code == 303

    client.sign_in(learner)
    page = client.get(f"/courses/{course.slug}/lessons/bai-1").text
    assert "tách biệt theo giới tính." in page
    assert "1,5/10" in page
    assert hand_in(client, course).status_code == 303

    client.sign_in(trainer)
    again = _work(app, 2)
    assert 'data-test="earlier"' in client.get(f"/courses/marking/{again.id}").text
    assert client.post(f"/courses/marking/{again.id}", data=GOOD).status_code == 303
    assert _work(app).state == "returned"


def test_work_below_the_points_that_are_asked_for_is_not_accepted(
    app: Flask, client: PageClient, course: Course
) -> None:
    work = _work(app)
    answer = client.post(f"/courses/marking/{work.id}", data={**POOR, "comment": "Còn thiếu."})
    assert answer.status_code == 422
    assert "Còn thiếu." in answer.text
    assert _work(app).state == "handed_in"
    with app.app_context():
        assert not db.session.scalars(select(Evidence)).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "return", "comment": " "},
        {"decision": "both"},
        {"decision": ""},
        {"level_0": "3"},
        {"level_0": "-1"},
        {"level_0": "x"},
        {"level_0": ""},
        {"comment": "x" * 2001},
    ],
)
def test_marks_that_make_no_sense_are_refused_in_words(
    app: Flask, client: PageClient, course: Course, wrong: dict[str, str]
) -> None:
    work = _work(app)
    answer = client.post(f"/courses/marking/{work.id}", data={**GOOD, **wrong})
    assert answer.status_code == 422
    assert 'data-test="error-summary"' in answer.text
    assert _work(app).state == "handed_in"


def test_who_is_second_to_mark_loses_no_words_and_changes_nothing(
    app: Flask, client: PageClient, course: Course
) -> None:
    work = _work(app)
    client.post(f"/courses/marking/{work.id}", data=GOOD)

    second = {**POOR, "decision": "return", "comment": "Tôi nghĩ khác."}
    answer = client.post(f"/courses/marking/{work.id}", data=second)

    assert answer.status_code == 409
    assert 'data-test="your-comment"' in answer.text
    assert "Tôi nghĩ khác." in answer.text
    assert (_work(app).state, _work(app).points) == ("accepted", 10)


def test_nobody_marks_their_own_work(
    app: Flask, make: Factory, client: PageClient, trainer: Any
) -> None:
    course = make_ruled_course(make, [{"kind": "assignment", "settings": EXERCISE}], owner=trainer)
    client.sign_in(trainer)
    client.post(f"/courses/{course.slug}/enrol")
    hand_in(client, course)
    assert client.get(f"/courses/marking/{_work(app).id}").status_code == 404
    assert 'data-test="nothing-to-mark"' in client.get("/courses/marking").text


def test_work_without_a_rubric_is_accepted_with_a_comment_alone(
    app: Flask, make: Factory, client: PageClient, trainer: Any, learner: Any
) -> None:
    course = make_ruled_course(make, [{"kind": "assignment"}], owner=trainer)
    client.sign_in(learner)
    client.post(f"/courses/{course.slug}/enrol")
    hand_in(client, course)
    client.sign_in(trainer)
    data = {"decision": "accept", "comment": "Tốt."}
    assert client.post(f"/courses/marking/{_work(app).id}", data=data).status_code == 303
    assert _work(app).points == 0


# --- writing the rubric


def _seen(page: str) -> str:
    return page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def test_a_trainer_writes_a_rubric_row_by_row(
    app: Flask, make: Factory, client: PageClient, trainer: Any
) -> None:
    course = make_ruled_course(make, [{"kind": "assignment"}], owner=trainer, published=False)
    client.sign_in(trainer)
    address = f"/courses/write/{course.slug}/lessons/bai-1/exercise"
    data = {
        "file_types": ["docx", "pdf"],
        "pass_points": "2,5",
        "criteria-0-title": "Vấn đề giới",
        "criteria-0-levels-0-points": "1",
        "criteria-0-levels-1-points": "3",
        "criteria-0-levels-1-text": "Nêu đủ",
        "criteria-1-title": "",
        "seen": _seen(client.get(address).text),
    }

    assert client.post(address, data=data).status_code == 303

    with app.app_context():
        settings = db.session.scalars(select(Lesson.settings)).one()
    assert settings["file_types"] == ["docx", "pdf"]
    assert settings["pass_points"] == 2.5
    assert settings["rubric"] == [
        {
            "title": "Vấn đề giới",
            "points": 3,
            "levels": [{"points": 3, "text": "Nêu đủ"}, {"points": 1, "text": ""}],
        }
    ]
    assert "2,5" in client.get(address).text
    assert client.post(address, data=data).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria-0-title": ""},
        {"criteria-0-levels-0-points": ""},
        {"criteria-0-levels-0-points": "nan"},
        {"criteria-0-levels-0-points": "-1"},
        {"criteria-0-levels-0-points": "nhiều"},
        {"criteria-0-levels-1-text": "Không có điểm"},
        {"pass_points": "9"},
        {"pass_points": "inf"},
        {"file_types": "exe"},
    ],
)
def test_a_rubric_that_makes_no_sense_is_refused_in_words(
    make: Factory, client: PageClient, trainer: Any, wrong: dict[str, str]
) -> None:
    course = make_ruled_course(make, [{"kind": "assignment"}], owner=trainer, published=False)
    client.sign_in(trainer)
    address = f"/courses/write/{course.slug}/lessons/bai-1/exercise"
    data = {
        "criteria-0-title": "Vấn đề giới",
        "criteria-0-levels-0-points": "3",
        "seen": _seen(client.get(address).text),
    }
    answer = client.post(address, data={**data, **wrong})
    assert answer.status_code == 422
    assert 'data-test="error-summary"' in answer.text


def test_only_exercises_have_a_rubric(make: Factory, client: PageClient, trainer: Any) -> None:
    course = make_ruled_course(make, [{}], owner=trainer, published=False)
    client.sign_in(trainer)
    address = f"/courses/write/{course.slug}/lessons/bai-1/exercise"
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_a_trainer_previews_an_exercise_without_anything_to_hand_in(
    make: Factory, client: PageClient, trainer: Any
) -> None:
    lesson = {"kind": "assignment", "settings": EXERCISE}
    course = make_ruled_course(make, [lesson], owner=trainer, published=False)
    client.sign_in(trainer)
    page = client.get(f"/courses/write/{course.slug}/lessons/bai-1/preview")
    assert page.status_code == 200
    assert 'data-test="rubric"' in page.text
    assert 'data-test="hand-in-work"' not in page.text


def test_the_queue_costs_the_same_for_many_as_for_one(
    make: Factory, client: PageClient, course: Course, trainer: Any, count_queries: list[str]
) -> None:
    counts = []
    for more in (0, 4):
        for _person in range(more):
            client.sign_in(make.person(agency=make.agency()))
            client.post(f"/courses/{course.slug}/enrol")
            hand_in(client, course)
        client.sign_in(trainer)
        client.get("/courses/marking")
        count_queries.clear()
        client.get("/courses/marking")
        counts.append(len(count_queries))
    assert counts[0] == counts[1]

"""The deadline is kept by the server's clock, whoever looks first after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from courses.models import Course, Enrolment
from lms.core import jobs
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.people.models import Person
from quizzes.models import Attempt, Quiz, Response
from quizzes.services.attempts import GRACE
from tests.factories import Factory
from tests.services.page_client import PageClient

JSON = {"Accept": "application/json"}
CLOSE = "quizzes.attempts.close"
BEGUN = datetime.fromisoformat("2026-11-24T09:00:00+07:00")
DEADLINE = BEGUN + timedelta(minutes=30)
LAST = DEADLINE + GRACE


@contextmanager
def at(moment: datetime, **later: float) -> Iterator[None]:
    with time_machine.travel(moment + timedelta(**later), tick=False):
        yield


@pytest.fixture
def person(make: Factory) -> Person:
    """Give the trainee."""
    return make.person(agency=make.agency())


@pytest.fixture
def course(make: Factory, client: PageClient, person: Person) -> Course:
    """Give a course with a quiz of five true statements; the trainee is enrolled and signed in."""
    with at(BEGUN):
        course = make.course(lessons=0, quiz=True)
        client.sign_in(person)
        client.post(f"/courses/{course.slug}/enrol")
    return course


@pytest.fixture
def attempt(client: PageClient, course: Course) -> str:
    """Give the address of an attempt begun at nine, with half an hour to go."""
    return _start(client, course)


def _start(client: PageClient, course: Course, moment: datetime = BEGUN) -> str:
    with at(moment):
        answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    assert answer.status_code == 303
    return answer.headers["Location"].partition("?")[0]


@contextmanager
def coming_back(client: PageClient, person: Person, moment: datetime, **later: float):
    """Be the trainee who signs in again at a moment when the old session may be over."""
    with at(moment, **later):
        client.sign_in(person)
        yield


def _save(client: PageClient, attempt: str, position: int, seq: int = 1):
    data = {"position": position, "seq": seq, f"answer-{position}": "true"}
    return client.post(f"{attempt}/answers", data=data, headers=JSON)


def _answer_all(client: PageClient, attempt: str) -> None:
    with at(BEGUN, minutes=5):
        for position in range(1, 6):
            assert _save(client, attempt, position).status_code == 200


def _stored(app: Flask) -> list[tuple[int, str, datetime | None, float | None]]:
    query = select(Attempt.number, Attempt.state, Attempt.submitted_at, Attempt.marks)
    with app.app_context():
        return [tuple(row) for row in db.session.execute(query.order_by(Attempt.id))]


def test_the_time_left_is_told_by_the_server(client: PageClient, attempt: str) -> None:
    for minutes, seconds in ((0, 1800), (10, 1200), (29.5, 30)):
        with at(BEGUN, minutes=minutes):
            assert f'data-deadline-seconds="{seconds}"' in client.get(attempt).text
            reply = _save(client, attempt, 1, seq=int(minutes) + 1).get_json()
            assert reply["remaining_seconds"] == seconds
    with at(LAST):
        assert _save(client, attempt, 2).get_json()["remaining_seconds"] == 0


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 200), (1, 409), (86400, 409)])
def test_a_save_counts_until_the_grace_ends(
    app: Flask, client: PageClient, person: Person, attempt: str, seconds: int, status: int
) -> None:
    with coming_back(client, person, LAST, seconds=seconds):
        assert _save(client, attempt, 1).status_code == status
    with app.app_context():
        kept = db.session.scalar(select(Response.answer).where(Response.position == 1))
    assert kept == (True if status == 200 else None)


def test_a_late_save_is_refused_in_a_sentence_that_says_when_time_was_up(
    client: PageClient, attempt: str
) -> None:
    with at(LAST, seconds=5):
        reply = _save(client, attempt, 1)
    assert reply.status_code == 409
    assert reply.get_json()["message"] == (
        "Hết giờ lúc 09:30 24/11/2026. Câu trả lời này gửi sau nên không được lưu; "
        "các câu đã lưu trước đó vẫn được tính."
    )


def test_a_late_form_without_a_script_ends_at_the_result_with_the_same_sentence(
    client: PageClient, attempt: str
) -> None:
    _answer_all(client, attempt)
    with at(LAST, seconds=5):
        page = client.post(
            f"{attempt}/answers/1", data={"answer-1": "false"}, follow_redirects=True
        )
    assert page.request.path == f"{attempt}/result"
    assert "Hết giờ lúc 09:30" in page.text
    assert "5 trên 5 điểm" in page.text


def test_between_deadline_and_grace_only_submitting_is_left(
    app: Flask, client: PageClient, attempt: str
) -> None:
    _answer_all(client, attempt)
    with at(DEADLINE, seconds=20):
        page = client.get(attempt, follow_redirects=True)
        assert page.request.path == f"{attempt}/review"
        assert "Đã hết giờ" in page.text
        assert 'data-test="back-to-questions"' not in page.text
        last = client.post(f"{attempt}/answers/5", data={"answer-5": "true", "to": "review"})
    assert last.headers["Location"] == f"{attempt}/result"
    assert [(state, marks) for _n, state, _at, marks in _stored(app)] == [("submitted", 5)]


@pytest.mark.parametrize("page", ["", "/review", "/result", "?q=3"])
def test_coming_back_late_shows_the_result_of_what_was_saved(
    app: Flask, client: PageClient, person: Person, attempt: str, page: str
) -> None:
    _answer_all(client, attempt)
    with coming_back(client, person, BEGUN, days=3):
        late = client.get(f"{attempt}{page}", follow_redirects=True)
    assert late.request.path == f"{attempt}/result"
    assert "5 trên 5 điểm" in late.text
    assert "09:30 24/11/2026" in late.text
    assert _stored(app) == [(1, "submitted", DEADLINE, 5)]
    with app.app_context():
        assert db.session.scalar(select(Enrolment.status)) == "completed"


def test_the_quiz_s_page_shows_an_attempt_whose_time_is_over_as_done(
    app: Flask, client: PageClient, course: Course, attempt: str
) -> None:
    with at(LAST, minutes=1):
        page = client.get(f"/quizzes/{course.slug}/kiem-tra", follow_redirects=True).text
    assert 'data-test="resume-quiz"' not in page
    assert 'data-test="see-result"' in page
    assert "còn 2" in page
    assert _stored(app) == [(1, "submitted", DEADLINE, 0)]


def test_submitting_late_counts_from_the_deadline_as_if_the_job_had_come_first(
    app: Flask, client: PageClient, person: Person, attempt: str
) -> None:
    _answer_all(client, attempt)
    with coming_back(client, person, LAST, hours=2):
        answer = client.post(f"{attempt}/submit")
    assert answer.headers["Location"] == f"{attempt}/result"
    assert _stored(app) == [(1, "submitted", DEADLINE, 5)]
    with app.app_context():
        action = AuditEntry.action == "quizzes.attempt.submitted"
        details = db.session.scalars(select(AuditEntry.details).where(action)).one()
    assert details["closed_by"] == "deadline"


def test_starting_again_late_closes_the_old_attempt_and_begins_the_next(
    app: Flask, client: PageClient, course: Course, attempt: str
) -> None:
    again = _start(client, course, LAST + timedelta(minutes=1))
    assert again != attempt
    assert [row[:3] for row in _stored(app)] == [
        (1, "submitted", DEADLINE),
        (2, "open", None),
    ]


def test_the_last_attempt_that_ran_out_is_not_followed_by_another(
    app: Flask, client: PageClient, course: Course
) -> None:
    with app.app_context():
        db.session.execute(update(Quiz).values(attempts_allowed=1))
        db.session.commit()
    _start(client, course)
    with at(LAST, minutes=1):
        answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
        page = client.get(f"/quizzes/{course.slug}/kiem-tra", follow_redirects=True).text
    assert answer.status_code == 422
    assert "hết lượt" in answer.text
    assert 'data-test="no-attempts-left"' in page
    assert [row[:3] for row in _stored(app)] == [(1, "submitted", DEADLINE)]


def test_the_closing_job_leaves_who_has_time_left_and_does_its_work_once(
    app: Flask, make: Factory, client: PageClient, course: Course, attempt: str
) -> None:
    _answer_all(client, attempt)
    with at(BEGUN, minutes=20):
        client.sign_in(make.person("Trần Thị Sau", agency=make.agency()))
        client.post(f"/courses/{course.slug}/enrol")
    _start(client, course, BEGUN + timedelta(minutes=20))

    with app.app_context():
        for moment, closed in ((LAST, 0), (LAST + timedelta(seconds=1), 1)):
            with at(moment):
                assert jobs.run(CLOSE) == closed
                assert jobs.run(CLOSE) == 0

    assert _stored(app) == [(1, "submitted", DEADLINE, 5), (1, "open", None, None)]
    with app.app_context():
        submitted = select(func.count()).where(AuditEntry.action == "quizzes.attempt.submitted")
        assert db.session.scalar(submitted) == 1
        assert set(db.session.scalars(select(Enrolment.status))) == {"completed", "started"}


def test_without_a_limit_nothing_ever_ends_by_itself(
    app: Flask, make: Factory, client: PageClient, person: Person, course: Course
) -> None:
    with make.writing():
        db.session.execute(update(Quiz).values(time_limit=None))
    attempt = _start(client, course)
    with at(BEGUN, days=20), app.app_context():
        assert jobs.run(CLOSE) == 0
    with coming_back(client, person, BEGUN, days=20):
        assert "data-deadline-seconds" not in client.get(attempt).text
        assert _save(client, attempt, 1).get_json()["remaining_seconds"] is None


def test_a_changed_time_limit_does_not_touch_an_attempt_under_way(
    app: Flask, make: Factory, client: PageClient, course: Course, attempt: str
) -> None:
    with make.writing():
        db.session.execute(update(Quiz).values(time_limit=1))
    with at(BEGUN, minutes=25):
        assert _save(client, attempt, 1).get_json()["remaining_seconds"] == 300
    with app.app_context():
        assert db.session.scalar(select(Attempt.deadline_at)) == DEADLINE

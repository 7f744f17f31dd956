"""Taking a quiz over HTTP: saved at once, submitted once, marked by the server's clock and key."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from courses.models import Course, Enrolment
from lms.core import jobs
from lms.core.clock import now
from lms.core.db import begin_write, db
from quizzes.models import Attempt, QuestionRevision, Quiz, Response
from tests.factories import Factory
from tests.services.page_client import PageClient

JSON = {"Accept": "application/json"}


@pytest.fixture
def course(make: Factory, client: PageClient) -> Course:
    """Give a course with a quiz of five true statements; a trainee is enrolled and signed in."""
    course = make.course(lessons=0, quiz=True)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    return course


def _start(client: PageClient, course: Course) -> str:
    answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    assert answer.status_code == 303
    return answer.headers["Location"].partition("?")[0]


def _save(client: PageClient, attempt: str, position: int, *, right: bool = True, seq: int = 1):  # type: ignore[no-untyped-def]
    page = client.get(attempt).text
    values = re.findall(rf'name="answer-{position}" value="([^"]+)"', page)
    data = {"position": position, "seq": seq, f"answer-{position}": values[0 if right else 1]}
    return client.post(f"{attempt}/answers", data=data, headers=JSON)


def _answer_all(client: PageClient, attempt: str, right: int) -> None:
    for position in range(1, 6):
        assert _save(client, attempt, position, right=position <= right).status_code == 200


def _attempt(app: Flask) -> Attempt:
    with app.app_context():
        attempt = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
        assert attempt is not None
        db.session.expunge(attempt)
        return attempt


def test_a_passed_quiz_completes_the_course(app: Flask, client: PageClient, course: Course) -> None:
    assert "Bắt đầu làm bài" in client.get(f"/quizzes/{course.slug}/kiem-tra").text
    attempt = _start(client, course)
    _answer_all(client, attempt, right=5)
    assert client.get(f"{attempt}/review").status_code == 200

    submitted = client.post(f"{attempt}/submit")

    assert submitted.status_code == 303
    result = client.get(submitted.headers["Location"]).text
    assert "100" in result
    assert "Luật Bình đẳng giới, Điều 5" in result
    with app.app_context():
        assert db.session.scalar(select(Enrolment.status)) == "completed"


def test_a_save_is_acknowledged_with_the_server_s_time(client: PageClient, course: Course) -> None:
    attempt = _start(client, course)
    reply = _save(client, attempt, 1).get_json()
    assert re.fullmatch(r"\d\d:\d\d", reply["saved_at"])
    assert reply["seq"] == 1


def test_without_a_script_the_form_saves_and_goes_on(client: PageClient, course: Course) -> None:
    attempt = _start(client, course)
    values = re.findall(r'name="answer-1" value="([^"]+)"', client.get(f"{attempt}?q=1").text)

    answer = client.post(f"{attempt}/answers/1", data={"answer-1": values[0]})

    assert answer.status_code == 303
    assert "q=2" in answer.headers["Location"]


def test_an_older_save_never_overwrites_a_newer_one(
    app: Flask, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    assert _save(client, attempt, 1, right=True, seq=5).status_code == 200

    late = _save(client, attempt, 1, right=False, seq=4)

    assert late.status_code == 409
    client.post(f"{attempt}/submit")
    assert _attempt(app).marks == 1


def test_the_same_save_again_is_acknowledged_and_changes_nothing(
    app: Flask, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    first = _save(client, attempt, 1, seq=3).get_json()
    second = _save(client, attempt, 1, seq=3).get_json()
    assert (first["saved_at"], first["seq"]) == (second["saved_at"], second["seq"])


def test_a_save_within_the_grace_counts_and_after_it_is_refused_in_words(
    app: Flask, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    deadline = _attempt(app).deadline_at
    assert deadline is not None
    page = client.get(attempt).text
    value = re.findall(r'name="answer-1" value="([^"]+)"', page)[0]
    data = {"position": 1, "seq": 1, "answer-1": value}

    with time_machine.travel(deadline + timedelta(seconds=30)):
        assert client.post(f"{attempt}/answers", data=data, headers=JSON).status_code == 200
    with time_machine.travel(deadline + timedelta(seconds=90)):
        late = client.post(f"{attempt}/answers", data={**data, "seq": 2}, headers=JSON)
    assert late.status_code == 409
    assert "Hết giờ" in late.get_json()["message"]


def test_the_job_submits_what_is_past_its_deadline_with_what_was_saved(
    app: Flask, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    _answer_all(client, attempt, right=2)

    with app.app_context(), time_machine.travel(now() + timedelta(minutes=32)):
        assert jobs.run("quizzes.attempts.close") == 1

    assert (_attempt(app).state, _attempt(app).marks) == ("submitted", 2)


def test_starting_twice_goes_on_with_the_same_attempt(
    app: Flask, client: PageClient, course: Course
) -> None:
    assert _start(client, course) == _start(client, course)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_when_the_attempts_are_used_up_the_page_says_so(client: PageClient, course: Course) -> None:
    for _n in range(3):
        attempt = _start(client, course)
        client.post(f"{attempt}/submit")

    answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")

    assert answer.status_code in (409, 422)
    assert "hết lượt" in answer.text
    assert "hết lượt" in client.get(f"/quizzes/{course.slug}/kiem-tra").text


def test_a_changed_pass_mark_does_not_touch_an_attempt_under_way(
    app: Flask, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    _answer_all(client, attempt, right=3)
    with app.app_context():
        begin_write()
        db.session.execute(update(Quiz).values(pass_mark=100))
        db.session.commit()

    client.post(f"{attempt}/submit")

    assert _attempt(app).passed is True


def test_the_key_and_the_feedback_stay_on_the_server_until_submission(
    app: Flask, client: PageClient, course: Course
) -> None:
    with app.app_context():
        begin_write()
        db.session.execute(update(QuestionRevision).values(feedback="CHIM-HOANG-YEN"))
        db.session.commit()
    attempt = _start(client, course)
    seen = [client.get(a).text for a in (f"/quizzes/{course.slug}/kiem-tra", attempt)]
    seen += [_save(client, attempt, n).text for n in range(1, 6)]
    seen.append(client.get(f"{attempt}/review").text)
    assert not [text for text in seen if "CHIM-HOANG-YEN" in text or "correct" in text]
    assert client.get(f"{attempt}/result").status_code in (302, 303, 404)

    client.post(f"{attempt}/submit")

    assert "CHIM-HOANG-YEN" in client.get(f"{attempt}/result").text


def test_nobody_sees_or_changes_someone_else_s_attempt(
    make: Factory, client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    client.sign_in(make.person("Trần Thị Khác", agency=make.agency()))
    for address in (attempt, f"{attempt}/review", f"{attempt}/result"):
        assert client.get(address).status_code == 404
    data = {"position": 1, "seq": 9, "answer-1": "1"}
    assert client.post(f"{attempt}/answers", data=data, headers=JSON).status_code == 404
    assert client.post(f"{attempt}/submit").status_code == 404


def test_an_answer_that_the_question_does_not_offer_is_refused(
    client: PageClient, course: Course
) -> None:
    attempt = _start(client, course)
    for position, value, status in ((1, "khong-co", 422), (99, "1", 404)):
        data = {"position": position, "seq": 1, f"answer-{position}": value}
        assert client.post(f"{attempt}/answers", data=data, headers=JSON).status_code == status


def test_a_page_of_many_questions_costs_as_many_statements_as_one_of_few(
    app: Flask, client: PageClient, course: Course, count_queries: list[str]
) -> None:
    attempt = _start(client, course)
    client.get(attempt)
    count_queries.clear()
    client.get(attempt)
    whole = len(count_queries)
    with app.app_context():
        begin_write()
        db.session.execute(Response.__table__.delete().where(Response.position > 1))
        db.session.commit()
    count_queries.clear()
    client.get(attempt)
    assert len(count_queries) == whole
    assert whole <= 6


def test_a_save_costs_four_statements(
    client: PageClient, course: Course, count_queries: list[str]
) -> None:
    attempt = _start(client, course)
    value = re.findall(r'name="answer-1" value="([^"]+)"', client.get(attempt).text)[0]
    token = client.csrf_token()
    count_queries.clear()
    data = {"position": 1, "seq": 1, "answer-1": value, "csrf_token": token}
    assert client.post(f"{attempt}/answers", data=data, headers=JSON).status_code == 200
    assert len(count_queries) <= 4, [s[:70] for s in count_queries]


@pytest.mark.xdist_group("parallel")
def test_twenty_submits_at_once_are_one_result(live_app: Flask) -> None:
    make = Factory(live_app)
    course = make.course(lessons=0, quiz=True)
    person = make.person(agency=make.agency())
    client = live_app.test_client()
    client.sign_in(person)  # type: ignore[attr-defined]
    client.post(f"/courses/{course.slug}/enrol")
    attempt = _start(client, course)  # type: ignore[arg-type]
    _answer_all(client, attempt, right=4)  # type: ignore[arg-type]
    token, cookie = client.csrf_token(), client.get_cookie("lms")  # type: ignore[attr-defined]
    assert cookie is not None

    def submit(_n: int) -> tuple[int, str | None]:
        other = live_app.test_client()
        other.set_cookie("lms", cookie.value)
        answer = other.post(f"{attempt}/submit", data={"csrf_token": token})
        return answer.status_code, answer.headers.get("Location")

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(submit, range(20)))

    assert answers == {(303, f"{attempt}/result")}
    with live_app.app_context():
        attempts = db.session.execute(select(Attempt.state, Attempt.marks)).all()
        assert [tuple(row) for row in attempts] == [("submitted", 4.0)]

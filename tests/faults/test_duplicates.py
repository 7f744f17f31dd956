"""The same wish sent many times at once is granted once, whichever process takes it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.models import Certificate
from courses.models import Enrolment, Evidence
from lms.core import audit
from lms.core.db import db
from lms.people.models import Person
from lms.reports.tallies import find_differences
from quizzes.models import Attempt
from tests.factories import Factory
from tests.faults.learner import QUESTIONS
from tests.security.world import make_issuer
from tests.services.page_client import PageClient
from tests.services.server import Server

TIMES = 20
AT_ONCE = 10
Send = Callable[..., set[tuple[int, str]]]
pytestmark = pytest.mark.xdist_group("parallel")


@pytest.fixture
def person(live_app: Flask) -> Person:
    """Give somebody who may learn where certificates are issued."""
    make = Factory(live_app)
    make_issuer(make)
    return make.person(agency=make.agency())


@pytest.fixture
def send(live_app: Flask, server: Server, person: Person) -> Send:
    """Let the person send the same form many times at once; collect status and address."""
    client = live_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(person)
    cookie, csrf = client.get_cookie("lms"), client.csrf_token()
    assert cookie is not None
    token = cookie.value

    def send(address: str, form: dict[str, object] | None = None) -> set[tuple[int, str]]:
        def once(_n: int) -> tuple[int, str]:
            fields = {"csrf_token": csrf, **(form or {})}
            status, headers, _body = server.request("POST", address, fields, token=token)
            return status, headers.get("location", "")

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return set(threads.map(once, range(TIMES)))

    return send


def test_enrolling_and_reading_the_last_lesson_is_one_certificate(
    live_app: Flask, send: Send
) -> None:
    course = Factory(live_app).course(lessons=1)

    enrolled = send(f"/courses/{course.slug}/enrol")
    read = send(f"/courses/{course.slug}/lessons/bai-1/read")

    assert enrolled == {(303, f"/courses/{course.slug}/lessons/bai-1")}
    assert [status for status, _address in read] == [303]
    _assert_one_of_each(live_app, Enrolment, Evidence, Certificate)


def test_beginning_and_submitting_the_last_quiz_is_one_result(live_app: Flask, send: Send) -> None:
    course = Factory(live_app).course(lessons=0, quiz=True)
    quiz = f"/quizzes/{course.slug}/kiem-tra"
    assert send(f"/courses/{course.slug}/enrol") == {(303, quiz)}

    [(status, address)] = send(f"{quiz}/start")
    assert status == 303
    attempt = address.partition("?")[0]
    for position in QUESTIONS:
        form = {"position": position, "seq": 1, f"answer-{position}": "true"}
        assert len(send(f"{attempt}/answers", form)) == 1

    assert send(f"{attempt}/submit") == {(303, f"{attempt}/result")}
    _assert_one_of_each(live_app, Enrolment, Attempt, Evidence, Certificate)
    with live_app.app_context():
        assert db.session.scalar(select(Attempt.marks)) == 5
        submitted = audit.AuditEntry.action == "quizzes.attempt.submitted"
        assert db.session.scalar(select(func.count()).where(submitted)) == 1


def _assert_one_of_each(app: Flask, *models: type) -> None:
    with app.app_context():
        for model in models:
            assert db.session.scalar(select(func.count()).select_from(model)) == 1, model
        assert find_differences() == []
        assert audit.find_break() is None

"""kill -9 while people answer: whatever was acknowledged is there afterwards."""

import http.client
import random
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from lms.core import audit
from lms.core.db import db
from lms.reports.tallies import find_differences
from quizzes.models import Attempt, Response
from tests.conftest import Template
from tests.factories import Factory
from tests.services.page_client import PageClient
from tests.services.server import Server

KILLS = 4
LEARNERS = 6
pytestmark = pytest.mark.xdist_group("parallel")


@pytest.fixture
def server(live_app: Flask, template: Template, tmp_path: Path) -> Iterator[Server]:
    """Serve the live app's database."""
    environ = template.environ(
        str(live_app.config["LMS_DATABASE_URL"]), Path(str(live_app.config["LMS_DATA_DIR"]))
    )
    server = Server(environ, tmp_path)
    server.start()
    yield server
    server.kill()


class Learner:
    """Answers questions one after the other and remembers what was acknowledged."""

    def __init__(self, server: Server, client: PageClient, attempt: str) -> None:
        cookie = client.get_cookie("lms")
        assert cookie is not None
        self.server, self.attempt = server, attempt
        self.token, self.csrf = cookie.value, client.csrf_token()
        page = client.get(attempt).text
        self.values = {
            n: re.findall(rf'name="answer-{n}" value="([^"]+)"', page) for n in range(1, 6)
        }
        #: Position -> (sequence number, whether "true" was answered), as acknowledged.
        self.acknowledged: dict[int, tuple[int, str]] = {}

    def answer_until(self, stop: threading.Event) -> None:
        """Save answer after answer, through every outage."""
        chance, sequence = random.Random(self.attempt), 0
        while not stop.is_set():
            sequence += 1
            position = chance.randint(1, 5)
            value = chance.choice(self.values[position])
            form = {
                "csrf_token": self.csrf,
                "position": position,
                "seq": sequence,
                f"answer-{position}": value,
            }
            try:
                status, _headers, _body = self.server.request(
                    "POST",
                    f"{self.attempt}/answers",
                    form,
                    token=self.token,
                    accept="application/json",
                    timeout=8,
                )
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            assert status in (200, 503)
            if status == 200:
                self.acknowledged[position] = (sequence, value)


def test_every_acknowledged_answer_survives(live_app: Flask, server: Server) -> None:
    learners = _start_learners(live_app, server)
    stop = threading.Event()
    threads = [threading.Thread(target=x.answer_until, args=(stop,)) for x in learners]
    for thread in threads:
        thread.start()
    for _kill in range(KILLS):
        time.sleep(random.uniform(0.3, 1.2))
        server.kill()
        server.start()
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()

    assert sum(len(learner.acknowledged) for learner in learners) > LEARNERS
    with live_app.app_context():
        for learner in learners:
            _assert_kept(learner)
        assert db.session.scalars(select(Attempt.state).distinct()).all() == ["open"]
        assert find_differences() == []
        assert audit.find_break() is None
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def _start_learners(app: Flask, server: Server) -> list[Learner]:
    make = Factory(app)
    course, province = make.course(lessons=0, quiz=True), make.agency()
    learners = []
    for number in range(LEARNERS):
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(make.person(f"Nguyễn Văn {chr(65 + number)}", agency=province))
        client.post(f"/courses/{course.slug}/enrol")
        answer = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
        learners.append(Learner(server, client, answer.headers["Location"].partition("?")[0]))
    return learners


def _assert_kept(learner: Learner) -> None:
    attempt_id = int(learner.attempt.rpartition("/")[2])
    query = select(Response.position, Response.sequence, Response.answer)
    kept = {
        row.position: row
        for row in db.session.execute(query.where(Response.attempt_id == attempt_id))
    }
    for position, (sequence, value) in learner.acknowledged.items():
        row = kept[position]
        # A save whose acknowledgement was lost may have come after the last acknowledged one.
        assert row.sequence >= sequence
        if row.sequence == sequence:
            assert row.answer is (value == "true")

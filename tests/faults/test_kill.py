"""kill -9 while people answer and submit: whatever was acknowledged is there afterwards."""

import random
import threading
import time

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from certificates.models import Certificate
from courses.models import Enrolment, Evidence
from lms.core import audit
from lms.core.db import db
from lms.reports.tallies import find_differences
from quizzes.models import Attempt, Quiz, Response
from tests.factories import Factory
from tests.faults.learner import Learner
from tests.security.world import make_issuer
from tests.services.page_client import PageClient
from tests.services.server import Server

KILLS = 4
LEARNERS = 6
MANY = 10_000
pytestmark = pytest.mark.xdist_group("parallel")


def test_what_was_acknowledged_survives_and_nothing_is_half_done(
    live_app: Flask, server: Server
) -> None:
    learners = _make_learners(live_app, server)
    _kill_while_they_learn(server, learners)

    assert [surprise for learner in learners for surprise in learner.surprises] == []
    # How many a slow machine lets through is chance; that none is lost is not.
    assert any(learner.answers for learner in learners)
    with live_app.app_context():
        for learner in learners:
            _assert_kept(learner)
        _assert_whole()
        assert find_differences() == []
        assert audit.find_break() is None
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def _make_learners(app: Flask, server: Server) -> list[Learner]:
    make = Factory(app)
    make_issuer(make)
    course, agency = make.course(lessons=0, quiz=True), make.agency()
    with make.writing():
        db.session.execute(update(Quiz).values(attempts_allowed=MANY))
    learners = []
    for number in range(LEARNERS):
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(make.person(f"Nguyễn Văn {chr(65 + number)}", agency=agency))
        client.post(f"/courses/{course.slug}/enrol")
        learners.append(Learner(server, client, f"/quizzes/{course.slug}/kiem-tra"))
    return learners


def _kill_while_they_learn(server: Server, learners: list[Learner]) -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=learner.learn, args=(stop,)) for learner in learners]
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


def _assert_kept(learner: Learner) -> None:
    """Compare a learner's memory with the rows; an unanswered request may have come after."""
    responses = db.session.scalars(
        select(Response).where(Response.attempt_id.in_(learner.answers))
    ).all()
    kept = {(row.attempt_id, row.position): row for row in responses}
    for attempt, answers in learner.answers.items():
        for position, (sequence, value) in answers.items():
            row = kept[attempt, position]
            assert row.sequence >= sequence
            if row.sequence == sequence:
                assert row.answer is (value == "true")
    states = select(Attempt.state).where(Attempt.id.in_(learner.submitted)).distinct()
    assert set(db.session.scalars(states)) <= {"submitted"}


def _assert_whole() -> None:
    """An attempt is open without marks or submitted with all that follows from it."""
    for attempt in db.session.scalars(select(Attempt)):
        marks = [response.mark for response in attempt.responses]
        if attempt.state == "open":
            assert (attempt.marks, set(marks)) == (None, {None})
        else:
            right = [float(response.answer is True) for response in attempt.responses]
            assert (marks, attempt.marks) == (right, sum(right))
            assert attempt.passed is (sum(right) >= 3)
    passed = select(func.count(Attempt.enrolment_id.distinct())).where(Attempt.passed)
    completed = select(func.count()).where(Enrolment.status == "completed")
    evidence = select(func.count()).select_from(Evidence)
    done = {db.session.scalar(query) for query in (passed, completed, evidence)}
    assert len(done) == 1
    ordinals = db.session.scalars(select(Certificate.ordinal).order_by(Certificate.ordinal))
    assert list(ordinals) == list(range(1, done.pop() + 1))

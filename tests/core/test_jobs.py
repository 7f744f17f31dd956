"""Jobs: a bell rings after commit, the worker does what waits, the command says what it did."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import jobs
from lms.core.clock import now
from lms.core.db import begin_write, db
from lms.core.mail import OutboxMessage
from lms.people.models import SignInFailure
from tests.conftest import Template, _close
from tests.services.server import ROOT
from tests.services.smtp import Mailbox

PATIENCE_SECONDS = 60


@pytest.fixture
def ringing_app(template: Template, tmp_path: Path) -> Iterator[Flask]:
    """Give an app whose bells ring; those of tests are silent."""
    app = template.open_app(template.copy(), tmp_path / "data", LMS_ENV="embedded")
    yield app
    _close(app)


def _waiting(app: Flask) -> int:
    return int(app.extensions["huey"].pending_count())


def _letter() -> OutboxMessage:
    moment = now()
    return OutboxMessage(
        recipient="hoa@bacninh.example",
        subject="Giấy chứng nhận",
        body="Chào chị Hoà.",
        created_at=moment,
        not_before=moment,
    )


def test_a_bell_rings_once_and_only_after_the_commit(ringing_app: Flask) -> None:
    with ringing_app.app_context():
        begin_write()
        jobs.ring("core.mail.send")
        jobs.ring("core.mail.send")
        assert _waiting(ringing_app) == 0
        db.session.commit()
        assert _waiting(ringing_app) == 1


def test_what_is_rolled_back_rings_no_bell(ringing_app: Flask) -> None:
    with ringing_app.app_context():
        begin_write()
        db.session.connection()
        jobs.ring("core.mail.send")
        db.session.rollback()
        begin_write()
        db.session.commit()
    assert _waiting(ringing_app) == 0


def test_a_bell_that_no_job_hears_is_an_error_at_once(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError, match=r"no\.such\.job"):
        jobs.ring("no.such.job")


def test_a_queue_that_is_gone_undoes_nothing(
    ringing_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_name: str) -> None:
        raise ConnectionError("the queue is gone")

    monkeypatch.setitem(ringing_app.extensions, "run_job", fail)
    with ringing_app.app_context():
        begin_write()
        db.session.add(_letter())
        jobs.ring("core.mail.send")
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_what_a_job_leaves_without_commit_is_not_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful() -> int:
        begin_write()
        db.session.add(SignInFailure(account_hash="x", address="::1", at=now()))
        db.session.flush()
        return 1

    monkeypatch.setitem(jobs._jobs, "tests.forgetful", forgetful)
    with app.app_context():
        assert jobs.run("tests.forgetful") == 1
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_a_job_is_run_by_name_and_answers_with_one_document(app: Flask) -> None:
    outcome = app.test_cli_runner().invoke(args=["jobs", "run", "people.sign_in.sweep", "--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == {"done": {"people.sign_in.sweep": 0}}


def test_an_unknown_job_is_wrong_usage_and_the_jobs_are_named(app: Flask) -> None:
    outcome = app.test_cli_runner().invoke(args=["jobs", "run", "no.such.job", "--json"])
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert "core.mail.send" in outcome.stderr


@pytest.mark.xdist_group("parallel")
def test_a_worker_does_what_waited_and_then_what_it_is_asked(
    ringing_app: Flask, mailbox: Mailbox
) -> None:
    _post_letter(ringing_app)
    names = ("LMS_ENV", "LMS_DATA_DIR", "LMS_DATABASE_URL")
    environ = {name: str(ringing_app.config[name]) for name in names}
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "lms", "worker"],
        cwd=ROOT,
        env={**os.environ, **environ, "LMS_MAIL_URL": mailbox.url},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_letters(mailbox, 1)
        _post_letter(ringing_app)
        _wait_for_letters(mailbox, 2)
    finally:
        worker.terminate()
        worker.wait(PATIENCE_SECONDS)


def _post_letter(app: Flask) -> None:
    with app.app_context():
        begin_write()
        db.session.add(_letter())
        jobs.ring("core.mail.send")
        db.session.commit()


def _wait_for_letters(mailbox: Mailbox, letters: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while len(mailbox.letters) < letters:
        assert time.monotonic() < until
        time.sleep(0.05)

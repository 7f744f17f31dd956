"""A database that someone else holds: wait a while, then say so; pages go on meanwhile."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from courses.models import Enrolment
from lms.core import audit
from lms.core.clock import now
from lms.core.db import PATIENCE, db
from tests.factories import Factory
from tests.services.page_client import PageClient

HOLDER = Path(__file__).with_name("holder.py")
#: Beyond what a page takes on a busy machine, and well below a wait for the lock.
AT_ONCE_SECONDS = 3
pytestmark = pytest.mark.xdist_group("parallel")


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Let another process hold the database against writers."""
    command = [sys.executable, str(HOLDER), str(app.config["LMS_DATABASE_URL"])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            holder.communicate()


@pytest.fixture
def client(live_app: Flask) -> PageClient:
    """Give the browser of a signed-in trainee; a fault there is answered with a page."""
    live_app.config["PROPAGATE_EXCEPTIONS"] = False
    make, client = Factory(live_app), live_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(make.person(agency=make.agency()))
    return client


@pytest.fixture
def course(live_app: Flask) -> str:
    """Give the address of a course."""
    return f"/courses/{Factory(live_app).course().slug}"


@pytest.fixture
def behind(live_app: Flask, client: PageClient) -> Iterator[ThreadPoolExecutor]:
    """Let the trainee send something while the test goes on."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def _send(thread: ThreadPoolExecutor, client: PageClient, address: str) -> Future[TestResponse]:
    """Post from a second tab."""
    cookie, form = client.get_cookie("lms"), {"csrf_token": client.csrf_token()}
    assert cookie is not None
    tab = client.application.test_client()
    tab.set_cookie("lms", cookie.value)
    return thread.submit(lambda: tab.post(address, data=form))


def test_a_short_lock_is_waited_for(
    live_app: Flask, client: PageClient, course: str, behind: ThreadPoolExecutor
) -> None:
    with locked(live_app):
        answer = _send(behind, client, f"{course}/enrol")
        time.sleep(1.5)
        assert not answer.done()
    assert answer.result().status_code == 303


def test_a_long_lock_is_a_503_that_keeps_nothing_while_pages_go_on(
    live_app: Flask, client: PageClient, course: str, behind: ThreadPoolExecutor
) -> None:
    with locked(live_app):
        sent = _send(behind, client, f"{course}/enrol")
        began = time.monotonic()
        with time_machine.travel(now() + timedelta(minutes=5), tick=True):
            # To note that the reader was seen is not worth waiting for.
            pages = [client.get(address).status_code for address in ("/", "/courses/", course)]
        assert pages == [200, 200, 200]
        assert time.monotonic() - began < AT_ONCE_SECONDS
        answer = sent.result()
        assert time.monotonic() - began < PATIENCE + AT_ONCE_SECONDS
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "chưa được lưu" in answer.text
    assert "gửi lại" in answer.text
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0
        assert db.session.scalar(select(func.count()).select_from(audit.AuditEntry)) == 0

    assert client.post(f"{course}/enrol").status_code == 303


def test_who_cannot_be_given_a_session_is_told_to_try_again(
    live_app: Flask, client: PageClient
) -> None:
    if not str(live_app.config["LMS_DATABASE_URL"]).startswith("sqlite"):
        pytest.skip("PostgreSQL locks no table against sessions")
    newcomer = live_app.test_client()
    with locked(live_app):
        began = time.monotonic()
        answer = newcomer.get("/sign-in")
        assert time.monotonic() - began < PATIENCE + AT_ONCE_SECONDS
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert newcomer.get("/sign-in").status_code == 200

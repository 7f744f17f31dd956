"""A locked SQLite database: wait a while, then say so; pages go on meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text

from lms.core.db import BUSY_TIMEOUT_MS, SQLITE, db
from tests.factories import Factory
from tests.services.page_client import PageClient

pytestmark = pytest.mark.xdist_group("parallel")


@pytest.fixture
def sqlite_app(live_app: Flask) -> Flask:
    """Give the live app where it runs on SQLite; PostgreSQL locks rows, not files."""
    if not str(live_app.config["LMS_DATABASE_URL"]).startswith("sqlite"):
        pytest.skip("PostgreSQL has no lock on the whole database")
    return live_app


@contextmanager
def locked(app: Flask, seconds: float) -> Iterator[None]:
    """Hold the write lock from another connection for some seconds."""
    path = str(app.config["LMS_DATABASE_URL"]).removeprefix("sqlite:///")
    taken = threading.Event()

    def hold() -> None:
        connection = SQLITE.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        taken.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    yield
    thread.join()


def _client(app: Flask) -> tuple[PageClient, str]:
    make, client = Factory(app), app.test_client()
    assert isinstance(client, PageClient)
    course = make.course()
    client.sign_in(make.person(agency=make.agency()))
    return client, f"/courses/{course.slug}"


def test_a_short_lock_is_waited_for(sqlite_app: Flask) -> None:
    client, course = _client(sqlite_app)
    token = client.csrf_token()
    with locked(sqlite_app, 1.5):
        answer = client.post(f"{course}/enrol", data={"csrf_token": token})
    assert answer.status_code == 303


def test_a_long_lock_is_a_503_that_says_when_to_try_again_and_pages_go_on(
    sqlite_app: Flask,
) -> None:
    client, course = _client(sqlite_app)
    token = client.csrf_token()
    with locked(sqlite_app, BUSY_TIMEOUT_MS / 1000 + 2):
        assert client.get(course).status_code == 200
        answer = client.post(f"{course}/enrol", data={"csrf_token": token})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "gửi lại" in answer.text
    assert client.post(f"{course}/enrol", data={"csrf_token": token}).status_code == 303


def test_sqlite_is_opened_durable_checked_and_patient(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        pragmas = {
            name: db.session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
    }


def test_a_writer_says_so_first(sqlite_app: Flask) -> None:
    client, course = _client(sqlite_app)
    token, statements = client.csrf_token(), []
    with sqlite_app.app_context():
        engine = db.engine
    raw = engine.raw_connection()
    raw.driver_connection.set_trace_callback(statements.append)
    raw.close()

    client.post(f"{course}/enrol", data={"csrf_token": token})

    written = [s.split()[0] for s in statements if s.split()[0] in ("INSERT", "UPDATE")]
    assert written
    assert "BEGIN IMMEDIATE" in [s.strip() for s in statements]

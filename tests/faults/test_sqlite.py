"""How SQLite is opened: durable, checked, patient; a writer says so first; a full disk."""

import threading
from collections import defaultdict
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from courses.models import Enrolment
from lms.core import audit, jobs
from lms.core.db import BUSY_TIMEOUT_MS, db
from lms.people.models import Person
from lms.reports.tallies import find_differences
from tests.factories import PASSWORD, Factory
from tests.security.world import make_issuer, make_side
from tests.services.page_client import PageClient

PEOPLE = 40
#: A session that the test client made for itself.
TEST_CLIENT = "test-token-"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
pytestmark = pytest.mark.xdist_group("parallel")


@pytest.fixture
def sqlite_app(live_app: Flask) -> Flask:
    """Give the live app where it runs on SQLite."""
    if not str(live_app.config["LMS_DATABASE_URL"]).startswith("sqlite"):
        pytest.skip("about SQLite only")
    return live_app


def test_every_connection_is_durable_checked_and_patient(sqlite_app: Flask) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
    }
    with sqlite_app.app_context():
        first, second = db.engine.connect(), db.engine.connect()
        for connection in (first, second):
            assert {
                name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted
            } == wanted
            connection.close()


def test_every_transaction_that_writes_began_as_a_writer(sqlite_app: Flask) -> None:
    statements: dict[int, list[str]] = defaultdict(list)
    with sqlite_app.app_context():
        engine = db.engine
        db.session.remove()
    engine.dispose()

    @event.listens_for(engine, "connect")
    def trace(connection: Any, _record: object) -> None:
        connection.set_trace_callback(statements[id(connection)].append)

    make, client = Factory(sqlite_app), sqlite_app.test_client()
    assert isinstance(client, PageClient)
    make_issuer(make)
    side = make_side(make, client, make.agency(), "Xã A")
    person = make.person(agency=side.agency, password=True)
    for password in ("sai", PASSWORD):
        client.post("/sign-in", data={"username": person.staff_code, "password": password})
    client.post("/locale", data={"locale": "en"})
    client.post("/sign-out")
    with sqlite_app.app_context():
        assert set(jobs.run_all()) == set(jobs.list_jobs())

    written = 0
    for sent in statements.values():
        began = "nothing"
        for statement in sent:
            word = statement.split()[0].upper()
            if word == "BEGIN":
                began = statement.strip()
            elif word in ("COMMIT", "ROLLBACK"):
                began = "nothing"
            elif word in WRITES and TEST_CLIENT not in statement:
                written += 1
                assert began == "BEGIN IMMEDIATE", statement
    assert written > 50


def test_a_full_disk_is_a_503_pages_go_on_and_it_recovers(sqlite_app: Flask) -> None:
    make = Factory(sqlite_app)
    agency, course = make.agency(), f"/courses/{make.course().slug}"
    clients = [_sign_in(sqlite_app, make.person(agency=agency)) for _n in range(PEOPLE)]
    with sqlite_app.app_context():
        engine = db.engine
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        db.session.remove()
    full = threading.Event()
    full.set()

    @event.listens_for(engine, "checkout")
    def limit(connection: Any, *_rest: object) -> None:
        # SQLite answers as it does when the disk takes no more pages.
        most = pages if full.is_set() else 2**31
        connection.execute(f"PRAGMA max_page_count={most}").close()

    refused = next(n for n, x in enumerate(clients) if x.post(f"{course}/enrol").status_code == 503)
    assert clients[refused].get(course).status_code == 200

    full.clear()
    assert clients[refused].post(f"{course}/enrol").status_code == 303
    with sqlite_app.app_context():
        kept = db.session.scalar(select(func.count()).select_from(Enrolment))
        assert kept == refused + 1
        assert find_differences() == []
        assert audit.find_break() is None
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"


def _sign_in(app: Flask, person: Person) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(person)
    return client

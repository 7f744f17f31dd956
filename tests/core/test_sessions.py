"""Sessions: rows that end in time, are written no more than needed, and stay ended."""

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, Response, request
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from lms.core import jobs, sessions
from lms.core.clock import now
from lms.core.db import begin_write, db
from lms.core.sessions import (
    ANONYMOUS_FOR,
    IDLE_FOR,
    SIGNED_IN_FOR,
    ServerSessionInterface,
    WebSession,
)
from lms.people.models import SignInFailure
from lms.people.services.sign_in import WINDOW
from tests.factories import PASSWORD, Factory
from tests.services.page_client import PageClient

OWN_PAGE = "/people/me"


@pytest.fixture
def signed_in(make: Factory, client: PageClient) -> PageClient:
    """Give the browser of a trainee who has signed in."""
    client.sign_in(make.person(agency=make.agency(), password=True, staff_code="BN10001"))
    return client


@pytest.fixture
def be_busy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on no session is written, and faults are answered with their pages."""

    def refuse(*_args: object) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))

    def be_busy() -> None:
        monkeypatch.setattr(ServerSessionInterface, "_write", refuse)
        monkeypatch.setattr(sessions, "_end", refuse)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    return be_busy


def test_a_session_ends_after_twelve_hours_however_busy(signed_in: PageClient) -> None:
    began, step = now(), IDLE_FOR - timedelta(minutes=5)
    statuses = []
    for visit in range(1, 8):
        with time_machine.travel(began + visit * step):
            statuses.append(signed_in.get(OWN_PAGE).status_code)
    visits_in_time = int(SIGNED_IN_FOR / step)
    assert statuses == [200] * visits_in_time + [302] * (7 - visits_in_time)


def test_an_unattended_session_ends_and_its_row_opens_nothing(signed_in: PageClient) -> None:
    with time_machine.travel(now() + IDLE_FOR + timedelta(minutes=1)):
        assert signed_in.get(OWN_PAGE).status_code == 302


def test_a_reader_is_noted_once_a_minute(signed_in: PageClient, count_queries: list[str]) -> None:
    def writes() -> int:
        written = sum(query.startswith("UPDATE web_session") for query in count_queries)
        count_queries.clear()
        return written

    signed_in.get(OWN_PAGE)
    assert writes() == 0
    with time_machine.travel(now() + timedelta(seconds=61), tick=False):
        signed_in.get(OWN_PAGE)
        assert writes() == 1
        signed_in.get(OWN_PAGE)
        assert writes() == 0


def test_a_stolen_database_opens_no_session(app: Flask, client: PageClient, make: Factory) -> None:
    make.agency()
    client.get("/sign-in")
    cookie = client.get_cookie("lms")
    assert cookie is not None
    with app.app_context():
        row = db.session.scalars(select(WebSession)).one()
        assert row.token_hash == hashlib.sha256(cookie.value.encode()).hexdigest()
        assert cookie.value not in row.data
        assert row.person_id is None
        assert row.expires_at - row.created_at == ANONYMOUS_FOR


def test_the_sweep_deletes_what_is_over_and_keeps_the_rest(
    app: Flask, signed_in: PageClient
) -> None:
    moment = now()
    with app.app_context():
        begin_write()
        db.session.add_all(
            SignInFailure(account_hash="x", address="::1", at=moment - age)
            for age in (WINDOW / 2, WINDOW * 2)
        )
        db.session.add(
            WebSession(
                token_hash="x",
                data="{}",
                created_at=moment - SIGNED_IN_FOR,
                seen_at=moment,
                expires_at=moment - timedelta(seconds=1),
            )
        )
        db.session.commit()
        assert jobs.run("people.sign_in.sweep") == 2
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 1
    assert signed_in.get(OWN_PAGE).status_code == 200


def test_a_session_that_ended_meanwhile_is_not_brought_back(
    app: Flask, signed_in: PageClient
) -> None:
    cookie = signed_in.get_cookie("lms")
    assert cookie is not None
    with app.test_request_context("/", headers={"Cookie": f"lms={cookie.value}"}):
        interface = ServerSessionInterface()
        session = interface.open_session(app, request)
        assert session
        begin_write()
        db.session.execute(delete(WebSession))  # signed out elsewhere
        db.session.commit()

        session["message"] = "Đã lưu"
        interface.save_session(app, session, Response())

        assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_what_a_view_did_stands_when_only_its_message_cannot_be_kept(
    signed_in: PageClient, be_busy: Callable[[], None]
) -> None:
    be_busy()
    assert signed_in.post("/locale", data={"locale": "en"}).status_code == 303


def test_signing_out_is_confirmed_by_the_database_or_refused(
    signed_in: PageClient, be_busy: Callable[[], None]
) -> None:
    be_busy()
    assert signed_in.post("/sign-out").status_code == 503
    assert signed_in.get(OWN_PAGE).status_code == 200


def test_signing_in_is_confirmed_by_the_database_or_refused(
    make: Factory, client: PageClient, be_busy: Callable[[], None]
) -> None:
    person = make.person(agency=make.agency(), password=True)
    form = {
        "username": person.staff_code,
        "password": PASSWORD,
        "csrf_token": client.csrf_token(),
    }
    be_busy()
    assert client.post("/sign-in", data=form).status_code == 503
    assert client.get(OWN_PAGE).status_code == 302

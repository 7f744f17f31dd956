"""Errors: the right status, a Vietnamese sentence that helps, JSON for scripts, no secrets."""

import sqlite3
from collections.abc import Callable

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import TooManyRequests

from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import SignInFailure
from tests.factories import Factory
from tests.services.page_client import PageClient

SECRET = "mật khẩu trong bộ nhớ"
JSON = {"Accept": "application/json"}
LOCKED = OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
TWICE = IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))
FAULTS = [
    (Refused("Chưa làm được việc này."), 422, "Chưa làm được việc này."),
    (Refused("Đợi năm phút.", 429), 429, "Đợi năm phút."),
    (TooManyRequests(), 429, "đợi vài phút rồi thử lại"),
    (LOCKED, 503, "chưa được lưu"),
    (TWICE, 409, "tải lại trang"),
    (RuntimeError(SECRET), 500, "thử lại"),
]

Failing = Callable[[Exception], None]


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Failing:
    """Let the help page fail half way through a change."""

    def fail_with(error: Exception) -> None:
        def fail() -> None:
            db.session.add(SignInFailure(account_hash="x", address="::1", at=now()))
            db.session.flush()
            raise error

        fail.lms_access = None  # type: ignore[attr-defined]  # public
        monkeypatch.setitem(app.view_functions, "core.help_page", fail)

    return fail_with


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """Give a client that takes an error page as it is."""
    return FlaskClient(app, app.response_class)


@pytest.mark.parametrize(("error", "status", "advice"), FAULTS)
def test_a_fault_is_a_page_with_advice_and_keeps_nothing(
    app: Flask, browser: FlaskClient, failing: Failing, error: Exception, status: int, advice: str
) -> None:
    failing(error)
    answer = browser.get("/help")
    assert answer.status_code == status
    assert advice in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    document = html5lib.parse(answer.text, namespaceHTMLElements=False)
    assert len(list(document.iter("h1"))) == 1
    assert document.find(".//a[@data-test='go-home']") is not None
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


@pytest.mark.parametrize(("error", "status", "advice"), FAULTS)
def test_a_script_is_told_the_same_in_json(
    browser: FlaskClient, failing: Failing, error: Exception, status: int, advice: str
) -> None:
    failing(error)
    answer = browser.get("/help", headers=JSON)
    assert answer.status_code == status
    told = answer.get_json()
    assert told.keys() == {"error", "advice"}
    assert advice in told["advice"]
    assert SECRET not in answer.text


def test_a_busy_database_says_when_to_try_again_to_people_and_scripts(
    browser: FlaskClient, failing: Failing
) -> None:
    failing(LOCKED)
    for headers in ({}, JSON):
        assert browser.get("/help", headers=headers).headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("method", "address", "status", "title"),
    [
        ("GET", "/khong-co", 404, "Không tìm thấy trang"),
        ("GET", "/courses/khong-co", 404, "Không tìm thấy trang"),
        ("DELETE", "/courses/", 405, "Không tìm thấy trang"),
        ("GET", "/people/", 403, "Anh/chị không có quyền xem trang này"),
        ("GET", "/help?q=%00", 400, "Chưa thực hiện được"),
    ],
)
def test_what_cannot_be_opened_says_so_in_the_language_of_the_page(
    make: Factory, client: PageClient, method: str, address: str, status: int, title: str
) -> None:
    client.sign_in(make.person(agency=make.agency()))
    answer = client.open(address, method=method)
    assert answer.status_code == status
    assert title in answer.text
    both = "&" if "?" in address else "?"
    english = client.open(f"{address}{both}lang=en", method=method)
    assert english.status_code == status
    assert title not in english.text


def test_a_form_without_its_token_or_session_says_what_to_do(
    make: Factory, client: PageClient
) -> None:
    course = make.course()
    client.sign_in(make.person(agency=make.agency()))
    stale = client.post(f"/courses/{course.slug}/enrol", data={"csrf_token": "cũ"})
    assert stale.status_code == 400
    assert "tải lại trang" in stale.text

    token = client.csrf_token()
    client.delete_cookie("lms")
    ended = client.post(f"/courses/{course.slug}/enrol", data={"csrf_token": token}, headers=JSON)
    assert ended.status_code in (400, 401)
    assert ended.get_json()["advice"]

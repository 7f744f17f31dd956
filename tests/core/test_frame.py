"""The frame: settings, mail, jobs, audit, storage, figures, and what scripts are told."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

import config
from lms.core import audit, i18n, jobs, mail, storage
from lms.core.clock import now
from lms.core.db import begin_write, db
from lms.core.sessions import WebSession
from tests.factories import PASSWORD, Factory
from tests.services.page_client import PageClient

SAFE = {
    "LMS_ENV": "production",
    "LMS_SECRET_KEY": "x" * 40,
    "LMS_BASE_URL": "https://hoc.example",
    "LMS_CONTENT_ORIGIN": "https://noi-dung.example",
}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("LMS_SECRET_KEY", ""),
        ("LMS_SECRET_KEY", "short"),
        ("LMS_BASE_URL", "http://hoc.example"),
        ("LMS_CONTENT_ORIGIN", ""),
        ("LMS_CONTENT_ORIGIN", "https://hoc.example"),
    ],
)
def test_production_refuses_an_unsafe_setting_and_names_it(
    tmp_path, setting: str, value: str
) -> None:
    environ = {**SAFE, "LMS_DATA_DIR": str(tmp_path)}
    assert config.load(environ)["SESSION_COOKIE_SECURE"] is True
    with pytest.raises(config.UnsafeSettings, match=setting):
        config.load({**environ, setting: value})


def test_the_secret_is_made_once_and_kept(tmp_path) -> None:
    environ = {"LMS_DATA_DIR": str(tmp_path)}
    assert config.load(environ)["SECRET_KEY"] == config.load(environ)["SECRET_KEY"]


@pytest.mark.parametrize("command", [["config"], ["doctor"], ["audit", "verify"], ["jobs", "run"]])
def test_a_command_prints_exactly_one_json_document(app: Flask, command: list[str]) -> None:
    outcome = app.test_cli_runner().invoke(args=[*command, "--json"])
    assert outcome.exit_code == 0
    json.loads(outcome.stdout)


def test_a_mail_goes_out_once_over_smtp(app: Flask, mailbox) -> None:
    app.config["LMS_MAIL_URL"] = mailbox.url
    try:
        with app.app_context():
            begin_write()
            db.session.add(_message())
            db.session.commit()
            assert jobs.run("core.mail.send") == 1
            assert jobs.run("core.mail.send") == 0
    finally:
        app.config["LMS_MAIL_URL"] = ""
    assert len(mailbox.to("hoa@bacninh.example")) == 1


def test_mail_waits_in_the_outbox_while_no_server_is_named(app: Flask) -> None:
    with app.app_context():
        begin_write()
        db.session.add(_message())
        db.session.commit()
        assert jobs.run("core.mail.send") == 0
        assert db.session.scalar(select(func.count()).select_from(mail.OutboxMessage)) == 1


def test_one_failing_job_does_not_stop_the_others(app: Flask, monkeypatch) -> None:
    def fail() -> int:
        raise RuntimeError("broken")

    monkeypatch.setitem(jobs._jobs, "a.broken.job", fail)
    with app.app_context():
        done = jobs.run_all()
    assert "a.broken.job" not in done
    assert "people.sign_in.sweep" in done


def test_sessions_that_are_over_are_swept_away(
    app: Flask, make: Factory, client: PageClient
) -> None:
    person = make.person(agency=make.agency(), password=True)
    client.post("/sign-in", data={"username": person.staff_code, "password": PASSWORD})
    with app.app_context(), time_machine.travel(now() + timedelta(hours=13)):
        jobs.run("people.sign_in.sweep")
        assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


@pytest.mark.parametrize(
    ("harm", "entry"),
    [
        ("UPDATE audit_entry SET action = 'x' WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 4", 4),
    ],
)
def test_an_edited_cut_or_shortened_chain_is_found(app: Flask, harm: str, entry: int) -> None:
    with app.app_context():
        begin_write()
        for number in range(4):
            audit.record("tests.happened", f"thing:{number}")
        db.session.commit()
        assert audit.find_break() is None
        db.session.execute(text(harm))
        broken = audit.find_break()
        assert broken is not None
        assert broken[0] == entry
        db.session.commit()
    outcome = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert outcome.exit_code == 1
    assert str(entry) in outcome.stderr


def test_a_rolled_back_act_leaves_no_entry(app: Flask) -> None:
    with app.app_context():
        begin_write()
        audit.record("tests.happened", "thing:1")
        db.session.rollback()
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(audit.AuditEntry)) == 0


def test_files_are_kept_found_and_deleted(app: Flask) -> None:
    with app.app_context():
        storage.put("tests/a", b"abc")
        assert (storage.get("tests/a"), storage.exists("tests/a")) == (b"abc", True)
        storage.delete("tests/a")
        assert storage.exists("tests/a") is False
        with pytest.raises(FileNotFoundError):
            storage.get("tests/a")


def test_a_moment_without_a_zone_cannot_be_stored(app: Flask) -> None:
    column, naive = WebSession.__table__.c.seen_at, datetime(2026, 1, 1)  # noqa: DTZ001
    with app.app_context(), pytest.raises(Exception, match="time zone"):
        db.session.execute(select(column).where(column == naive))


def test_figures_and_dates_are_written_the_vietnamese_way(app: Flask) -> None:
    with app.test_request_context("/"):
        assert i18n.number(9482) == "9.482"
        assert i18n.percent(0.7138) == "71,4%"
        assert i18n.percent(None) == "–"
        assert i18n.day(date(2026, 11, 24)) == "24/11/2026"
        assert i18n.long_day(date(2026, 11, 24)) == "Thứ Ba, 24/11/2026"
        assert i18n.moment(datetime(2026, 12, 31, 17, 30, tzinfo=UTC)) == "00:30 01/01/2027"
    with app.test_request_context("/?lang=en"):
        assert i18n.number(9482) == "9,482"


def test_a_script_is_told_of_trouble_in_json(client: PageClient, make: Factory) -> None:
    client.sign_in(make.person(agency=make.agency()))
    answer = client.get("/courses/khong-co", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.get_json()["advice"]


def test_an_upload_that_is_too_large_is_refused_in_words(client: PageClient, make: Factory) -> None:
    commune = make.agency(parent=make.agency(), kind="commune")
    client.sign_in(make.hr(commune))
    answer = client.post(
        "/people/rosters/new",
        data=b"x" * (33 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
        csrf=False,
    )
    assert answer.status_code == 413
    assert "32 MB" in answer.text


def test_a_passer_by_leaves_no_session_behind(app: Flask, client: PageClient) -> None:
    client.get("/help")
    client.get("/help?lang=en")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


def _message() -> mail.OutboxMessage:
    return mail.OutboxMessage(
        recipient="hoa@bacninh.example",
        subject="Giấy chứng nhận",
        body="Chào chị Hoà.",
        created_at=now(),
        not_before=now(),
    )

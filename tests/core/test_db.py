"""The database: moments with a zone, writers that start clean, and its doctor."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import cli, mail
from lms.core.clock import now
from lms.core.db import begin_write, db, insert
from lms.people.models import SignInFailure

BANGKOK = timezone(timedelta(hours=7))


def test_a_moment_of_any_zone_comes_back_as_the_same_moment_in_utc(app: Flask) -> None:
    moment = datetime(2026, 12, 31, 23, 59, 59, 123456, tzinfo=BANGKOK)
    with app.app_context():
        begin_write()
        db.session.add(SignInFailure(account_hash="x", address="::1", at=moment))
        db.session.commit()
        kept = db.session.scalars(select(SignInFailure.at)).one()
        found = db.session.scalar(
            select(func.count()).where(SignInFailure.at == moment.astimezone(UTC))
        )
    assert kept == moment
    assert kept.utcoffset() == timedelta(0)
    assert found == 1


def test_a_row_with_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    naive = datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001
    with app.app_context():
        begin_write()
        db.session.add(SignInFailure(account_hash="x", address="::1", at=naive))
        with pytest.raises(Exception, match="time zone"):
            db.session.commit()
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_a_writer_starts_clean(app: Flask) -> None:
    with app.app_context():
        begin_write()
        db.session.add(SignInFailure(account_hash="x", address="::1", at=now()))
        db.session.flush()
        begin_write()
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_insert_knows_conflicts_on_both_databases(app: Flask) -> None:
    moment = now()
    values = {
        "id": 1,
        "recipient": "a@b.vn",
        "subject": "",
        "body": "",
        "created_at": moment,
        "not_before": moment,
        "tries": 0,
    }
    with app.app_context():
        begin_write()
        for _twice in range(2):
            statement = insert(mail.OutboxMessage.__table__).values(values)
            db.session.execute(statement.on_conflict_do_nothing())
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(mail.OutboxMessage)) == 1


@pytest.mark.parametrize(("version", "warned"), [((3, 40, 1), True), ((3, 51, 3), False)])
def test_the_doctor_warns_of_an_sqlite_that_can_corrupt_its_wal(
    app: Flask, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], warned: bool
) -> None:
    on_sqlite = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")
    monkeypatch.setattr(cli.SQLITE, "sqlite_version_info", version)
    outcome = app.test_cli_runner().invoke(args=["doctor", "--json"])
    warnings = json.loads(outcome.stdout)["warnings"]
    assert any("WAL" in warning for warning in warnings) is (warned and on_sqlite)

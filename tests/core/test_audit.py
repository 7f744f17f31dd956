"""The audit log: who did it, in an order that cannot be changed unseen."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from lms.core import audit
from lms.core.audit import AuditEntry
from lms.core.db import begin_write, db
from tests.factories import Factory
from tests.services.page_client import PageClient


@pytest.fixture
def chain(app: Flask) -> Flask:
    """Give an app whose chain has four entries."""
    with app.app_context():
        begin_write()
        for number in range(4):
            audit.record("tests.happened", f"thing:{number}", place="Xã Đại Đồng", share=0.5)
        db.session.commit()
        assert audit.find_break() is None
    return app


def test_an_act_is_signed_by_whoever_is_signed_in(
    app: Flask, make: Factory, client: PageClient
) -> None:
    person, course = make.person(agency=make.agency()), make.course()
    client.sign_in(person)
    client.post(f"/courses/{course.slug}/enrol")
    client.post("/sign-out")
    with app.app_context():
        entries = db.session.execute(
            select(AuditEntry.number, AuditEntry.action, AuditEntry.actor_id).order_by(
                AuditEntry.number
            )
        ).all()
    assert entries == [(1, "courses.enrolled", person.id), (2, "people.signed_out", person.id)]


def test_acts_of_one_transaction_keep_their_order_and_those_undone_leave_no_gap(
    chain: Flask,
) -> None:
    with chain.app_context():
        begin_write()
        audit.record("tests.undone", "thing:x")
        db.session.rollback()
        begin_write()
        audit.record("tests.first", "thing:y")
        audit.record("tests.second", "thing:y")
        db.session.commit()
        query = select(AuditEntry.number, AuditEntry.action).where(AuditEntry.number > 4)
        assert db.session.execute(query.order_by(AuditEntry.number)).all() == [
            (5, "tests.first"),
            (6, "tests.second"),
        ]
        assert audit.find_break() is None


@pytest.mark.parametrize(
    ("harm", "entry"),
    [
        (["UPDATE audit_entry SET subject = 'thing:9' WHERE number = 1"], 1),
        (["UPDATE audit_entry SET details = '{}' WHERE number = 3"], 3),
        (["UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE number = 2"], 2),
        (["UPDATE audit_entry SET actor_id = NULL, hash = 'x' WHERE number = 2"], 2),
        (["UPDATE audit_entry SET number = 9 WHERE number = 2"], 2),
        (["DELETE FROM audit_entry WHERE number > 1"], 2),
        (["DELETE FROM audit_entry"], 1),
        (["DELETE FROM audit_entry WHERE number = 4", "DELETE FROM audit_head"], 4),
        (["DELETE FROM audit_head"], 5),
    ],
)
def test_whatever_is_done_to_the_rows_the_first_broken_entry_is_named(
    chain: Flask, harm: list[str], entry: int
) -> None:
    with chain.app_context():
        begin_write()
        for statement in harm:
            db.session.execute(text(statement))
        db.session.commit()
        broken = audit.find_break()
    assert broken is not None
    assert broken[0] == entry


def test_a_break_is_told_in_one_document_and_an_exit_code(chain: Flask) -> None:
    run = chain.test_cli_runner().invoke
    assert json.loads(run(args=["audit", "verify", "--json"]).stdout) == {"intact": True}
    with chain.app_context():
        begin_write()
        db.session.execute(text("UPDATE audit_entry SET action = 'x' WHERE number = 3"))
        db.session.commit()

    outcome = run(args=["audit", "verify", "--json"])

    assert outcome.exit_code == 1
    assert json.loads(outcome.stdout) == {"intact": False, "entry": 3, "fault": "changed"}


def test_reading_the_log_writes_nothing(chain: Flask) -> None:
    chain.test_cli_runner().invoke(args=["audit", "verify"])
    with chain.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 4

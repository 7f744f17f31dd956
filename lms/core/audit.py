"""The audit log: who did what to whom, hash-chained so that an edit or a cut shows.

``record`` collects; the entries are written when the transaction commits, so the
head of the chain is locked only for that moment.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from flask import has_request_context
from flask_login import current_user
from sqlalchemy import JSON, ForeignKey, Text, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.core.clock import now
from lms.core.db import UTCDateTime, db, insert

GENESIS = "0" * 64


class AuditEntry(db.Model):  # type: ignore[name-defined,misc]
    """One act. Never changed, never deleted."""

    __tablename__ = "audit_entry"

    #: Position in the chain, without gaps.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: A whole greppable string, like ``quizzes.attempt.submitted``.
    action: Mapped[str]
    #: What it was done to, like ``enrolment:17``.
    subject: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(db.Model):  # type: ignore[name-defined,misc]
    """The end of the chain: the one row that writers take turns on."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(Text)


def record(action: str, subject: str, actor_id: int | None = None, **details: Any) -> None:
    """Note an act in this transaction. Without actor_id it is the viewer's."""
    if actor_id is None and has_request_context() and current_user.is_authenticated:
        actor_id = current_user.person_id
    db.session.connection()  # a transaction is open from here: a rollback forgets the act
    pending = db.session.info.setdefault("audit", [])
    pending.append((now(), actor_id, action, subject, details))


def find_break() -> tuple[int, str] | None:
    """Return the first entry at which the chain breaks and why, or None."""
    number, previous = 0, GENESIS
    table = AuditEntry.__table__
    for row in db.session.execute(select(table).order_by(table.c.number)):
        number += 1
        if row.number != number:
            return number, "missing"
        if row.previous_hash != previous or row.hash != _hash_of(row):
            return number, "changed"
        previous = row.hash
    head = db.session.execute(select(AuditHead.number, AuditHead.hash)).first()
    end = (head.number, head.hash) if head else (0, GENESIS)
    if end != (number, previous):
        return number + 1, "missing"
    return None


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    pending = session.info.pop("audit", [])
    if not pending:
        return
    number, previous = _take_head(session, len(pending))
    rows = []
    for at, actor_id, action, subject, details in pending:
        number += 1
        row = {
            "number": number,
            "at": at,
            "actor_id": actor_id,
            "action": action,
            "subject": subject,
            "details": details,
            "previous_hash": previous,
        }
        row["hash"] = previous = _digest(row)
        rows.append(row)
    session.execute(AuditEntry.__table__.insert(), rows)
    session.execute(AuditHead.__table__.update().values(hash=previous))


def _take_head(session: Session, entries: int) -> tuple[int, str]:
    """Move the head on by some entries; return the number and hash it stood at.

    The update locks the head on PostgreSQL until commit; SQLite's writer is alone.
    """
    move = (
        update(AuditHead)
        .values(number=AuditHead.number + entries)
        .returning(AuditHead.number, AuditHead.hash)
        .execution_options(synchronize_session=False)
    )
    head = session.execute(move).first()
    if head is None:  # the first entry of all; another writer may be at it too
        first = insert(AuditHead.__table__).values(id=1, number=0, hash=GENESIS)
        session.execute(first.on_conflict_do_nothing())
        head = session.execute(move).one()
    return head.number - entries, head.hash


@event.listens_for(Session, "after_rollback")
def _forget_pending(session: Session) -> None:
    session.info.pop("audit", None)


def _hash_of(row: Any) -> str:
    return _digest(row._asdict())


def _digest(row: dict[str, Any]) -> str:
    """Hash one entry over canonical JSON, chained by the hash before it."""
    parts = [
        row["number"],
        row["at"].isoformat(),
        row["actor_id"],
        row["action"],
        row["subject"],
        row["details"],
        row["previous_hash"],
    ]
    canonical = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

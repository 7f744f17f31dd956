"""Server-side sessions: the cookie holds a random token, the row holds the session.

Signing out, a new password, a changed role or a deactivation deletes the rows, so a
copied cookie dies with them.
"""

import hashlib
import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import ForeignKey, Index, Text, delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import CallbackDict

from lms.core.clock import now
from lms.core.db import UTCDateTime, begin_write, db, end_write

log = logging.getLogger(__name__)

SIGNED_IN_FOR = timedelta(hours=12)
ANONYMOUS_FOR = timedelta(hours=2)
IDLE_FOR = timedelta(hours=2)
#: Holders of a role see other people's data: their unattended screen closes sooner.
STAFF_IDLE_FOR = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
#: Seconds that a page waits to note when its reader was last seen.
TOUCH_PATIENCE = 0.2


class WebSession(db.Model):  # type: ignore[name-defined,misc]
    """One browser's session."""

    __tablename__ = "web_session"

    #: SHA-256 of the cookie's token: a stolen database opens no session.
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    data: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_web_session_expires_at", "expires_at"),)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The session of this request and what is to be written back."""

    def __init__(self, data: dict[str, Any] | None = None, row: Any = None) -> None:
        super().__init__(data or {}, self._changed)
        self.row = row
        self.token: str | None = None
        self.modified = False
        self.accessed = True

    @staticmethod
    def _changed(session: "ServerSession") -> None:
        session.modified = True

    def renew(self) -> None:
        """Give the session a new token and forget the old row: called at sign-in."""
        self.row = None
        self.modified = True

    @property
    def may_be_lost(self) -> bool:
        """Tell whether at most a message or a choice is lost when this is not written.

        Signing in and out, and what leads there, is for the database to confirm.
        """
        same = self.row is not None and str(self.row.person_id) == self.get("_user_id")
        return same or not self.modified


class ServerSessionInterface(SessionInterface):
    """Opens a session with one SELECT; writes only when something changed."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Return the session whose token the cookie carries, or an empty one."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not token or request.path.startswith("/static/"):
            return ServerSession()
        table = WebSession.__table__
        row = db.session.execute(select(table).where(table.c.token_hash == _hash(token))).first()
        if row is None or _is_over(row):
            return ServerSession()
        session = ServerSession(json.loads(row.data), row)
        session.token = token
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session back when it changed, and the moment it was last seen.

        The view has done its work by now: a database that is busy only then must not
        turn a page into an error, nor what was kept into what was not.
        """
        assert isinstance(session, ServerSession)
        try:
            self._save(app, session, response)
        except OperationalError as error:
            db.session.rollback()
            end_write()
            if not session.may_be_lost:
                session.modified = False  # the page that says so need not wait again
                raise
            log.warning("a session was not written: %s", error.orig)

    def _save(self, app: Flask, session: ServerSession, response: Response) -> None:
        if session.modified and session:
            self._write(app, session, response)
        elif session.modified and session.row is not None:
            _end(session.row.token_hash)
            response.delete_cookie(self.get_cookie_name(app), path="/")
        elif session.row is not None and now() - session.row.seen_at > SEEN_EVERY:
            _touch(session.row.token_hash)

    def _write(self, app: Flask, session: ServerSession, response: Response) -> None:
        begin_write()
        if session.row is None and session.token is not None:
            _delete(_hash(session.token))
        token = session.token if session.row is not None else secrets.token_urlsafe(32)
        assert token is not None
        person_id = int(session["_user_id"]) if "_user_id" in session else None
        moment = now()
        lives = SIGNED_IN_FOR if person_id else ANONYMOUS_FOR
        created = session.row.created_at if session.row is not None else moment
        values = {
            "token_hash": _hash(token),
            "person_id": person_id,
            "is_staff": bool(session.get("is_staff")),
            "data": json.dumps(dict(session)),
            "created_at": created,
            "seen_at": moment,
            "expires_at": created + lives,
        }
        table = WebSession.__table__
        if session.row is None:
            db.session.execute(table.insert().values(values))
        else:  # a row that was deleted meanwhile stays so: that session is over
            db.session.execute(
                table.update().where(table.c.token_hash == values["token_hash"]).values(values)
            )
        db.session.commit()
        end_write()
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            httponly=True,
            secure=bool(app.config["SESSION_COOKIE_SECURE"]),
            samesite="Lax",
            path="/",
            max_age=int(lives.total_seconds()),
        )
        response.headers.add("Vary", "Cookie")


def end_sessions_of(person_id: int) -> None:
    """Sign a person out everywhere. The caller commits."""
    table = WebSession.__table__
    db.session.execute(delete(table).where(table.c.person_id == person_id))


def delete_expired() -> int:
    """Delete the rows of sessions that are over; return how many. The caller commits."""
    table = WebSession.__table__
    return db.session.execute(delete(table).where(table.c.expires_at < now())).rowcount  # type: ignore[attr-defined,no-any-return]


def _is_over(row: Any) -> bool:
    idle = STAFF_IDLE_FOR if row.is_staff else IDLE_FOR
    return bool(row.expires_at < now() or row.seen_at + idle < now())


def _touch(token_hash: str) -> None:
    table = WebSession.__table__
    begin_write(TOUCH_PATIENCE)
    db.session.execute(table.update().where(table.c.token_hash == token_hash).values(seen_at=now()))
    db.session.commit()
    end_write()


def _end(token_hash: str) -> None:
    begin_write()
    _delete(token_hash)
    db.session.commit()
    end_write()


def _delete(token_hash: str) -> None:
    table = WebSession.__table__
    db.session.execute(delete(table).where(table.c.token_hash == token_hash))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

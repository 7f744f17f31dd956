"""The database: one session a request, the same promises on SQLite and PostgreSQL.

A transaction starts as a reader. A door that will write says so first with
``begin_write``; on SQLite the transaction then opens with BEGIN IMMEDIATE, since a
deferred one that turns writer half way fails at once under two workers.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from types import ModuleType
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

try:
    # Its wheel carries an SQLite that is free of the WAL-reset corruption.
    import pysqlite3 as _pysqlite3
except ImportError:  # pragma: no cover - a platform without that wheel
    _pysqlite3 = sqlite3

SQLITE: ModuleType = _pysqlite3
BUSY_TIMEOUT_MS = 5000
#: How long a writer waits for its turn, in seconds.
PATIENCE = BUSY_TIMEOUT_MS / 1000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite keeps it without its zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: nobody could tell what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a datetime without a time zone cannot be stored"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Text that sorts byte by byte (sort keys): PostgreSQL needs to be told.
BinaryText = String().with_variant(String(collation="C"), "postgresql")

# In tests every session joins one outer transaction; elsewhere the mode changes nothing.
db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})
migrate = Migrate(db=db, directory="migrations", compare_type=True, render_as_batch=True)

_writers = Lock()
#: The patience of the writer that comes next; None: a reader.
_writing: ContextVar[float | None] = ContextVar("writing", default=None)


def init_app(app: Flask) -> None:
    """Open the database as the product needs it."""
    options: dict[str, Any] = {"pool_pre_ping": not _is_sqlite(app)}
    if _is_sqlite(app):
        options["module"] = SQLITE
        options["connect_args"] = {"timeout": PATIENCE, "check_same_thread": False}
    options["pool_size"] = 24
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    migrate.init_app(app)
    with app.app_context():
        if _is_sqlite(app):
            _listen(db.engine)
        else:
            event.listen(db.engine, "connect", _open_postgresql)
    app.teardown_appcontext(lambda _error: end_write())


def begin_write(patience: float = PATIENCE) -> None:
    """Make the next transaction of this request, command or job a writing one.

    Anything not yet committed is rolled back: call it before the first change. What is
    not worth waiting for asks for less patience, in seconds.
    """
    db.session.rollback()
    _writing.set(patience)


def end_write() -> None:
    """Let later transactions start as readers again."""
    _writing.set(None)


def insert(table: Any) -> Any:
    """Return the dialect's INSERT, which knows ON CONFLICT on both databases."""
    dialect = db.session.get_bind().dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def _is_sqlite(app: Flask) -> bool:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "commit", _leave_queue)
    event.listen(engine, "rollback", _leave_queue)


def _open_sqlite(connection: Any, _record: Any) -> None:
    """Durable, checked and patient: what SQLite does not do by itself."""
    connection.isolation_level = None  # BEGIN comes from _begin_sqlite alone
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-20000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _open_postgresql(connection: Any, _record: Any) -> None:
    """Give up on a lock as SQLite does, instead of waiting for whoever holds it for good."""
    connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.commit()


def _begin_sqlite(connection: Any) -> None:
    patience = _writing.get()
    if patience is None:
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite lets waiting writers poll, and an unlucky one starves. The threads of this
    # process queue here first; past the timeout SQLite's own lock has the last word.
    connection.info["queued"] = _writers.acquire(timeout=patience)
    try:
        with _waiting_for(connection, patience):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        _leave_queue(connection)
        raise


@contextmanager
def _waiting_for(connection: Any, patience: float) -> Iterator[None]:
    """Let SQLite wait that many seconds for the lock."""
    if patience == PATIENCE:
        yield
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={round(patience * 1000)}").close()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()


def _leave_queue(connection: Any) -> None:
    """Let the next writer of this process go on."""
    if connection.info.pop("queued", False):
        _writers.release()

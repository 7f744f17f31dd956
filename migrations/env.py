"""Runs the migrations on the product's database, in one transaction each."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from lms.core.db import UTCDateTime

db = current_app.extensions["migrate"].db


def write_type(kind: str, item: Any, _autogen_context: Any) -> str | bool:
    """Write our datetime as what it is in the database: migrations import no models."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate the configured database, or print the SQL in offline mode."""
    options = {
        "target_metadata": db.metadata,
        "compare_type": True,
        "render_item": write_type,
        # SQLite cannot alter a table in place; a batch copies it.
        "render_as_batch": True,
        "transaction_per_migration": True,
    }
    if context.is_offline_mode():
        context.configure(url=str(db.engine.url), literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            _keep_references(connection, on=False)
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
        if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            connection.rollback()
            msg = f"The migration would leave rows that point nowhere: {broken[:5]}"
            raise RuntimeError(msg)
        connection.commit()
        if on_sqlite:
            _keep_references(connection, on=True)


def _keep_references(connection: Connection, *, on: bool) -> None:
    """Check foreign keys, or not: a table that is copied is away for a moment.

    SQLite takes this only outside a transaction, hence past SQLAlchemy.
    """
    assert connection.connection.dbapi_connection is not None
    cursor = connection.connection.dbapi_connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()


run()

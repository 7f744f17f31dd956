"""Writes many rows quickly, on both databases."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, select, text

from lms.core.db import db

Row = dict[str, Any]

_BATCH = 5_000


def write(table: Table, rows: Iterable[Row]) -> int:
    """Insert the rows, all with the same keys, a batch at a time; return how many."""
    written = 0
    for batch in _batches(rows):
        db.session.execute(table.insert(), batch)
        written += len(batch)
    return written


def count_on(*tables: Table) -> None:
    """Let PostgreSQL's own numbers go on after the ids that were written; SQLite does anyway."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        highest = db.session.scalar(select(func.max(table.c.id)))
        db.session.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"),
            {"table": table.name, "highest": highest or 1},
        )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield batch

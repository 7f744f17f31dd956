"""Numbers of certificates: per issuing body and year, from 1, without gaps or doubles."""

from dataclasses import dataclass

from sqlalchemy import Executable, update

from certificates.models import CertificateSeries
from lms.core.db import db, insert


@dataclass(frozen=True)
class Number:
    """A place in a series, and how it is printed."""

    series_id: int
    ordinal: int
    text: str


def next_number(symbol: str, year: int) -> Number:
    """Take the next number of a series, in the present writing transaction.

    The series' row is locked until that transaction ends: others wait, and a rollback
    gives the number back. So there is never a gap, unlike with a sequence, and never a
    double, unlike with MAX + 1.
    """
    row = db.session.execute(_advance(symbol, year)).first()
    if row is None:
        row = db.session.execute(_open(symbol, year)).one()
    return Number(row.id, row.last_number, format_number(row.last_number, year, symbol))


def format_number(ordinal: int, year: int, symbol: str) -> str:
    """Write a number as it is printed: 0123/2026/GCN-SNV."""
    return f"{ordinal:04}/{year}/{symbol}"


def _advance(symbol: str, year: int) -> Executable:
    series = CertificateSeries.__table__
    return (
        update(series)
        .where(series.c.symbol == symbol, series.c.year == year)
        .values(last_number=series.c.last_number + 1)
        .returning(series.c.id, series.c.last_number)
    )


def _open(symbol: str, year: int) -> Executable:
    """Begin a series; when another transaction was first, go on from its number."""
    series = CertificateSeries.__table__
    statement: Executable = (
        insert(series)
        .values(symbol=symbol, year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=["symbol", "year"],
            set_={"last_number": series.c.last_number + 1},
        )
        .returning(series.c.id, series.c.last_number)
    )
    return statement

"""What every installation begins with: audiences, help lines, the province, starter courses.

Filling twice changes nothing: what is there is kept as it is, edited or not. The help
lines' ``checked_on`` is the day their sources were last read; nobody rang for us.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from lms.agencies.models import Agency, AgencySuccession
from lms.agencies.services import open_agency, succeed
from lms.core.db import db
from lms.core.helplines import HelpLine
from lms.people.models import Audience
from lms.seed.province.rows import AgencyRow, SuccessionRow
from lms.seed.province.tree import province_tree
from lms.seed.starters import add_issuer, add_starter_courses
from lms.seed.tables import read_rows

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class BaseOutcome:
    """How many of each there are, those from before included."""

    audiences: int
    help_lines: int
    agencies: int
    courses: int


def fill_base() -> BaseOutcome:
    """Bring in what is missing of the base."""
    _audiences()
    _help_lines()
    agencies, successions = province_tree()
    open_agencies(agencies)
    _successions(successions)
    add_issuer()
    courses = add_starter_courses()
    db.session.flush()
    return BaseOutcome(_count(Audience), _count(HelpLine), _count(Agency), len(courses))


def open_agencies(rows: Iterable[AgencyRow]) -> None:
    """Open those agencies that are not there yet; parents come before their children."""
    known = _agencies()
    for row in rows:
        if row.code in known:
            continue
        known[row.code] = open_agency(
            row.code,
            row.kind,
            row.name,
            parent=known[row.parent_code] if row.parent_code else None,
            valid_from=row.valid_from,
            name_en=row.name_en,
            short_name=row.short_name,
            aliases=row.aliases,
            valid_to=row.valid_to,
            opened_by=row.opened_by,
            closed_by=row.closed_by,
        )


def _audiences() -> None:
    known = set(db.session.scalars(select(Audience.key)))
    db.session.add_all(
        Audience(key=row["key"], name=row["name"], name_en=row["name_en"], position=position)
        for position, row in enumerate(read_rows(_DATA / "audiences.csv"), 1)
        if row["key"] not in known
    )


def _help_lines() -> None:
    known = set(db.session.scalars(select(HelpLine.phone)))
    db.session.add_all(
        HelpLine(
            position=position,
            phone=row["phone"],
            name=row["name"],
            note=row["note"],
            source=row["source"],
            checked_on=date.fromisoformat(row["checked_on"]),
        )
        for position, row in enumerate(read_rows(_DATA / "help_lines.csv"), 1)
        if row["phone"] not in known
    )


def _successions(rows: Iterable[SuccessionRow]) -> None:
    query = select(AgencySuccession.from_id, AgencySuccession.to_id, AgencySuccession.on)
    known = {tuple(row) for row in db.session.execute(query)}
    agencies = _agencies()
    for row in rows:
        old, new = agencies[row.from_code], agencies[row.to_code]
        if (old.id, new.id, row.on) not in known:
            succeed(old, new, on=row.on, kind=row.kind, decision=row.decision)


def _agencies() -> dict[str, Agency]:
    return {agency.code: agency for agency in db.session.scalars(select(Agency))}


def _count(model: type[DeclarativeBase]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0

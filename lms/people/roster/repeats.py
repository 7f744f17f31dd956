"""Finds the people that one file tells of twice."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from lms.core.text import fold
from lms.people.roster.cells import masked
from lms.people.roster.columns import Layout
from lms.people.roster.roster import RosterRow, Trouble


class _Claim(NamedTuple):
    """Something that should be one person's alone, and what to say when it is not."""

    key: Hashable
    reason: str
    field: str
    value: str


def settle_repeats(
    rows: Sequence[RosterRow], layout: Layout
) -> tuple[list[RosterRow], list[Trouble]]:
    """Return the rows, and a trouble for each earlier row that one repeats.

    A phone or an e-mail address that several share stays with the first of them, since
    it may sign in one person only.
    """
    firsts: dict[Hashable, RosterRow] = {}
    settled, troubles = [], []
    for row in rows:
        kept, told = row, set[int]()
        for claim in _claims(row):
            other = firsts.setdefault(claim.key, row)
            if other is row or (claim.field == "full_name" and _told_apart(row, other)):
                continue
            if claim.field == "phone":
                kept = replace(kept, phone=None)
            if claim.field == "email":
                kept = replace(kept, email=None)
            if other.row not in told:
                # A row copied whole is one trouble, not five.
                told.add(other.row)
                column = _column(layout, claim.field)
                troubles.append(Trouble(row.row, column, claim.reason, claim.value, other.row))
        settled.append(kept)
    return settled, troubles


def _claims(row: RosterRow) -> Iterator[_Claim]:
    if row.staff_code:
        code = ("code", fold(row.staff_code))
        yield _Claim(code, "duplicate_code", "staff_code", row.staff_code)
    if row.cccd:
        yield _Claim(("cccd", row.cccd), "duplicate_cccd", "cccd", masked(row.cccd))
    if row.full_name:
        birth = row.birth_date or row.birth_year
        key = ("person", row.full_name, birth, fold(row.agency_text))
        reason = "duplicate_person" if row.birth_date else "possible_duplicate"
        yield _Claim(key, reason, "full_name", row.full_name)
    if row.phone:
        yield _Claim(("phone", row.phone), "duplicate_phone", "phone", row.phone)
    if row.email:
        yield _Claim(("email", row.email), "duplicate_email", "email", row.email)


def _told_apart(row: RosterRow, other: RosterRow) -> bool:
    """Tell whether codes show that two people of one name, birth and agency are two."""
    codes = {row.staff_code, other.staff_code} - {None}
    numbers = {row.cccd, other.cccd} - {None}
    return len(codes) > 1 or len(numbers) > 1


def _column(layout: Layout, field: str) -> str:
    return layout.header(field) or layout.header("given")

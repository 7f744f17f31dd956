"""The two kinds of row that the tree of agencies is made of, and the dates they turn on."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

AGENCY_KINDS = frozenset(
    {
        "province",
        "department",
        "party_body",
        "mass_organisation",
        "district",
        "commune",
        "ward",
        "commune_office",
        "school",
        "agency",
        "unit",
    }
)
SUCCESSION_KINDS = frozenset({"merge", "split", "rename", "move"})

PROVINCE = "24"
OLD_BAC_NINH = "P27-2025"
OLD_BAC_GIANG = "P24-2025"

#: Two provinces became one, and the district level ended.
MERGER_ON = date(2025, 7, 1)

#: Both old provinces were re-established on this day. A body that is older than the records kept
#: here is taken to have existed since then: it is a floor, not the day the body was founded.
RECORDS_FROM = date(1997, 1, 1)

COMMUNE_RESOLUTION = "1658/NQ-UBTVQH15"
PROVINCE_RESOLUTION = "202/2025/QH15"

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency for the time it existed under one name.

    It is open on every day d with ``valid_from <= d < valid_to``; ``valid_to`` is None while it
    stands. ``opened_by`` and ``closed_by`` are decision numbers, '' where we are not sure of one.
    Raises ValueError for a kind that is not in AGENCY_KINDS or a row that closes before it opens.
    """

    code: str
    kind: str
    parent_code: str | None
    name: str
    name_en: str
    short_name: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: date = MERGER_ON
    valid_to: date | None = None
    opened_by: str = ""
    closed_by: str = ""

    def __post_init__(self) -> None:
        if self.kind not in AGENCY_KINDS:
            raise ValueError(f"{self.code}: no such kind of agency: {self.kind}")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"{self.code}: closes on {self.valid_to}, before it was open a day")

    def is_open(self, day: date) -> bool:
        """Whether the agency existed on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """On that day one agency took over all (merge, rename) or a part (split, move) of another.

    Raises ValueError for a kind that is not in SUCCESSION_KINDS.
    """

    from_code: str
    to_code: str
    on: date
    decision: str
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in SUCCESSION_KINDS:
            raise ValueError(f"{self.from_code}: no such kind of succession: {self.kind}")


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a table in data/, by column name; blank cells are ''.

    Raises FileNotFoundError when there is no such table.
    """
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split_cell(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several, separated by '|'."""
    return tuple(value for value in cell.split("|") if value)

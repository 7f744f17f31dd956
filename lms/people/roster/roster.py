"""What a roster is once read: people, troubles, and what was left aside."""

from dataclasses import dataclass
from datetime import date

from lms.people.roster.reasons import WARNINGS


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its letter, its header as written, the field it fills.

    ``field`` is None for a column that is not read.
    """

    index: int
    letter: str
    header: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the roster tells of them; what it does not tell is None or empty.

    ``row`` is the number that Excel shows. ``birth_year`` is also set beside a full date.
    """

    row: int
    staff_code: str | None
    full_name: str
    birth_date: date | None
    birth_year: int | None
    sex: str | None
    position: str
    agency_text: str
    phone: str | None
    email: str | None
    cccd: str | None
    audience_text: str
    note: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a cell that a person should know of.

    An ``error`` keeps its row from being imported; a ``warning`` does not. ``reason`` is a
    key of REASONS, ``column`` the header as written in the file, ``value`` the cell's text
    (an identity number masked), ``other_row`` the row that a duplicate repeats.
    """

    row: int
    column: str
    reason: str
    value: str
    other_row: int | None = None

    @property
    def severity(self) -> str:
        """``error`` or ``warning``."""
        return "warning" if self.reason in WARNINGS else "error"

    @property
    def values(self) -> dict[str, object]:
        """What fills the placeholders of the reason's message."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "other_row": self.other_row,
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no person: group, total, signature, numbering, heading or continued."""

    row: int
    kind: str
    text: str


@dataclass(frozen=True)
class Roster:
    """A roster as read. ``agency_kinds`` is what the agency column's header restricts to."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[RosterRow, ...]
    troubles: tuple[Trouble, ...]
    skipped: tuple[Skipped, ...]
    agency_kinds: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Trouble, ...]:
        """The troubles that keep rows out."""
        return tuple(trouble for trouble in self.troubles if trouble.severity == "error")

    @property
    def warnings(self) -> tuple[Trouble, ...]:
        """The troubles that only want a look."""
        return tuple(trouble for trouble in self.troubles if trouble.severity == "warning")

    @property
    def sound_rows(self) -> tuple[RosterRow, ...]:
        """The people whose rows hold no error."""
        refused = {trouble.row for trouble in self.errors}
        return tuple(row for row in self.rows if row.row not in refused)

    @property
    def unread_columns(self) -> tuple[Column, ...]:
        """The columns that fill no field."""
        return tuple(column for column in self.columns if column.field is None)

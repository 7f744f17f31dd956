"""What a table is once read, how large it may be, and how reading fails."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from lms.core.text import N_

Cell = str | int | float | bool | date | datetime | None

MAX_BYTES = 50 * 1024**2
MAX_ROWS = 200_000
MAX_COLUMNS = 200
#: Rows times columns: what a rectangle of cells costs in memory.
MAX_CELLS = 5_000_000
MAX_CHARACTERS = 64 * 1024**2

#: What people read for each code; the placeholders are the error's values.
MESSAGES = {
    "not_a_table": N_("The file is not a table. Send an Excel file (.xlsx, .xls) or a CSV file."),
    "web_page": N_(
        "The file is a web page or XML under the name of a table. "
        "Open it in Excel and save it as .xlsx."
    ),
    "encrypted": N_("The file is protected by a password. Remove the password and send it again."),
    "damaged": N_("The file is damaged or was not sent whole. Open it in Excel and save it again."),
    "empty": N_("The file holds no data."),
    "too_large": N_("The file is too large to be read safely. Split it into parts."),
    "too_many_rows": N_("The table has more than {limit} rows. Split it into parts."),
    "too_many_columns": N_(
        "The table has more than {limit} columns. Delete the columns that are not needed."
    ),
    "unknown_encoding": N_(
        "The letters of the file cannot be read. Save it as “CSV UTF-8” and send it again."
    ),
    "open_quote": N_(
        "A quotation mark that opens near row {row} is never closed. Delete it and send it again."
    ),
    "no_such_sheet": N_("The file has no sheet called “{sheet}”."),
}


class TableError(Exception):
    """A table that cannot be read.

    ``code`` is a key of MESSAGES, ``values`` fills the placeholders of its message.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class Merge(NamedTuple):
    """A block of merged cells, its value in the first one; rows and columns count from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Table:
    """One sheet as a rectangle of cells that begins at A1, empty rows included.

    Row ``i`` is the row that Excel numbers ``i + 1``. Blank cells are None, whole numbers
    int, and every cell of a CSV file is text. ``sheets`` names the visible sheets.
    """

    rows: list[list[Cell]]
    sheet: str = ""
    merged: tuple[Merge, ...] = ()
    sheets: tuple[str, ...] = ()

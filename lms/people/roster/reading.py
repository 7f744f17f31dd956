"""Reads a roster: people, troubles, and the rows that are neither."""

from datetime import date

from lms.core.tables import Cell, Table, TableError, read_table
from lms.core.text import clean
from lms.people.roster.columns import Layout, find_layout, headers_seen
from lms.people.roster.headings import agency_kinds
from lms.people.roster.lines import group_name, kind_of
from lms.people.roster.persons import PersonReader
from lms.people.roster.reasons import RosterError
from lms.people.roster.repeats import settle_repeats
from lms.people.roster.roster import Roster, RosterRow, Skipped, Trouble

#: Sheets tried after the first, for a file that begins with a page of guidance.
_OTHER_SHEETS = 8
#: Fields whose vertically merged cells and ditto marks stand for the value above.
_REPEATED_FIELDS = ("agency", "position", "position_agency", "audience")
_DITTO = frozenset({'"', "''", "”", "″", "nt", "-nt-", "- nt -", "//", "-//-", '-"-', "như trên"})
_LONGEST_LIST = 500


def read_roster(data: bytes, filename: str = "", today: date | None = None) -> Roster:
    """Read the people of an XLSX, XLS, ODS or CSV file in whatever shape agencies send it.

    ``today`` lets it refuse births in the future. Raises TableError for a file that cannot be
    read, and its RosterError for a table without a column of names ("no_name_column", with
    the headers seen) or without people ("no_people").
    """
    table, layout = _find_people(data, filename)
    _fill_merged(table, layout)
    rows, troubles, skipped = _read_body(table.rows, layout, today)
    if not rows:
        raise RosterError("no_people")
    rows, repeats = settle_repeats(rows, layout)
    troubles = [*_column_troubles(layout), *troubles, *repeats]
    return Roster(
        sheet=table.sheet,
        header_row=layout.first_body_row,
        columns=layout.columns,
        rows=tuple(rows),
        troubles=tuple(sorted(troubles, key=lambda trouble: trouble.row)),
        skipped=tuple(skipped),
        agency_kinds=agency_kinds(layout.header("agency")),
    )


def _find_people(data: bytes, filename: str) -> tuple[Table, Layout]:
    """Return the first sheet that has a column of names, with its layout."""
    first = read_table(data, filename)
    layout = find_layout(first)
    if layout:
        return first, layout
    others = [name for name in first.sheets if name != first.sheet]
    for name in others[:_OTHER_SHEETS]:
        table = _read_sheet(data, filename, name)
        layout = find_layout(table) if table else None
        if table and layout:
            return table, layout
    seen = ", ".join(headers_seen(first)) or "–"
    raise RosterError("no_name_column", seen=seen[:_LONGEST_LIST])


def _read_sheet(data: bytes, filename: str, sheet: str) -> Table | None:
    try:
        return read_table(data, filename, sheet=sheet)
    except TableError:
        # An empty or oversized sheet beside: the others may still hold the people.
        return None


def _fill_merged(table: Table, layout: Layout) -> None:
    """Repeat what is merged down the rows of its people: one cell "Sở Y tế" beside ten names."""
    columns = {layout.fields[field] for field in _REPEATED_FIELDS if field in layout.fields}
    for merge in table.merged:
        if merge.first_column in columns and merge.first_row >= layout.first_body_row:
            value = table.rows[merge.first_row][merge.first_column]
            for row in table.rows[merge.first_row + 1 : merge.last_row + 1]:
                row[merge.first_column] = value


def _read_body(
    lines: list[list[Cell]], layout: Layout, today: date | None
) -> tuple[list[RosterRow], list[Trouble], list[Skipped]]:
    reader = PersonReader(layout, today)
    rows: list[RosterRow] = []
    skipped: list[Skipped] = []
    agency, signed = "", False
    for index in range(layout.first_body_row, len(lines)):
        cells = lines[index]
        kind = kind_of(cells, layout, after_signature=signed)
        if kind == "person":
            _repeat_dittos(lines, index, layout)
            rows.append(reader.read(index + 1, cells, agency))
        elif kind != "blank":
            skipped.append(Skipped(index + 1, kind, _text(cells)))
        if kind == "group":
            agency = group_name(cells, layout)
        signed = kind == "signature" or (signed and kind != "person")
    return rows, reader.troubles, skipped


def _repeat_dittos(lines: list[list[Cell]], index: int, layout: Layout) -> None:
    """Put the value of the row above in place of a ditto mark or "-nt-" (như trên)."""
    for field in _REPEATED_FIELDS:
        column = layout.fields.get(field)
        if column is None or index <= layout.first_body_row:
            continue
        cell = lines[index][column]
        if isinstance(cell, str) and len(cell) <= 10 and clean(cell).lower() in _DITTO:
            lines[index][column] = lines[index - 1][column]


def _column_troubles(layout: Layout) -> list[Trouble]:
    troubles = []
    if "ethnicity" in layout.fields:
        troubles.append(("ethnicity", "ethnicity_not_read"))
    if ("male" in layout.fields) != ("female" in layout.fields) and "sex" not in layout.fields:
        troubles.append(("male" if "male" in layout.fields else "female", "sex_marked_once"))
    return [
        Trouble(layout.first_body_row, layout.header(field), reason, "")
        for field, reason in troubles
    ]


def _text(cells: list[Cell]) -> str:
    return " ".join(clean(cell) for cell in cells if isinstance(cell, str))[:200]

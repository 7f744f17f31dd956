"""Finds the header of a roster by itself: its rows, and the field of each column."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.core.tables import Cell, Merge, Table
from lms.core.text import clean
from lms.people.roster.headings import NAME_FIELDS, field_of
from lms.people.roster.roster import Column

#: How far down a header may begin, and of how many rows it may consist.
_DEEPEST = 60
_TALLEST = 3
_SAMPLE = 200
_MOSTLY = 0.8


@dataclass(frozen=True)
class Layout:
    """Where the people of a sheet begin and which column fills which field."""

    first_body_row: int
    columns: tuple[Column, ...]
    fields: dict[str, int]

    def header(self, field: str) -> str:
        """Return the header of a field as written in the file, or nothing."""
        headers = {column.field: column.header for column in self.columns}
        return headers.get(field, "")

    @property
    def name_columns(self) -> tuple[int, ...]:
        """The columns whose words in this order make the whole name."""
        order = ("full_name", "family_middle", "family", "middle", "given")
        return tuple(self.fields[field] for field in order if field in self.fields)


def find_layout(table: Table) -> Layout | None:
    """Return the header that names most fields, the highest such; None where no names are."""
    spans = [merge for merge in table.merged if merge.first_row < _DEEPEST + _TALLEST]
    best, most = None, (0, 0)
    for first in range(min(_DEEPEST, len(table.rows))):
        for last, grid in _headers_from(table.rows, spans, first):
            claims = _claims(grid)
            # Of equals the lower one: what stands above it is a title.
            score = (len(claims), -len(grid))
            if score > most and NAME_FIELDS & claims.keys():
                best, most = (last, grid, claims), score
    return _layout(table, *best) if best else None


def headers_seen(table: Table) -> list[str]:
    """Return the cells of the row that looks most like a header, to show when none is one."""
    rows = table.rows[:_DEEPEST]
    texts = [[clean(cell) for cell in row if isinstance(cell, str)] for row in rows]
    return max(texts, key=len, default=[])


def column_letter(index: int) -> str:
    """Return the letters that Excel shows above the column of that index (from 0)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _headers_from(
    rows: list[list[Cell]], spans: list[Merge], first: int
) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield each header that may begin in that row: its last row and its texts by row."""
    grid = [_texts(rows, spans, first)]
    yield first, grid
    for last in range(first + 1, min(first + _TALLEST, len(rows))):
        below = _texts(rows, spans, last)
        if not _continues(grid, below, rows[last]):
            return
        grid = [*grid, below]
        yield last, grid


def _texts(rows: list[list[Cell]], spans: list[Merge], row: int) -> list[str]:
    """Return a row's texts, each merged one repeated over the columns that it spans."""
    texts = [clean(cell) if isinstance(cell, str) else "" for cell in rows[row]]
    for merge in spans:
        if merge.first_row == row:
            for column in range(merge.first_column + 1, min(merge.last_column + 1, len(texts))):
                texts[column] = texts[merge.first_column]
    return texts


def _continues(grid: list[list[str]], below: list[str], cells: list[Cell]) -> bool:
    """Tell whether a row is a further line of the header above it, not the first person.

    Under a name's header stands nothing (the cells are merged) or a part of the name.
    """
    if any(cell is not None and not isinstance(cell, str) for cell in cells) or not any(below):
        return False
    for column, text in enumerate(below):
        above = field_of(_joined(grid, column))
        under = field_of(text)
        if text and above and above[0] in NAME_FIELDS and not (under and under[0] in NAME_FIELDS):
            return False
    return any(field_of(text) for text in below)


def _joined(grid: list[list[str]], column: int) -> str:
    """Return a column's header, its lines joined, a line that repeats another left out."""
    lines = dict.fromkeys(line[column] for line in grid if line[column])
    return " ".join(lines)


def _claims(grid: list[list[str]]) -> dict[str, int]:
    """Return field -> column; where several claim a field, the surest, then the leftmost."""
    claims: dict[str, tuple[int, int]] = {}
    for column in range(len(grid[0])):
        claim = _claim(grid, column)
        if claim:
            field, rank = claim
            claims[field] = min(claims.get(field, (rank, column)), (rank, column))
    return {field: column for field, (_, column) in claims.items()}


def _claim(grid: list[list[str]], column: int) -> tuple[str, int] | None:
    """Return the field of a column: by its lowest line, its joined lines, or any line."""
    lines = [line[column] for line in grid if line[column]]
    for text in (*lines[::-1][:1], _joined(grid, column), *lines[::-1][1:]):
        claim = field_of(text)
        if claim:
            return claim
    return None


def _layout(table: Table, last: int, grid: list[list[str]], claims: dict[str, int]) -> Layout:
    body = table.rows[last + 1 :]
    claims = _with_parts_of_birth(claims)
    claims = _with_split_name(claims, grid, table.merged, body)
    if "full_name" in claims:
        claims = {f: at for f, at in claims.items() if f == "full_name" or f not in NAME_FIELDS}
    taken = {column: field for field, column in claims.items()}
    columns = tuple(
        Column(index, column_letter(index), _joined(grid, index), taken.get(index))
        for index in range(len(grid[0]))
        if _joined(grid, index) or index in taken or any(row[index] is not None for row in body)
    )
    return Layout(last + 1, columns, claims)


def _with_parts_of_birth(claims: dict[str, int]) -> dict[str, int]:
    """Keep columns for day, month and year only where all three stand for the birth date."""
    parts = {"birth_day", "birth_month", "birth_year"}
    if parts <= claims.keys():
        return {field: column for field, column in claims.items() if field != "birth"}
    return {field: column for field, column in claims.items() if field not in parts}


def _with_split_name(
    claims: dict[str, int], grid: list[list[str]], merged: tuple[Merge, ...], body: list[list[Cell]]
) -> dict[str, int]:
    """Read "Họ và tên" over two columns as họ đệm in the first and tên in the second."""
    column = claims.get("full_name")
    if column is None or column + 1 >= len(grid[0]) or column + 1 in claims.values():
        return claims
    names = _joined(grid, column)
    spans = any(
        merge.first_column == column == merge.last_column - 1 and merge.first_row == merge.last_row
        for merge in merged
    )
    beside = _joined(grid, column + 1)
    if (spans and beside == names) or (not beside and _holds_given_names(body, column + 1)):
        split = {field: at for field, at in claims.items() if field != "full_name"}
        return {**split, "family_middle": column, "given": column + 1}
    return claims


def _holds_given_names(body: list[list[Cell]], column: int) -> bool:
    sample = [row[column] for row in body[:_SAMPLE] if row[column - 1] is not None]
    words = [cell for cell in sample if isinstance(cell, str) and len(cell.split()) == 1]
    return len(sample) > 1 and len(words) >= _MOSTLY * len(sample)

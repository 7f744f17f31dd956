"""Text tables: CSV with commas, semicolons or tabs, in the encodings that Excel writes."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from lms.core.tables.formulas import unguard
from lms.core.tables.table import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Table,
    TableError,
)

SEPARATORS = ";,\t"
_SAMPLE = 64 * 1024
_SAMPLE_ROWS = 60
#: A field that spans more lines than this has swallowed rows behind an open quotation mark.
_MAX_LINES_IN_FIELD = 50
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SEPARATOR_LINE = re.compile(r"\Asep=(.)(?:\r\n|\r|\n|\Z)", re.IGNORECASE)


def read_separated(data: bytes, filename: str) -> Table:
    """Read a CSV file; its rows are numbered as Excel numbers them. Raises TableError."""
    text = _decode(data)
    _check_content(text)
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        # Excel obeys this line and does not show it, so it is no row.
        rows = _parse(text[separator.end() :], separator.group(1))
    else:
        rows = _parse(text, _find_separator(text))
    sheet = PurePath(filename.replace("\\", "/")).stem
    return Table(rows=_rectangle(rows), sheet=sheet, sheets=(sheet,))


def _decode(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding)
    if b"\x00" in data:
        raise TableError("not_a_table")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(data, "cp1258")


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        binary = encoding == "cp1258" and _BINARY.search(data.decode("latin-1"))
        raise TableError("not_a_table" if binary else "unknown_encoding") from error


def _check_content(text: str) -> None:
    if not text.strip("\ufeff \t\r\n;,\x1a"):
        raise TableError("empty")
    if _BINARY.search(text.rstrip("\x1a")) or text.startswith("%PDF-"):
        raise TableError("not_a_table")
    if re.match(r"\s*<(?:[!?]|html|table|div|style|meta)", text, re.IGNORECASE):
        raise TableError("web_page")


def _find_separator(text: str) -> str:
    """Return the separator that cuts the most rows into the most equal columns."""
    sample = text[:_SAMPLE]
    return max(SEPARATORS, key=lambda separator: _regularity(sample, separator))


def _regularity(sample: str, separator: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(_reader(sample, separator)):
            if number == _SAMPLE_ROWS:
                break
            widths[len(row)] += 1
    except csv.Error:
        return 0
    return max(((width - 1) * count for width, count in widths.items() if width), default=0)


def _parse(text: str, separator: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    last_filled = 0
    try:
        for row in _reader(text, separator):
            cells = [_cell(field, len(rows) + 1) for field in row]
            while cells and cells[-1] is None:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise TableError("too_many_columns", limit=MAX_COLUMNS)
            rows.append(cells)
            last_filled = len(rows) if cells else last_filled
            if last_filled > MAX_ROWS:
                raise TableError("too_many_rows", limit=MAX_ROWS)
    except csv.Error as error:
        raise TableError("open_quote", row=len(rows) + 1) from error
    return rows[:last_filled]


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text.rstrip("\x1a"), newline=""), delimiter=separator)


def _cell(field: str, row: int) -> Cell:
    if not field or field.isspace():
        return None
    if len(field) > _MAX_LINES_IN_FIELD and field.count("\n") > _MAX_LINES_IN_FIELD:
        raise TableError("open_quote", row=row)
    return unguard(field)


def _rectangle(rows: list[list[Cell]]) -> list[list[Cell]]:
    width = max((len(row) for row in rows), default=0)
    if not width:
        raise TableError("empty")
    if width * len(rows) > MAX_CELLS:
        raise TableError("too_large")
    for row in rows:
        row.extend([None] * (width - len(row)))
    return rows

"""Tables of a slide as HTML."""

from collections.abc import Sequence
from html import escape
from typing import Any

from courses.formats.office.graphics import MOST_COLUMNS, MOST_ROWS, Rows
from courses.formats.pptx.text import plain_text
from courses.formats.pptx.words import A
from lms.core.text import clean


def write_table(rows: Rows) -> str:
    """Return a table of plain texts; the first row names the columns."""
    html = ""
    for number, row in enumerate(rows):
        html += f"<tr>{_cells(row, 'th' if number == 0 else 'td')}</tr>"
    return f"<table>{html}</table>"


def read_table(table: Any) -> tuple[Rows, bool]:
    """Return the rows of an ``a:tbl`` as text, and whether any cells were merged."""
    rows: list[list[str]] = []
    merged = False
    for row in list(table.iterchildren(f"{A}tr"))[:MOST_ROWS]:
        cells = list(row.iterchildren(f"{A}tc"))[:MOST_COLUMNS]
        merged = merged or any(
            cell.get("gridSpan", "1") != "1" or cell.get("rowSpan", "1") != "1" for cell in cells
        )
        rows.append([clean(plain_text(cell)) for cell in cells])
    return rows, merged


def _cells(row: Sequence[str], tag: str) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in row)

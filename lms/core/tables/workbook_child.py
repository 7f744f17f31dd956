"""Reads one sheet of a workbook in a process of its own; run by workbook.py only.

The workbook comes on standard input. On standard output goes one JSON line for the sheet,
then one for each row, or a line with an error code. It imports nothing of the product.
"""

import json
import math
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

MAX_MERGES = 20_000


class Refused(Exception):
    """An error code and its values."""


def main() -> None:
    """Read the workbook under the limits of the command line and print it."""
    limits = json.loads(sys.argv[1])
    _limit_process(limits["memory"], limits["seconds"])
    data = sys.stdin.buffer.read()
    try:
        for line in read(data, limits):
            _print(line)
    except Refused as refusal:
        code, values = refusal.args
        _print({"error": code, **values})
    except MemoryError:
        _print({"error": "too_large"})
    except BaseException:  # noqa: BLE001 - the parser's panics are no Exceptions
        _print({"error": "damaged"})


def read(data: bytes, limits: dict[str, Any]) -> Iterator[Any]:
    """Yield the head, then each row of the sheet, or raise Refused."""
    # Imported under the limits.
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError as error:
        raise Refused("encrypted", {}) from error
    names = _visible_names(workbook)
    name, sheet = _choose(workbook, names, limits["sheet"])
    merges = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
    yield {"sheet": name, "sheets": names, "merged": merges[:MAX_MERGES]}
    yield from _within(sheet.to_python(skip_empty_area=False), limits)


def _print(line: Any) -> None:
    sys.stdout.write(json.dumps(line, default=_tag) + "\n")


def _limit_process(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _visible_names(workbook: Any) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _choose(workbook: Any, names: list[str], wanted: str | None) -> tuple[str, Any]:
    if wanted is not None:
        if wanted not in names:
            raise Refused("no_such_sheet", {"sheet": wanted})
        names = [wanted]
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.end is not None:
            return name, sheet
    raise Refused("empty", {})


def _within(rows: Iterable[list[Any]], limits: dict[str, Any]) -> Iterator[list[Any]]:
    """Yield the rows as far as the last filled one, all as wide as the widest."""
    kept: list[list[Any]] = []
    width = characters = filled = 0
    for number, row in enumerate(rows, start=1):
        cells = [_plain(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            characters += sum(len(cell) for cell in cells if isinstance(cell, str))
            width, filled = max(width, len(cells)), number
            _check(filled, width, characters, limits)
        if number <= limits["rows"]:
            kept.append(cells)
    for cells in kept[:filled]:
        yield cells + [None] * (width - len(cells))


def _check(rows: int, columns: int, characters: int, limits: dict[str, Any]) -> None:
    if rows > limits["rows"]:
        raise Refused("too_many_rows", {"limit": limits["rows"]})
    if columns > limits["columns"]:
        raise Refused("too_many_columns", {"limit": limits["columns"]})
    if rows * columns > limits["cells"] or characters > limits["characters"]:
        raise Refused("too_large", {})


def _plain(value: Any) -> Any:
    """Return the cell's value: None when blank, a whole number as int, a duration as text."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, bool | int | date):
        return value
    return str(value)


def _tag(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    return {"date": value.isoformat()}


if __name__ == "__main__":
    main()

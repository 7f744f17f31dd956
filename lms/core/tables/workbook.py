"""Workbooks: XLSX, XLSM, XLSB, ODS and XLS, read in a child process.

The parser reserves the rectangle between a sheet's farthest cells, so two cells in the
right places ask for terabytes, and a failed allocation ends its process. What can be seen
from outside (sizes, ratio, kind) is checked here first; the rest happens in a child with
little memory, little time and none of our secrets.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lms.core.tables.table import (
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Merge,
    Table,
    TableError,
)

MAX_UNPACKED = 100 * 1024**2
MAX_ENTRIES = 5_000
#: Sheets of empty formatted cells pack about 40 to 1; bombs about 1,000 to 1.
MAX_RATIO = 200
_SMALL = 1024**2
#: The bit of an entry that is locked by a password, and the mark of an entry.
_LOCKED = 0x1
_ENTRY = b"PK\x01\x02"
_MEMORY = 1024**3
_SECONDS = 30
_CHILD = Path(__file__).with_name("workbook_child.py")
_KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


def read_zip(data: bytes, sheet: str | None) -> Table:
    """Read a workbook that is a zip (XLSX, XLSM, XLSB, ODS). Raises TableError."""
    if data.count(_ENTRY) > MAX_ENTRIES:
        raise TableError("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
    except TableError:
        raise
    except Exception as error:
        # zipfile fails in many ways on bad bytes.
        raise TableError("damaged") from error
    return _read(data, sheet)


def read_ole(data: bytes, sheet: str | None) -> Table:
    """Read an old binary workbook (XLS). Raises TableError."""
    if "EncryptedPackage".encode("utf-16-le") in data or _has_file_password(data):
        raise TableError("encrypted")
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise TableError("not_a_table")
    return _read(data, sheet)


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > max(_SMALL, MAX_RATIO * packed):
        raise TableError("too_large")
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise TableError("encrypted")
    names = {entry.filename.lower().replace("\\", "/").lstrip("/") for entry in entries}
    if not names & {"xl/workbook.xml", "xl/workbook.bin"} and not _is_ods(archive, names):
        raise TableError("not_a_table")
    if any(_declares_entities(archive, entry) for entry in entries):
        raise TableError("damaged")


def _declares_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Tell whether a part begins with a document type, which no workbook has but a bomb needs."""
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(entry) as stream:
        return b"<!DOCTYPE" in stream.read(2048).upper()


def _is_ods(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if not {"mimetype", "content.xml"} <= names:
        return False
    with archive.open("mimetype") as stream:
        return b"opendocument.spreadsheet" in stream.read(200)


def _has_file_password(data: bytes) -> bool:
    """Tell whether an XLS begins with a FILEPASS record (2.4.117 of MS-XLS) after its BOF."""
    begin = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    return begin >= 0 and data[begin + 20 : begin + 22] == b"\x2f\x00"


def _read(data: bytes, sheet: str | None) -> Table:
    lines = _run_child(data, sheet)
    head = next(lines)
    rows = [[_cell(value) for value in line] for line in lines]
    if not rows:
        raise TableError("empty")
    return Table(
        rows=rows,
        sheet=head["sheet"],
        merged=tuple(Merge(*numbers) for numbers in head["merged"]),
        sheets=tuple(head["sheets"]),
    )


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        # Agencies, posts and sexes repeat on every row: one copy of each will do.
        return sys.intern(value)
    if isinstance(value, dict):
        if "date" in value:
            return date.fromisoformat(value["date"])
        return datetime.fromisoformat(value["datetime"])
    return value  # type: ignore[no-any-return]


def _run_child(data: bytes, sheet: str | None) -> Iterator[Any]:
    """Yield the child's head and rows; raise TableError for what it refused or died of."""
    limits = {
        "sheet": sheet,
        "rows": MAX_ROWS,
        "columns": MAX_COLUMNS,
        "cells": MAX_CELLS,
        "characters": MAX_CHARACTERS,
        "memory": _MEMORY,
        "seconds": _SECONDS,
    }
    command = [sys.executable, "-P", str(_CHILD), json.dumps(limits)]
    environ = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own script and our own interpreter
            command, input=data, capture_output=True, timeout=3 * _SECONDS, env=environ, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TableError("too_large") from error
    if done.returncode < 0:
        # Ended by the memory or time limit, which only a file made to hurt reaches.
        raise TableError("too_large")
    if done.returncode > 0:
        raise RuntimeError(f"The workbook reader did not start: {done.stderr[-500:]!r}")
    return _lines(done.stdout)


def _lines(output: bytes) -> Iterator[Any]:
    for number, line in enumerate(io.BytesIO(output)):
        parsed = json.loads(line)
        if isinstance(parsed, dict) and "error" in parsed:
            raise TableError(parsed.pop("error"), **parsed)
        if number or isinstance(parsed, dict):
            yield parsed

"""Workbooks written cell by cell, to be read by what is tested."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

#: Real files of the kinds that people bring; not part of the repository.
EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "examples"


def example(path: str) -> bytes:
    """Return a real file, or skip the test where they are not at hand."""
    if not EXAMPLES.is_dir():
        pytest.skip("…/shared/examples is not beside the repository")
    return (EXAMPLES / path).read_bytes()


def xlsx(
    *sheets: Sequence[Sequence[object]],
    merges: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[int] = (),
) -> bytes:
    """Return a workbook; ``merges`` (from row, column to row, column) are of its first sheet."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for number, rows in enumerate(sheets):
            worksheet = workbook.add_worksheet(f"Trang {number + 1}")
            if number in hidden:
                worksheet.hide()
            elif number - 1 in hidden:
                worksheet.activate()
                worksheet.set_first_sheet()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        worksheet.write_datetime(at, column, value, day)
                    elif isinstance(value, str):
                        worksheet.write_string(at, column, value)
                    elif value is not None:
                        worksheet.write(at, column, value)
            for first_row, first_column, last_row, last_column in merges if number == 0 else ():
                value = rows[first_row][first_column]
                worksheet.merge_range(first_row, first_column, last_row, last_column, value)
    return output.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """Return the workbook with parts replaced: ``sheet1=b"…"`` or ``strings=b"…"``."""
    names = {"sheet1": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    replaced = {names[part]: content for part, content in parts.items()}
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, replaced.get(name) or source.read(name))
    return output.getvalue()


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """Return an OpenDocument sheet of texts."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Trang 1">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return output.getvalue()


def xls(rows: Sequence[Sequence[str | float | None]], *, password: bool = False) -> bytes:
    """Return a workbook as Excel 97 wrote it: BIFF8 records in an OLE file of sectors."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    if password:
        start += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    name = b"\x08\x00" + b"Trang 1 "
    sheet_at = len(start) + 4 + 6 + len(name) + 4
    head = start + _record(0x0085, struct.pack("<IH", sheet_at, 0) + name) + _record(0x000A, b"")
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                body += _record(0x0204, place + text)
            elif value is not None:
                body += _record(0x0203, place + struct.pack("<d", value))
    return _ole("Workbook", head + body + _record(0x000A, b""))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _ole(name: str, stream: bytes) -> bytes:
    """Return an OLE file with one stream: header, one sector of table, one of directory."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    end, free, table, nothing = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
    chain = [table, end, *range(3, sectors + 2), end]
    allocation = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        label = (title + "\0").encode("utf-16-le")
        return (
            label.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(label), kind, 1, nothing, nothing, child)
            + bytes(36)
            + struct.pack("<IQ", first, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, nothing, 2, len(stream))
    directory += bytes(256)
    return header + allocation + directory + stream.ljust(sectors * 512, b"\0")

"""Files made to hurt are refused before they can."""

import contextlib
import io
import time
import zipfile

import pytest

from lms.core.tables import TableError, read_table
from lms.core.tables.workbook import MAX_ENTRIES
from tests.core.workbooks import EXAMPLES, example, repacked, xlsx

FAR_CELLS = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si>'
    b"</sst>"
)


def refused_quickly(data):
    start = time.perf_counter()
    with pytest.raises(TableError) as caught:
        read_table(data)
    assert time.perf_counter() - start < 10
    return caught.value.code


def zipped(**parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def test_a_sheet_that_asks_for_terabytes_ends_its_reader_not_us():
    assert refused_quickly(repacked(xlsx([["a"]]), sheet1=FAR_CELLS)) == "too_large"


def test_entities_are_refused_unread():
    assert refused_quickly(repacked(xlsx([["a"]]), strings=ENTITIES)) == "damaged"
    assert refused_quickly(example("hostile/csv_xlsx/poi_poc-xmlbomb.xlsx")) == "damaged"


def test_a_zip_that_would_unpack_to_far_more_is_refused_unopened():
    assert refused_quickly(zipped(bomb=bytes(110 * 1024**2))) == "too_large"
    assert refused_quickly(zipped(bomb=bytes(5 * 1024**2))) == "too_large"
    assert refused_quickly(example("hostile/zip/bomb_ratio_50MB.zip")) == "too_large"


def test_a_zip_that_lies_about_its_size_gets_no_more_memory_than_the_reader_has():
    # A string of 300 MB that the directory calls small.
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * (300 * 1024**2)
        + b"</t></si></sst>"
    )
    data = bytearray(repacked(xlsx([["a"]]), strings=strings))
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/sharedStrings.xml"))
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    assert refused_quickly(bytes(data)) in ("too_large", "damaged")


def test_a_zip_of_too_many_entries_is_refused():
    parts = {f"x{number}": "" for number in range(MAX_ENTRIES + 1)}
    assert refused_quickly(zipped(**parts)) == "too_large"


def test_zips_of_other_kinds_are_no_tables():
    assert refused_quickly(example("hostile/zip/slip_dotdot.zip")) == "not_a_table"
    assert refused_quickly(example("documents/docx/poi_headerPic.docx")) == "not_a_table"


def test_no_example_makes_reading_fail_in_any_other_way():
    example("README.md")
    for folder in ("documents", "hostile", "questions/vi", "vietnam/rosters"):
        for path in (EXAMPLES / folder).rglob("*"):
            if path.is_file():
                with contextlib.suppress(TableError):
                    read_table(path.read_bytes(), path.name)

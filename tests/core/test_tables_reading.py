"""Tables are known by their content and read as the person sees them."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.tables import MESSAGES, Merge, TableError, read_table
from lms.core.text import clean
from tests.core.workbooks import example, ods, repacked, xls, xlsx

OUTCOMES = {None, *MESSAGES}
PEOPLE = [["STT", "Họ và tên"], ["1", "Đặng Thị Hòa"], ["2", "Lê Văn Ơn"]]


def refused(data, filename="", sheet=None):
    with pytest.raises(TableError) as caught:
        read_table(data, filename, sheet)
    message = MESSAGES[caught.value.code].format(**caught.value.values)
    assert "{" not in message
    return caught.value.code


def outcome(data):
    """Return the code of the refusal, or None when the table was read."""
    try:
        read_table(data)
    except TableError as error:
        return error.code
    return None


def as_csv(separator):
    return "\r\n".join(separator.join(row) for row in PEOPLE)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_are_found(separator, encoding):
    assert read_table(as_csv(separator).encode(encoding), "a.xlsx").rows == PEOPLE


def test_windows_1258_is_read_where_the_bytes_are_no_utf_8():
    # This code page has no Ặ: the tone stands behind its letter.
    written = "STT;Họ và tên\r\n1;Ðặng Thị Hòa"
    decomposed = {"ặ": "ă\u0323", "ọ": "o\u0323", "ị": "i\u0323", "ò": "o\u0300", "Ð": "Đ"}
    encoded = "".join(decomposed.get(letter, letter) for letter in written).encode("cp1258")
    rows = read_table(encoded).rows
    assert [clean(cell) for cell in rows[1]] == ["1", "Đặng Thị Hòa"]


def test_commas_within_texts_do_not_hide_a_semicolon():
    lines = ["Họ và tên;Ngày, tháng, năm sinh;Nơi, ở", "A;1,2,3;x, y", "B;;x, y", "C;1;x, y"]
    assert read_table("\n".join(lines).encode()).rows[1] == ["A", "1,2,3", "x, y"]


def test_the_separator_line_of_excel_is_obeyed_and_is_no_row():
    assert read_table(b"sep=|\r\na|b\r\n1|2").rows == [["a", "b"], ["1", "2"]]


def test_rows_of_a_csv_file_are_numbered_as_in_excel():
    rows = read_table('Tên,Ghi chú\n"Hoa","hai\ndòng"\n\nLan,'.encode()).rows
    assert rows == [["Tên", "Ghi chú"], ["Hoa", "hai\ndòng"], [None, None], ["Lan", None]]


def test_a_workbook_keeps_its_types_and_its_row_numbers():
    rows = [[], [None, "Lê Văn Ơn", 12, 1.5, True, date(1980, 2, 29)]]
    assert read_table(xlsx(rows), "a.csv").rows == [
        [None] * 6,
        [None, "Lê Văn Ơn", 12, 1.5, True, date(1980, 2, 29)],
    ]


def test_merged_cells_are_told_with_their_value_in_the_first():
    table = read_table(xlsx([["Danh sách", None, None], ["a", "b", "c"]], merges=[(0, 0, 0, 2)]))
    assert table.rows[0] == ["Danh sách", None, None]
    assert table.merged == (Merge(0, 0, 0, 2),)


def test_the_first_visible_sheet_with_data_is_read_and_others_by_name():
    data = xlsx([["giấu"]], [], [["thấy"]], [["nữa"]], hidden=[0])
    assert read_table(data).rows == [["thấy"]]
    assert read_table(data).sheets == ("Trang 2", "Trang 3", "Trang 4")
    assert read_table(data, sheet="Trang 4").rows == [["nữa"]]
    assert refused(data, sheet="Trang 1") == "no_such_sheet"
    assert refused(data, sheet="Trang 2") == "empty"


def test_the_old_binary_format_is_read():
    assert read_table(xls([["Họ tên", "Năm sinh"], ["Lê Văn Ơn", 1980.0]])).rows == [
        ["Họ tên", "Năm sinh"],
        ["Lê Văn Ơn", 1980],
    ]


def test_open_document_sheets_are_read():
    assert read_table(ods(PEOPLE), "a.ods").rows == PEOPLE


def test_encrypted_workbooks_are_told_from_damaged_ones():
    assert refused(xls([["a"]], password=True)) == "encrypted"
    assert refused(example("documents/odd/poi_protected_passtika.xlsx")) == "encrypted"
    assert refused(xlsx([["a"]])[:-40]) == "damaged"
    assert refused(repacked(xlsx([["a"]]), sheet1=b"<worksheet><sheetData><row")) == "damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf ;;\r\n", "empty"),
        (b"%PDF-1.7 \n", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b'<?xml version="1.0"?><Workbook/>', "web_page"),
        ("Tên\nẤ".encode() + b"\x90\x8f", "unknown_encoding"),
        (b'Ten;So\n"Hoa;1\n' + b"Lan;2\n" * 100, "open_quote"),
        (b",".join([b"x"] * 201), "too_many_columns"),
        (b"x\n" * 200_001, "too_many_rows"),
        (b"x" * (50 * 1024**2 + 1), "too_large"),
    ],
)
def test_each_trouble_has_its_code(data, code):
    assert refused(data, "danh-sach.xlsx") == code


def test_empty_workbooks_and_too_wide_ones_are_refused():
    assert refused(xlsx([])) == "empty"
    assert refused(xlsx([[None] * 200 + ["x"]])) == "too_many_columns"


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_reading_fail_in_any_other_way(data):
    assert outcome(data) in OUTCOMES


SCRATCHES = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 255)), min_size=1, max_size=12)


def scratched(data, scratches):
    """Return the bytes with some of them changed, their first eight aside."""
    changed = bytearray(data)
    for place, value in scratches:
        changed[8 + place % (len(data) - 8)] = value
    return bytes(changed)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([xlsx(PEOPLE, merges=[(0, 0, 0, 1)]), xls(PEOPLE), ods(PEOPLE)]), SCRATCHES)
def test_no_scratch_in_a_workbook_makes_reading_fail_in_any_other_way(data, scratches):
    assert outcome(scratched(data, scratches)) in OUTCOMES


@settings(max_examples=30, deadline=None)
@given(SCRATCHES)
def test_no_scratch_in_the_xml_of_a_sheet_makes_reading_fail_in_any_other_way(scratches):
    sheet = xlsx(PEOPLE)
    content = zipfile.ZipFile(io.BytesIO(sheet)).read("xl/worksheets/sheet1.xml")
    assert outcome(repacked(sheet, sheet1=scratched(content, scratches))) in OUTCOMES

"""Tables written are the tables read back."""

import io
import json
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.tables import read_table, write_csv, write_xlsx
from tests.core.workbooks import example

#: What a cell may hold as text: XML and CSV know no controls, and blanks are no value.
WORDS = st.text(
    alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=30
).filter(lambda text: not text.isspace() and text.strip("\ufeff"))
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e9, 1e9).map(lambda number: round(number, 3))
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))
ROWS = st.lists(
    st.tuples(WORDS, WORDS | st.none(), NUMBERS, DAYS | st.none(), st.booleans()), max_size=8
)
HEADERS = ["Họ và tên", "Ghi chú", "Số", "Ngày", "Có"]
RISKY = [
    "=1+1",
    "+84901234567",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("https://example.invalid","Bấm")',
    "＝1+1",
    " =1+1",
    "\u200b=1+1",
]


def csv_of(headers, rows, **options):
    return b"".join(write_csv(headers, rows, **options))


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_a_workbook_reads_back_as_it_was_written(rows):
    table = read_table(write_xlsx(HEADERS, rows, sheet="Danh sách"))
    assert table.rows == [HEADERS, *map(list, rows)]
    assert table.sheet == "Danh sách"


@settings(deadline=None)
@given(ROWS, st.sampled_from(",;\t"))
def test_a_csv_file_reads_back_as_the_texts_that_were_written(rows, separator):
    written = csv_of(HEADERS, rows, separator=separator)
    texts = [
        [a, b, str(n), d and d.strftime("%d/%m/%Y"), "TRUE" if y else "FALSE"]
        for a, b, n, d, y in rows
    ]
    assert read_table(written, "danh-sach.csv").rows == [HEADERS, *texts]


def test_a_csv_file_is_what_excel_expects():
    written = csv_of(["Tên", "Số"], [["Đặng; Hòa, A", 3], [None, -2.5]])
    assert written == '\ufeff"Tên","Số"\r\n"Đặng; Hòa, A",3\r\n"",-2.5\r\n'.encode()


def test_a_long_csv_file_comes_in_pieces():
    pieces = list(write_csv(["Số"], ([number] for number in range(60_000))))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 60_001


@pytest.mark.parametrize("text", RISKY)
def test_what_could_run_as_a_formula_stays_text_in_csv(text):
    written = csv_of([text], [[text]]).decode("utf-8-sig")
    assert all(field.startswith("\"'") for field in written.rstrip("\r\n").split('"\r\n'))


@pytest.mark.parametrize("text", [*RISKY, "'=1+1", "''=1+1", "'tis"])
def test_the_guard_against_formulas_is_taken_back_on_import(text):
    assert read_table(csv_of(["a"], [[text]])).rows[1] == [text]


@pytest.mark.parametrize("text", [*RISKY, "https://example.invalid", "0123", "{=1}", "[1]"])
def test_text_stays_text_in_a_workbook(text):
    workbook = openpyxl.load_workbook(io.BytesIO(write_xlsx(["a"], [[text]])))
    cell = workbook.active["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.hyperlink is None


def test_the_formulas_that_attackers_try_stay_text_in_a_workbook():
    cases = json.loads(example("hostile/csv_xlsx/formula_injection.json"))
    texts = [case["input"] for case in cases]
    table = read_table(write_xlsx(["a"], [[text] for text in texts]))
    assert [row[0] for row in table.rows[1:]] == texts
    read_back = read_table(csv_of(["a"], [[text] for text in texts]))
    assert [row[0] for row in read_back.rows[1:]] == texts


def test_a_workbook_has_frozen_headers_a_filter_and_dates_the_vietnamese_way():
    content = write_xlsx(["Họ và tên", "Ngày sinh"], [["Lê Thị Hoa", date(1974, 8, 5)]], "A/B: [x]")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.title == "A B   x"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet["A1"].font.bold
    assert sheet["B2"].number_format == "dd/mm/yyyy"
    assert sheet["B2"].value == datetime(1974, 8, 5)  # noqa: DTZ001 - how openpyxl reads dates
    assert sheet.column_dimensions["A"].width > len("Lê Thị Hoa")


def test_values_that_excel_does_not_know_are_written_as_text_or_left_out():
    rows = [[10**17, float("nan"), date(1899, 1, 2), "x" * 40_000, "a\ud800"]]
    read = read_table(write_xlsx(list("abcde"), rows)).rows[1]
    assert read[:3] == [str(10**17), None, "02/01/1899"]
    assert len(read[3]) == 32_767
    assert read[4] == "a\ufffd"


@pytest.mark.parametrize("write", [write_xlsx, csv_of])
def test_a_moment_must_be_in_the_readers_time_zone_before_it_is_written(write):
    with pytest.raises(ValueError, match="local time"):
        write(["Lúc"], [[datetime(2026, 11, 24, tzinfo=UTC)]])

"""Writes tables that Excel opens as they are meant: letters, figures, dates, no formulas."""

import csv
import io
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lms.core.tables.formulas import guard
from lms.core.tables.table import Cell

DATE_FORMAT = "dd/mm/yyyy"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm"
#: Excel's own limits.
LAST_ROW = 1_048_575
MAX_TEXT = 32_767
_MOST_DIGITS = 10**15
_FIRST_DATE = date(1900, 3, 1)
MAX_SHEET_NAME = 31
_NARROWEST, _WIDEST = 6, 60
_BOM = b"\xef\xbb\xbf"
_BATCH = 64 * 1024
#: Characters that XML cannot hold, however they are written.
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_csv(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ","
) -> Iterator[bytes]:
    """Yield a CSV file in pieces of about 64 KB: UTF-8 with BOM, CRLF, every text quoted.

    Quoted texts survive whichever separator the reader's Excel expects. Numbers stay
    numbers, dates are dd/mm/yyyy. Raises ValueError on an aware datetime: turn moments
    into the readers' time zone first.
    """
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, delimiter=separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n"
    )
    writer.writerow([guard(header) for header in headers])
    first = _BOM
    for row in rows:
        writer.writerow([_as_text_or_number(value) for value in row])
        if buffer.tell() > _BATCH:
            yield first + _drain(buffer)
            first = b""
    yield first + _drain(buffer)


def write_xlsx(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], sheet: str = "Danh sách"
) -> bytes:
    """Return a workbook of one sheet: frozen bold headers, filter, fitting columns, real types.

    Rows go to disk as they come, so memory does not grow with them. A text longer than
    Excel holds is cut and ends in “…”. Raises ValueError on an aware datetime.
    """
    output = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="lms-xlsx-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(output, options) as workbook:
            worksheet = workbook.add_worksheet(_sheet_name(sheet))
            _fill(worksheet, headers, rows, _formats(workbook))
    return output.getvalue()


def _as_text_or_number(value: Cell) -> str | int | float:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{_day(_local(value))} {value:%H:%M}"
    if isinstance(value, date):
        return _day(value)
    return guard(value) if isinstance(value, str) else value


def _day(day: date) -> str:
    # Not strftime, which writes years before 1000 with fewer than four digits.
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", errors="replace")


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise ValueError("a table shows local time: convert the aware datetime before writing it")
    return moment


def _formats(workbook: Workbook) -> dict[str, Format]:
    return {
        "header": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "date": workbook.add_format({"num_format": DATE_FORMAT, "align": "left"}),
        "moment": workbook.add_format({"num_format": MOMENT_FORMAT, "align": "left"}),
    }


def _fill(
    worksheet: Worksheet,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    formats: dict[str, Format],
) -> None:
    widths = [len(header) for header in headers]
    last = 0
    for column, header in enumerate(headers):
        worksheet.write_string(0, column, _excel_text(header), formats["header"])
    for last, row in enumerate(rows, start=1):
        if last > LAST_ROW:
            raise ValueError("a sheet holds no more rows than this: write CSV instead")
        widths.extend([0] * (len(row) - len(widths)))
        for column, value in enumerate(row):
            width = _write(worksheet, last, column, value, formats)
            widths[column] = max(widths[column], width)
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    worksheet.freeze_panes(1, 0)
    if headers:
        worksheet.autofilter(0, 0, last, len(headers) - 1)


def _write(
    worksheet: Worksheet, row: int, column: int, value: Cell, formats: dict[str, Format]
) -> int:
    """Write one cell by its type; return its width in characters."""
    value = _as_excel_knows_it(value)
    match value:
        case None:
            return 0
        case bool():
            worksheet.write_boolean(row, column, value)
            return len("FALSE")
        case int() | float():
            worksheet.write_number(row, column, value)
            return len(str(value))
        case datetime():
            worksheet.write_datetime(row, column, value, formats["moment"])
            return len(MOMENT_FORMAT)
        case date():
            worksheet.write_datetime(row, column, value, formats["date"])
            return len(DATE_FORMAT)
        case _:
            text = _excel_text(value)
            worksheet.write_string(row, column, text)
            return max(map(len, text.split("\n")))


def _as_excel_knows_it(value: Cell) -> Cell:
    """Return the value, or its text where Excel has no such number or date."""
    if isinstance(value, datetime):
        value = _local(value)
        return value if value.date() >= _FIRST_DATE else str(_as_text_or_number(value))
    if isinstance(value, date):
        return value if value >= _FIRST_DATE else str(_as_text_or_number(value))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) >= _MOST_DIGITS:
        return str(value)
    return value


def _excel_text(text: str) -> str:
    text = _NOT_XML.sub("\ufffd", text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _sheet_name(name: str) -> str:
    return _NOT_IN_SHEET_NAME.sub(" ", name)[:MAX_SHEET_NAME].strip(" '") or "1"

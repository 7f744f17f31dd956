"""Real rosters of the kinds that agencies send; skipped where they are not at hand."""

import csv
import io
import json
from datetime import date

import pytest

from lms.core.tables import read_table, write_csv
from lms.core.text import clean
from lms.people.roster.matching import AgencyIndex, AgencyName
from lms.people.roster.reading import read_roster
from tests.core.workbooks import example

TODAY = date(2026, 11, 24)


def roster(name):
    return read_roster(example(f"vietnam/rosters/{name}"), name, TODAY)


def test_the_official_letter_gives_sixty_people_and_no_group_as_a_person():
    read = roster("cong-van_60.xlsx")
    assert len(read.rows) == len(read.sound_rows) == 60
    assert read.header_row == 7
    assert [skipped.kind for skipped in read.skipped] == ["group"] * 11 + ["total"]
    assert (read.rows[0].row, read.rows[0].full_name) == (9, "Đặng Thế Tấn")
    assert all(row.phone and len(row.phone) == 10 for row in read.rows)
    assert not any("Ð" in row.full_name for row in read.rows)


def test_the_list_with_split_names_gives_eighty_people_and_invents_no_date():
    read = roster("ho-dem-ten_80.xlsx")
    assert len(read.rows) == len(read.sound_rows) == 80
    year_only = [row for row in read.rows if row.birth_date is None]
    told = [trouble.row for trouble in read.troubles if trouble.reason == "birth_year_only"]
    assert [row.row for row in year_only] == told
    assert all(row.birth_year for row in read.rows)
    assert all(row.sex for row in read.rows)
    assert read.rows[0].phone == "0900003000"
    assert {trouble.reason for trouble in read.troubles} == {
        "birth_year_only",
        "phone_zero_restored",
    }


@pytest.mark.parametrize(
    ("name", "separator"), [("utf8_semicolon.csv", ";"), ("utf8bom_comma.csv", ",")]
)
def test_the_csv_files_give_thirty_people_with_their_names(name, separator):
    text = example(f"vietnam/rosters/{name}").decode("utf-8-sig")
    names = [row[1] for row in csv.reader(io.StringIO(text), delimiter=separator)][1:]
    read = roster(name)
    assert [row.full_name for row in read.rows] == [clean(name) for name in names]
    assert len(read.sound_rows) == 30


def test_the_template_of_another_product_is_read_and_its_passwords_are_not():
    read = roster("meesudzu_mau-danh-sach-giao-vien.xlsx")
    assert [row.full_name for row in read.rows] == ["Nguyễn Văn A", "Nguyễn Thị B"]
    assert [column.header for column in read.unread_columns] == ["Tài Khoản", "Mật Khẩu"]


def test_every_commune_and_ward_of_the_rosters_is_found_among_the_99():
    units = json.loads(example("vietnam/admin/new_BacNinh_99_units.json"))["Wards"]
    index = AgencyIndex(
        AgencyName(
            unit["Code"],
            unit["Code"],
            "commune" if unit["FullName"].startswith("Xã") else "ward",
            unit["FullName"],
        )
        for unit in units
    )
    names = ("cong-van_60.xlsx", "ho-dem-ten_80.xlsx", "utf8_semicolon.csv", "utf8bom_comma.csv")
    texts = {row.agency_text for name in names for row in roster(name).rows}
    communes = [text for text in texts if text.startswith("UBND ")]
    assert len(communes) > 15
    assert [text for text in communes if index.resolve(text).state != "found"] == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_official_letter_saved_as_csv_gives_the_same_people(separator):
    rows = [
        ["" if cell is None else str(cell) for cell in row]
        for row in read_table(example("vietnam/rosters/cong-van_60.xlsx")).rows
    ]
    saved = b"".join(write_csv(rows[0], rows[1:], separator=separator))
    assert read_roster(saved, today=TODAY).rows == roster("cong-van_60.xlsx").rows

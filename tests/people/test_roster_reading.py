"""Rosters in the shapes that agencies send, read into people and troubles."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.tables import TableError, write_csv, write_xlsx
from lms.people.roster.reading import read_roster
from lms.people.roster.reasons import REASONS, WARNINGS, RosterError
from tests.core.workbooks import xlsx

TODAY = date(2026, 11, 24)
HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Đơn vị"]


def read(*rows, **options):
    return read_roster(xlsx(rows, **options), "danh-sach.xlsx", TODAY)


def troubles(roster):
    return [(trouble.row, trouble.column, trouble.reason) for trouble in roster.troubles]


def test_an_official_letter_with_groups_total_and_signature_gives_its_people_only():
    roster = read(
        ["UBND TỈNH BẮC NINH", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["DANH SÁCH THAM GIA TẬP HUẤN"],
        HEADER,
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["A", "CẤP TỈNH"],
        ["I", "Sở Giáo dục và Đào tạo (2 người)"],
        [1, "Đặng Thị Hòa", "05/08/1974", "Nữ"],
        [2, "Lê Văn Ơn", "06/08/1974", "Nam", "Sở Y tế"],
        ["B", "CẤP XÃ"],
        [3, "Bùi Văn Tú", "07/08/1974", "Nam"],
        [None, "II. Xã Gia Bình"],
        HEADER,
        [4, "Tống Văn Cộng", "08/08/1974", "Nam"],
        [None, "Tổng cộng: 4 người"],
        [None, None, "Bắc Ninh, ngày 05 tháng 3 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, "GIÁM ĐỐC"],
        [None, "Nguyễn Thị Lập", None, None],
    )
    assert [(row.row, row.full_name, row.agency_text) for row in roster.rows] == [
        (7, "Đặng Thị Hòa", "Sở Giáo dục và Đào tạo"),
        (8, "Lê Văn Ơn", "Sở Y tế"),
        (10, "Bùi Văn Tú", ""),
        (13, "Tống Văn Cộng", "Xã Gia Bình"),
    ]
    assert [(skipped.row, skipped.kind) for skipped in roster.skipped] == [
        (4, "numbering"),
        (5, "group"),
        (6, "group"),
        (9, "group"),
        (11, "group"),
        (12, "heading"),
        (14, "total"),
        (15, "signature"),
        (16, "signature"),
        (17, "signature"),
    ]
    assert roster.troubles == ()
    assert roster.header_row == 3


def test_the_date_of_birth_may_stand_in_the_column_of_the_sex():
    roster = read(
        ["STT", "Họ và tên", "Ngày sinh", None],
        [None, None, "Nam", "Nữ"],
        [1, "Lê Văn Ơn", "05/08/1974", None],
        [2, "Bùi Thị Hoa", None, date(1980, 2, 29)],
        [3, "Bùi Thị Lan", None, 1981],
        [4, "Bùi Thị Tú", "x", "x"],
        merges=[(0, 2, 0, 3)],
    )
    assert [(row.sex, row.birth_date, row.birth_year) for row in roster.rows] == [
        ("M", date(1974, 8, 5), 1974),
        ("F", date(1980, 2, 29), 1980),
        ("F", None, 1981),
        (None, None, None),
    ]
    assert troubles(roster) == [
        (5, "Ngày sinh Nữ", "birth_year_only"),
        (6, "Ngày sinh Nữ", "sex_both"),
    ]
    assert [row.row for row in roster.sound_rows] == [3, 4, 5]


def test_ticks_in_the_columns_of_the_sexes_tell_the_sex():
    roster = read(
        ["Họ đệm", "Tên", "Năm sinh", "Nam", "Nữ"],
        ["Lê Văn", "Ơn", 1974, "x", None],
        ["Bùi Thị", "Hoa", "05/08/1974", None, "X"],
    )
    assert [(row.full_name, row.sex, row.birth_year) for row in roster.rows] == [
        ("Lê Văn Ơn", "M", 1974),
        ("Bùi Thị Hoa", "F", 1974),
    ]


def test_a_lone_column_for_women_makes_nobody_a_man():
    roster = read(["Họ và tên", "Nữ"], ["Lê Văn Ơn", None], ["Bùi Thị Hoa", "x"])
    assert [row.sex for row in roster.rows] == [None, "F"]
    assert troubles(roster) == [(1, "Nữ", "sex_marked_once")]


def test_every_field_is_read_with_its_troubles_named_by_row_and_column():
    roster = read(
        [*HEADER, "Mã cán bộ", "Chức vụ", "Điện thoại", "Email", "CCCD", "Dân tộc", "Đối tượng",
         "Ghi chú", "Mật khẩu"],
        [1, "ĐẶNG THỊ HÒA", "31/02/1980", "Khác", "Sở Y tế", "BN01", "Kế toán", 900003000, "hoa@",
         27174001234, "Tày", "Cán bộ", "mới", "123456"],
        [2, "Lê Văn Ơn", 27246, "Nam", "Sở Y tế", "BN02", "Văn thư", "0900003001", "On@x.vn",
         "027174001234", None, None, None, None],
    )  # fmt: skip
    assert troubles(roster) == [
        (1, "Dân tộc", "ethnicity_not_read"),
        (2, "Họ và tên", "name_recased"),
        (2, "Giới tính", "sex_unreadable"),
        (2, "Ngày sinh", "birth_impossible"),
        (2, "CCCD", "cccd_zero_restored"),
        (2, "Điện thoại", "phone_zero_restored"),
        (2, "Email", "email_unreadable"),
        (3, "CCCD", "cccd_sex_disagrees"),
        (3, "CCCD", "duplicate_cccd"),
    ]
    shown = [trouble.value for trouble in roster.troubles if trouble.column == "CCCD"]
    assert shown == ["271••••1234", "027•••••1234", "027•••••1234"]
    assert {trouble.severity for trouble in roster.errors} == {"error"}
    first, second = roster.rows
    assert (first.staff_code, first.position, first.phone) == ("BN01", "Kế toán", "0900003000")
    assert (first.cccd, first.audience_text, first.note) == ("027174001234", "Cán bộ", "mới")
    assert (second.birth_date, second.email) == (date(1974, 8, 5), "on@x.vn")
    assert [column.header for column in roster.unread_columns] == ["Mật khẩu"]
    assert [column.letter for column in roster.unread_columns] == ["N"]
    assert not any("123456" in str(row) for row in roster.rows)


def test_repeats_name_the_other_row_and_a_shared_phone_stays_with_the_first():
    header = ["Mã cán bộ", "Họ và tên", "Ngày sinh", "Đơn vị", "SĐT"]
    roster = read(
        header,
        ["BN01", "Lê Văn Ơn", "05/08/1974", "Sở Y tế", "0900003000"],
        ["bn01", "Lê Văn Ơn", "05/08/1974", "Sở Y tế", "0900003000"],
        ["BN03", "Bùi Thị Hoa", "05/08/1974", "Sở Y tế", "0900003000"],
        [None, "Lê Văn Ơn", "05/08/1974", "SỞ Y TẾ", None],
        ["BN05", "Lê Văn Ơn", "05/08/1974", "Sở Y tế", None],
        [None, "Lý Tú", None, "Sở Y tế", None],
        [None, "Lý Tú", None, "Sở Y tế", None],
    )
    repeats = [(t.row, t.reason, t.other_row, t.severity) for t in roster.troubles]
    assert repeats == [
        (3, "duplicate_code", 2, "error"),
        (4, "duplicate_phone", 2, "warning"),
        (5, "duplicate_person", 2, "error"),
        (8, "possible_duplicate", 7, "warning"),
    ]
    assert [row.phone for row in roster.rows[:3]] == ["0900003000", None, None]


def test_merged_agencies_and_ditto_marks_hold_for_the_rows_below():
    roster = read(
        ["Họ và tên", "Năm sinh", "Chức vụ", "Đơn vị"],
        ["Lê Văn Ơn", 1974, "Kế toán", "Sở Y tế"],
        ["Bùi Thị Hoa", 1975, "-nt-", None],
        ["Lý Tú", 1976, "nt", "Sở Nội vụ"],
        merges=[(1, 3, 2, 3)],
    )
    assert [row.agency_text for row in roster.rows] == ["Sở Y tế", "Sở Y tế", "Sở Nội vụ"]
    assert [row.position for row in roster.rows] == ["Kế toán"] * 3


@pytest.mark.parametrize(
    ("cell", "position", "agency"),
    [
        ("Chuyên viên, Sở Nội vụ", "Chuyên viên", "Sở Nội vụ"),
        ("Phó Trưởng phòng Sở Nội vụ", "Phó Trưởng phòng", "Sở Nội vụ"),
        ("Kế toán - UBND xã Gia Bình", "Kế toán", "UBND xã Gia Bình"),
        ("Kế toán", "Kế toán", ""),
    ],
)
def test_position_and_agency_in_one_column_are_taken_apart(cell, position, agency):
    row = read(["Họ và tên", "Chức vụ, đơn vị công tác"], ["Lê Văn Ơn", cell]).rows[0]
    assert (row.position, row.agency_text) == (position, agency)


def test_a_row_without_a_name_is_an_error_but_prepared_empty_rows_are_not():
    roster = read(HEADER, [1, None, "05/08/1974", "Nam", "Sở Y tế"], [2], [3], [4, "Lý Tú"])
    assert troubles(roster) == [(2, "Họ và tên", "name_missing")]
    assert [row.row for row in roster.rows] == [2, 5]


def test_people_are_found_on_a_later_sheet_behind_a_page_of_guidance():
    guidance = [["Hướng dẫn điền mẫu"], ["1. Không sửa tiêu đề"]]
    roster = read_roster(xlsx(guidance, [], [HEADER, [1, "Lý Tú"]]))
    assert (roster.sheet, len(roster.rows)) == ("Trang 3", 1)


def test_a_table_without_names_is_refused_with_the_headers_seen():
    with pytest.raises(RosterError) as caught:
        read(["Bảng lương"], ["STT", "Ngày sinh", "Lương"], [1, "05/08/1974", 10])
    assert caught.value.code == "no_name_column"
    assert "STT, Ngày sinh, Lương" in REASONS["no_name_column"].format(**caught.value.values)


def test_a_table_without_people_is_refused():
    with pytest.raises(RosterError) as caught:
        read(HEADER, [1], [2])
    assert caught.value.code == "no_people"


def test_every_message_can_be_filled_and_every_warning_is_a_reason():
    values = {"row": 1, "column": "A", "value": "x", "other_row": 2}
    extra = {"seen": "", "limit": 1, "sheet": ""}
    assert all(message.format(**values, **extra) for message in REASONS.values())
    assert REASONS.keys() >= WARNINGS


NAMES = st.lists(
    st.sampled_from(["Nguyễn", "Đặng", "Thị", "Văn", "Hòa", "Ơn", "Ánh", "Tú"]),
    min_size=2,
    max_size=4,
).map(" ".join)
PEOPLE = st.lists(
    st.tuples(NAMES, st.dates(date(1960, 1, 1), date(2005, 1, 1)), st.sampled_from("MF")),
    min_size=1,
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(PEOPLE, st.sampled_from(["xlsx", "csv", "semicolons"]))
def test_a_list_that_we_wrote_is_read_back_person_by_person(people, kind):
    header = ["Mã cán bộ", "Họ và tên", "Ngày sinh", "Giới tính"]
    rows = [
        [f"BN{at}", name, birth, {"M": "Nam", "F": "Nữ"}[sex]]
        for at, (name, birth, sex) in enumerate(people)
    ]
    if kind == "xlsx":
        data = write_xlsx(header, rows)
    else:
        data = b"".join(write_csv(header, rows, separator=";" if kind == "semicolons" else ","))
    roster = read_roster(data, today=TODAY)
    assert [(row.full_name, row.birth_date, row.sex) for row in roster.rows] == people
    assert roster.troubles == ()


CELLS = st.none() | st.text(max_size=12) | st.sampled_from([*HEADER, "x", "1", "I", "Sở Y tế"])


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_no_table_under_a_header_makes_reading_fail_but_by_a_told_reason(rows):
    data = b"".join(write_csv(HEADER, rows))
    try:
        roster = read_roster(data)
    except TableError as error:
        known = error.code in REASONS
    else:
        known = all(trouble.reason in REASONS for trouble in roster.troubles)
    assert known

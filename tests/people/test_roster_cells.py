"""What each kind of cell may hold, and what is said of it when it cannot be taken."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.roster.births import read_birth
from lms.people.roster.cells import (
    masked,
    read_cccd,
    read_code,
    read_email,
    read_phone,
    read_sex,
)
from lms.people.roster.names import read_name
from lms.people.roster.reasons import REASONS

TODAY = date(2026, 11, 24)
CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(max_size=40)
    | st.text(alphabet="0123456789/.- x", max_size=15)
)


@pytest.mark.parametrize(
    "cell",
    [
        date(1974, 8, 5),
        datetime(1974, 8, 5, 10, 30),  # noqa: DTZ001 - a cell knows no zone
        "05/08/1974",
        "5/8/1974",
        "05-08-1974",
        "05.08.1974",
        "5 / 8 / 1974",
        "1974-08-05",
        "1974-08-05 00:00:00",
        "Ngày 05 tháng 8 năm 1974",
        "Sinh ngày 05/8/1974",
        "05081974",
        5081974,
        27246,
        27246.5,
        "'05/08/1974",
    ],
)
def test_a_date_of_birth_is_read_in_every_common_writing(cell):
    assert read_birth(cell, TODAY) == ((date(1974, 8, 5), 1974), [])


@pytest.mark.parametrize("cell", [1974, "1974", "năm 1974", "00/00/1974", "8/1974", 1974.0])
def test_a_year_alone_is_kept_as_a_year_and_no_date_is_made_up(cell):
    assert read_birth(cell, TODAY) == ((None, 1974), ["birth_year_only"])


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31/02/1980", "birth_impossible"),
        ("29/02/1981", "birth_impossible"),
        ("12/31/1980", "birth_impossible"),
        ("5.8.74", "birth_two_digit_year"),
        ("05/08/74", "birth_two_digit_year"),
        ("không rõ", "birth_unreadable"),
        ("1/2/3/1980", "birth_unreadable"),
        (True, "birth_unreadable"),
        (float("inf"), "birth_unreadable"),
        (-5, "birth_unreadable"),
        (date(1899, 1, 1), "birth_unreadable"),
        (date(2027, 1, 1), "birth_in_future"),
        (2027, "birth_in_future"),
    ],
)
def test_what_is_no_date_of_birth_is_refused_not_guessed(cell, reason):
    assert read_birth(cell, TODAY) == ((None, None), [reason])


def test_an_age_at_which_nobody_works_is_doubted_not_refused():
    assert read_birth("01/01/2019", TODAY) == ((date(2019, 1, 1), 2019), ["birth_unlikely"])
    assert read_birth("01/01/2019") == ((date(2019, 1, 1), 2019), [])


@given(st.dates(date(1930, 1, 1), date(2009, 12, 31)))
def test_every_date_survives_the_ways_in_which_it_is_written(day):
    for cell in (day, f"{day.day}/{day.month}/{day.year}", day.isoformat(), f"{day:%d%m%Y}"):
        assert read_birth(cell)[0].day == day


@pytest.mark.parametrize(
    ("cell", "sex"),
    [("Nam", "M"), ("NỮ", "F"), ("nu", "F"), (" nam. ", "M"), ("F", "F"), ("Nữ giới", "F")],
)
def test_sex_is_read_in_vietnamese_and_english(cell, sex):
    assert read_sex(cell) == (sex, [])


def test_another_word_for_sex_is_refused_and_none_is_none():
    assert read_sex("x") == (None, ["sex_unreadable"])
    assert read_sex(None) == (None, [])


@pytest.mark.parametrize(
    ("cell", "phone", "reasons"),
    [
        ("0900003000", "0900003000", []),
        (900003000.0, "0900003000", ["phone_zero_restored"]),
        (900003000, "0900003000", ["phone_zero_restored"]),
        ("+84 900 003 000", "0900003000", []),
        ("84900003000", "0900003000", []),
        ("0900.003.000", "0900003000", []),
        ("'0900003000", "0900003000", []),
        ("SĐT: 0900003000", "0900003000", []),
        ("0222 3822 123", "02223822123", []),
        ("0900003000 / 0911111111", "0900003000", ["phone_second_dropped"]),
        ("0900003000 hoặc không", "0900003000", []),
        ("01234567890", None, ["phone_unreadable"]),
        ("chưa có", None, ["phone_unreadable"]),
        (None, None, []),
    ],
)
def test_phones_are_mended_where_it_is_sure_how(cell, phone, reasons):
    assert read_phone(cell) == (phone, reasons)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("Hoa.LT@bacninh.gov.vn", "hoa.lt@bacninh.gov.vn"),
        (" mailto:hoa@x.vn; ", "hoa@x.vn"),
        ("hoa_2@a-b.edu.vn", "hoa_2@a-b.edu.vn"),
    ],
)
def test_addresses_are_read_in_lower_case(cell, address):
    assert read_email(cell) == (address, [])


@pytest.mark.parametrize(
    "cell", ["hoa", "hoa@", "hoa@x", "a b@x.vn", "=a@x.vn", "a@x.vn, b@x.vn", "hòa@x.vn", 12]
)
def test_what_is_no_address_is_refused(cell):
    assert read_email(cell) == (None, ["email_unreadable"])


@pytest.mark.parametrize(
    ("cell", "number", "reasons"),
    [
        ("027174001234", "027174001234", []),
        (27174001234, "027174001234", ["cccd_zero_restored"]),
        (1174001234, "001174001234", ["cccd_zero_restored"]),
        ("'027 174 001 234", "027174001234", []),
        ("125123456", None, ["cccd_old_number"]),
        ("2,7174E+10", None, ["cccd_unreadable"]),
        ("0271740012345", None, ["cccd_unreadable"]),
        ("không", None, ["cccd_unreadable"]),
        (None, None, []),
    ],
)
def test_identity_numbers_have_twelve_digits_with_their_lost_zero_put_back(cell, number, reasons):
    assert read_cccd(cell, "F", 1974) == (number, reasons)


def test_an_identity_number_of_another_sex_or_year_is_doubted_not_refused():
    assert read_cccd("027074001234", "F", 1975) == (
        "027074001234",
        ["cccd_sex_disagrees", "cccd_year_disagrees"],
    )
    assert read_cccd("027302001234", "F", 2002) == ("027302001234", [])
    assert read_cccd("027074001234") == ("027074001234", [])


def test_identity_numbers_are_masked_before_they_are_shown():
    assert masked("079174001234") == "079•••••1234"
    assert masked("1234567") == "•••••••"


def test_staff_codes_are_kept_as_text_unless_a_formula_or_a_rounded_number():
    assert read_code(3000) == ("3000", [])
    assert read_code(" BN-03000 ") == ("BN-03000", [])
    assert read_code("=A1") == (None, ["code_unreadable"])
    assert read_code("2,7E+10") == (None, ["code_unreadable"])


@pytest.mark.parametrize(
    ("cells", "name", "reasons"),
    [
        (["Hoàng Thu  Ðông "], "Hoàng Thu Đông", []),
        (["Lê Duy", "Tiến"], "Lê Duy Tiến", []),
        (["ĐẶNG THỊ HÒA"], "Đặng Thị Hòa", ["name_recased"]),
        (["lê văn ơn"], "Lê Văn Ơn", ["name_recased"]),
        (["Ngô Thị Thanh xanh"], "Ngô Thị Thanh xanh", []),
        (["Đ/c Lê Văn Ơn"], "Lê Văn Ơn", ["name_title_dropped"]),
        (["Ông Nguyễn Văn Ơn"], "Nguyễn Văn Ơn", ["name_title_dropped"]),
        (["Ông Ích Khiêm"], "Ông Ích Khiêm", []),
        (["Bà Trần Thị Hoa"], "Trần Thị Hoa", ["name_title_dropped"]),
        (["12. Lê Văn Ơn"], "Lê Văn Ơn", []),
        (["Trương Đoàn Phương"], "Trương Đoàn Phương", []),
        (["H'Hen Niê"], "H'Hen Niê", []),
        (["Hoa"], "Hoa", ["name_single_word"]),
    ],
)
def test_names_are_tidied_and_what_changed_is_told(cells, name, reasons):
    assert read_name(cells) == (name, reasons)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (None, "name_missing"),
        ("\u200b", "name_missing"),
        ('=HYPERLINK("http://x","Hoa")', "name_formula"),
        ("+Lê Hoa", "name_formula"),
        ("Lê Hoa 2", "name_digits"),
        (12, "name_digits"),
        ("Lê <b>Hoa</b>", "name_symbols"),
        ("...", "name_symbols"),
        ("NguyÔn V¨n An", "name_legacy_font"),
        ("TrÇn ThÞ Hoa", "name_legacy_font"),
        ("Trường THCS Gia Bình", "name_is_agency"),
        ("Lê " * 40, "name_too_long"),
    ],
)
def test_what_is_no_name_is_refused(cell, reason):
    assert read_name([cell])[1] == [reason]


@given(CELLS, CELLS)
def test_no_cell_makes_its_reader_fail_and_every_reason_is_worded(one, other):
    reasons = [
        *read_birth(one, TODAY)[1],
        *read_sex(one)[1],
        *read_phone(one)[1],
        *read_email(one)[1],
        *read_cccd(one, "F", 1974)[1],
        *read_code(one)[1],
        *read_name([one, other])[1],
    ]
    assert set(reasons) <= REASONS.keys()

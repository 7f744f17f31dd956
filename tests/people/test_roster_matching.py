"""An agency is found by what a roster calls it, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.roster.matching import AgencyIndex, AgencyName, nearest_agencies

AGENCIES = [
    AgencyName(1, "24", "province", "Tỉnh Bắc Ninh", aliases=("UBND tỉnh Bắc Ninh",)),
    AgencyName(2, "SGDDT", "department", "Sở Giáo dục và Đào tạo", "Sở GDĐT"),
    AgencyName(3, "SNV", "department", "Sở Nội vụ"),
    AgencyName(
        4, "SLDTBXH", "department", "Sở Lao động - Thương binh và Xã hội", None, (), open=False
    ),
    AgencyName(5, "09454", "commune", "Xã Gia Bình", "Gia Bình"),
    AgencyName(6, "262", "district", "Huyện Gia Bình", open=False),
    AgencyName(7, "09367", "ward", "Phường Từ Sơn"),
    AgencyName(8, "TH-01", "school", "Trường THCS Gia Bình"),
    AgencyName(9, "TH-02", "school", "Trường Tiểu học và THCS Hiệp Hoà"),
    AgencyName(10, "TH-03", "school", "Trường Mầm non Đào Viên"),
    AgencyName(11, "07840", "commune", "Xã Hiệp Hoà"),
    AgencyName(12, "MTTQ", "mass_organisation", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
    AgencyName(13, "09400", "ward", "Đào Viên"),
    AgencyName(14, "SKHCN", "department", "Sở Khoa học và Công nghệ"),
    AgencyName(15, "TH-04", "school", "Trường THPT Từ Sơn"),
    AgencyName(16, "TH-05", "school", "Trường THPT Từ Sơn"),
]
INDEX = AgencyIndex(AGENCIES)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Sở Giáo dục và Đào tạo", 2),
        ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", 2),
        ("Sở GD&ĐT", 2),
        ("Sở GD-ĐT", 2),
        ("Sở GDĐT tỉnh Bắc Ninh", 2),
        ("so giao duc va dao tao", 2),
        ("Sở Nội vụ Bắc Ninh", 3),
        ("Sở NV", 3),
        ("Sở KH&CN", 14),
        ("Xã Gia Bình", 5),
        ("UBND xã Gia Bình", 5),
        ("Ủy ban nhân dân xã Gia Bình", 5),
        ("Uỷ ban nhân dân xã Gia Bình, tỉnh Bắc Ninh", 5),
        ("X. Gia Bình", 5),
        ("09454", 5),
        ("9454", 5),
        ("UBND phường Từ Sơn", 7),
        ("P. Từ Sơn", 7),
        ("UBND P.Từ Sơn", 7),
        ("Phường Đào Viên", 13),
        ("xã Hiệp Hòa", 11),
        ("THCS Gia Bình", 8),
        ("Trường trung học cơ sở Gia Bình", 8),
        ("TH&THCS Hiệp Hòa", 9),
        ("MN Đào Viên", 10),
        ("Trường mầm non Đào Viên", 10),
        ("UBND tỉnh Bắc Ninh", 1),
        ("Tỉnh Bắc Ninh", 1),
    ],
)
def test_an_agency_is_found_by_its_common_writings(text, agency):
    match = INDEX.resolve(text)
    assert (match.state, match.id) == ("found", agency)


def test_a_closed_agency_is_recognised_and_told_apart():
    for text in ("Sở LĐTBXH", "Sở LĐ-TB&XH", "Sở Lao động, Thương binh và Xã hội"):
        match = INDEX.resolve(text)
        assert (match.state, match.id) == ("closed", 4)


@pytest.mark.parametrize(("text", "ids"), [("Gia Bình", (5, 6)), ("UBND Gia Bình", (5, 6))])
def test_a_bare_name_of_several_kinds_is_ambiguous(text, ids):
    match = INDEX.resolve(text)
    assert (match.state, match.ids, match.id) == ("ambiguous", ids, None)


def test_even_a_bare_name_of_one_kind_is_not_guessed():
    assert INDEX.resolve("Đào Viên").state == "ambiguous"


def test_a_bare_name_will_do_where_the_column_says_the_kind():
    assert INDEX.resolve("Gia Bình", {"commune", "ward"}).id == 5
    assert INDEX.resolve("Từ Sơn", {"commune", "ward"}).id == 7
    assert INDEX.resolve("Từ Sơn", {"school"}).state == "ambiguous"


def test_two_agencies_of_one_name_are_ambiguous():
    assert INDEX.resolve("THPT Từ Sơn").state == "ambiguous"


@pytest.mark.parametrize("text", ["", "  ", "Sở Ngoại vụ", "Lương Tài", "Báo Bắc Ninh"])
def test_what_is_not_there_is_unknown(text):
    match = INDEX.resolve(text)
    assert (match.state, match.id) == ("unknown", None)


def test_an_open_agency_is_preferred_to_a_closed_one_of_its_name():
    index = AgencyIndex(
        [
            AgencyName("old", "1", "commune", "Xã Tam Giang", open=False),
            AgencyName("new", "2", "commune", "Xã Tam Giang"),
        ]
    )
    assert index.resolve("UBND xã Tam Giang").id == "new"


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Xã Gia Bìn", 5),
        ("Sở Giáo dục Đào tạo và Thể thao", 2),
        ("Trường THCS xã Gia Bình", 8),
        ("Phường Từ Sơng", 7),
    ],
)
def test_the_likeliest_agency_is_suggested_first_for_a_misspelt_one(text, agency):
    suggestions = INDEX.suggest(text)
    assert suggestions[0].id == agency
    assert len(suggestions) <= 3
    assert suggestions == sorted(suggestions, key=lambda found: -found.score)


def test_closed_agencies_are_not_suggested():
    assert all(found.id != 6 for found in INDEX.suggest("Huyện Gia Bìnhh", n=10))


def test_suggestions_come_from_any_list_of_names():
    candidates = [("a", ["Sở Y tế"]), ("b", ["Sở Nội vụ", "SNV"]), ("c", [])]
    assert [found.id for found in nearest_agencies("Sở Nội v", candidates[:2], n=1)] == ["b"]
    assert nearest_agencies("Sở Y tế", candidates)[0].score == 1
    assert nearest_agencies("zzzz", candidates) == []
    assert nearest_agencies("", candidates) == []


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text):
    match = INDEX.resolve(text)
    assert match.state in ("found", "closed", "ambiguous", "unknown")
    assert all(0 <= found.score <= 1 for found in INDEX.suggest(text))


@given(st.sampled_from([a for a in AGENCIES if a.open and a.id not in (13, 15, 16)]))
def test_every_agency_is_found_by_its_own_name_and_code(agency):
    assert INDEX.resolve(agency.name).id == agency.id
    assert INDEX.resolve(agency.code.lower()).id == agency.id

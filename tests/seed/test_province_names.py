"""How names of places and bodies are spelled."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import fold
from lms.seed.province.names import bare_name, of_province, official_spelling, without_marks

VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạèéẻẽẹòóỏõọùúủũụỳýỷỹỵ ÁĐÒQUY", max_size=20)


@pytest.mark.parametrize(
    ("given_name", "spelled"),
    [
        ("Xã Hiệp Hoà", "Xã Hiệp Hòa"),
        ("Phường Cảnh Thuỵ", "Phường Cảnh Thụy"),
        ("PHƯỜNG NHÂN HOÀ", "PHƯỜNG NHÂN HÒA"),
        ("Xã Quý Sơn", "Xã Quý Sơn"),
        ("Xã Quỳnh Phú", "Xã Quỳnh Phú"),
        ("Xã Hoàng Vân", "Xã Hoàng Vân"),
        ("Huyền Sơn", "Huyền Sơn"),
    ],
)
def test_tone_marks_stand_where_official_papers_put_them(given_name, spelled):
    assert official_spelling(given_name) == spelled
    assert official_spelling(unicodedata.normalize("NFD", given_name)) == spelled


@given(VIETNAMESE)
def test_spelling_changes_neither_the_folded_name_nor_itself_again(name):
    spelled = official_spelling(name)
    assert fold(spelled) == fold(name)
    assert official_spelling(spelled) == spelled


@given(VIETNAMESE)
def test_names_without_marks_are_plain_ascii(name):
    assert without_marks(name).isascii()


def test_english_names_keep_their_capitals():
    assert without_marks("Đông Cứu") == "Dong Cuu"


@pytest.mark.parametrize(
    ("full", "bare"),
    [("Thị xã Quế Võ", "Quế Võ"), ("Xã Kép", "Kép"), ("Thị trấn Hồ", "Hồ"), ("Xã", "Xã")],
)
def test_a_place_can_be_named_without_its_kind(full, bare):
    assert bare_name(full) == bare


def test_a_provincial_body_takes_the_name_of_its_province():
    assert of_province("Sở Nội vụ", "Bắc Giang") == "Sở Nội vụ tỉnh Bắc Giang"
    assert of_province("Thanh tra tỉnh", "Bắc Giang") == "Thanh tra tỉnh Bắc Giang"
    assert of_province("Văn phòng Tỉnh ủy", "Bắc Giang") == "Văn phòng Tỉnh ủy Bắc Giang"

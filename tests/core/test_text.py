"""Cleaning, folding, order and slugs of Vietnamese text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import clean, fold, given_name, name_sort_key, slugify

LETTERS = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyÀẢÃÁẠẰẪẾỆỔỢÚÝỴĐ \u0300\u0309\u0303\u0301\u0323",
    max_size=40,
)

IN_ORDER = [
    "Nguyễn Văn An",
    "Nguyễn Thị Ánh",
    "Lê Ngọc Ân",
    "Trần Bảo",
    "Phạm Văn Dũng",
    "Bùi Thị Đào",
    "Đặng Thị Đào",
    "Hồ Thị Hoa",
    "Lê Thị Hòa",
    "Nguyễn Thị Hòa",
    "Nguyễn Thị Thanh Hòa",
    "Ông Văn On",
    "Lê Thị Ơn",
]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng  Thị\tHòa", "dang thi hoa"),
        ("Hoàng Thu Ðông", "hoang thu dong"),
        ("PHÚC HOÀ", "phuc hoa"),
        ("ƯỚC LƯỢNG ơ", "uoc luong o"),
        (unicodedata.normalize("NFD", "Nguyễn Thuỵ"), "nguyen thuy"),
        ("", ""),
    ],
)
def test_folding_drops_case_diacritics_and_extra_spaces(text, folded):
    assert fold(text) == folded


@given(LETTERS | VIETNAMESE)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(LETTERS | VIETNAMESE)
def test_composed_and_decomposed_text_fold_and_clean_alike(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(decomposed)
    assert clean(composed) == clean(decomposed)


@given(LETTERS | VIETNAMESE)
def test_clean_text_is_composed_visible_and_stays_as_it_is(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in cleaned)


def test_cleaning_mends_look_alikes_and_drops_what_cannot_be_seen():
    assert clean("\ufeff Hoàng\u200b Thu\u00a0\n Ðông ð\u0000 ") == "Hoàng Thu Đông đ"


@given(st.permutations(IN_ORDER))
def test_people_are_ordered_by_given_name_then_family_then_middle_name(people):
    assert sorted(people, key=name_sort_key) == IN_ORDER


def test_a_tone_in_the_given_name_outweighs_the_family_name():
    assert name_sort_key("Vũ Thị Hoa") < name_sort_key("Bùi Thị Hòa")


def test_a_middle_name_of_fewer_words_comes_first():
    assert name_sort_key("Lê Thị Thu An") < name_sort_key("Lê Thịnh An")
    assert name_sort_key("Lê An") < name_sort_key("Lê Văn An")


def test_case_and_form_do_not_count_in_the_order():
    assert name_sort_key("LÊ THỊ ƠN") == name_sort_key(unicodedata.normalize("NFD", "Lê Thị Ơn"))


@given(LETTERS)
def test_a_sort_key_is_hexadecimal_whatever_the_name(name):
    assert set(name_sort_key(name)) <= set("0123456789abcdef")


def test_people_are_greeted_by_their_given_name():
    assert given_name("Nguyễn Thị  Hoa ") == "Hoa"
    assert given_name("Hoa") == "Hoa"
    assert given_name("") == ""


def test_a_slug_is_ascii_and_has_a_fallback():
    assert slugify("Bình đẳng giới: khóa 1 (2026)") == "binh-dang-gioi-khoa-1-2026"
    assert slugify("???", fallback="course") == "course"
    assert slugify("a" * 50 + " " + "b" * 50, longest=51) == "a" * 50


@given(LETTERS)
def test_a_slug_holds_nothing_but_letters_digits_and_hyphens(text):
    slug = slugify(text)
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slug) <= 80
    assert not slug.startswith("-")
    assert not slug.endswith("-")

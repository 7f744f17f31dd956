"""Demo schools and commune offices, through schools() and offices()."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.text import fold
from lms.seed.province.schools import MOST_SCHOOLS, offices, schools
from lms.seed.province.tree import province_tree

AGENCIES = province_tree()[0]
BY_CODE = {row.code: row for row in AGENCIES}
FULL = schools(AGENCIES, MOST_SCHOOLS, seed=1)


def level(row):
    return re.fullmatch(r".*-(MN|TH|THCS|THPT)\d+", row.code).group(1)


def test_the_full_number_of_schools_can_be_made():
    assert len(FULL) == MOST_SCHOOLS == 1221


def test_codes_and_names_are_unique_even_when_read_without_marks():
    assert len({row.code for row in FULL}) == len(FULL)
    assert len({fold(row.name) for row in FULL}) == len(FULL)


def test_no_two_agencies_at_full_size_are_called_alike():
    counted = Counter(
        name
        for row in [*AGENCIES, *FULL, *offices(AGENCIES)]
        if row.valid_to is None
        for name in {fold(name) for name in (row.name, row.short_name or row.name, *row.aliases)}
    )
    assert [name for name, times in counted.items() if times > 1] == []


def test_upper_secondary_schools_belong_to_the_department_and_the_rest_to_communes():
    for row in FULL:
        kind = BY_CODE[row.parent_code].kind
        assert kind == "department" if level(row) == "THPT" else kind in ("commune", "ward")
        assert BY_CODE[row.parent_code].is_open(row.valid_from)


def test_the_code_of_a_local_school_begins_with_its_commune():
    local = [row for row in FULL if level(row) != "THPT"]
    assert all(row.code.startswith(f"{row.parent_code}-") for row in local)


def test_every_commune_has_every_level_at_full_size():
    levels = Counter((row.parent_code, level(row)) for row in FULL)
    communes = [row.code for row in AGENCIES if row.kind in ("commune", "ward")]
    assert all(levels[code, wanted] for code in communes for wanted in ("MN", "TH", "THCS"))


def test_a_small_demo_is_spread_over_the_communes():
    few = schools(AGENCIES, 60, seed=3)
    assert max(Counter(row.parent_code for row in few if level(row) != "THPT").values()) == 1
    assert {level(row) for row in few} == {"MN", "TH", "THCS", "THPT"}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, MOST_SCHOOLS), st.integers(0, MOST_SCHOOLS), st.integers())
def test_a_smaller_demo_is_a_part_of_a_larger_one_and_repeats_exactly(one, other, seed):
    small, large = (schools(AGENCIES, number, seed) for number in sorted((one, other)))
    assert len(small) == min(one, other)
    assert set(small) <= set(large)
    assert schools(AGENCIES, min(one, other), seed) == small


@pytest.mark.parametrize("how_many", [-1, MOST_SCHOOLS + 1])
def test_a_number_out_of_range_is_refused(how_many):
    with pytest.raises(ValueError, match="how_many"):
        schools(AGENCIES, how_many, seed=1)


def test_each_commune_office_has_three_offices_with_unique_codes_and_names():
    rows = offices(AGENCIES)
    assert len(rows) == 3 * 99 == len({row.code for row in rows}) == len({row.name for row in rows})
    assert set(Counter(row.parent_code for row in rows).values()) == {3}
    assert {BY_CODE[row.parent_code].kind for row in rows} == {"commune_office"}
    assert {row.kind for row in rows} == {"unit"}

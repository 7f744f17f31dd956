"""The dated tree of agencies of the demo province, through province_tree()."""

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from lms.core.text import fold
from lms.seed.province.rows import AgencyRow, SuccessionRow, read_table, split_cell
from lms.seed.province.tree import province_tree

MERGER = date(2025, 7, 1)
TODAY = date(2026, 1, 1)
ROOT = Path(__file__).parents[2]
LISTS = ROOT.parent / "shared" / "examples" / "vietnam" / "admin"


@pytest.fixture(scope="module")
def agencies():
    return province_tree()[0]


@pytest.fixture(scope="module")
def by_code(agencies):
    return {row.code: row for row in agencies}


@pytest.fixture(scope="module")
def successions():
    return province_tree()[1]


def official_list(name):
    path = LISTS / name
    if not path.exists():
        pytest.skip(f"the official list {name} is not beside this repository")
    return json.loads(path.read_text(encoding="utf-8"))


def called(row):
    """Every way in which a list may call the agency, folded."""
    return {fold(name) for name in (row.name, row.short_name or row.name, *row.aliases)}


def test_two_calls_give_the_same_tree():
    assert province_tree() == province_tree()


def test_importing_the_tree_does_not_load_the_tables_of_the_whole_country():
    lines = "import sys, lms.seed.province.tree; sys.exit('vietnam_provinces' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", lines], cwd=ROOT, check=False).returncode == 0


def test_the_province_has_66_communes_and_33_wards(agencies):
    kinds = Counter(row.kind for row in agencies if row.parent_code == "24" and len(row.code) == 5)
    assert kinds == {"commune": 66, "ward": 33}


def test_codes_are_unique_and_plain(agencies):
    codes = [row.code for row in agencies]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", code) for code in codes)


def test_communes_and_wards_have_five_digit_codes(agencies):
    codes = [row.code for row in agencies if row.kind in ("commune", "ward")]
    assert all(re.fullmatch(r"\d{5}", code) for code in codes)


def test_communes_and_wards_agree_with_the_official_list(agencies):
    official = official_list("new_BacNinh_99_units.json")["Wards"]
    ours = {row.code: (fold(row.name), row.name_en) for row in agencies if len(row.code) == 5}
    assert ours == {unit["Code"]: (fold(unit["FullName"]), unit["FullNameEn"]) for unit in official}


def test_districts_of_before_the_merger_bear_the_codes_and_names_of_the_official_list(by_code):
    official = official_list("old_BacGiang_BacNinh_districts_communes.json")
    for province in official.values():
        for code, district in province["quan-huyen"].items():
            rows = [row for row in by_code.values() if row.code.startswith(f"D{code}-")]
            bare = fold(district["name"])
            assert rows, district
            assert all(fold(row.name).endswith(bare) for row in rows), district


def test_every_parent_stands_before_its_children_and_was_open_as_long_as_they_were(agencies):
    seen = {}
    for row in agencies:
        if row.parent_code is not None:
            parent = seen[row.parent_code]
            assert parent.is_open(row.valid_from), row
            last_day = (row.valid_to or TODAY) - timedelta(days=1)
            assert parent.is_open(last_day), row
        seen[row.code] = row


def test_only_provinces_have_no_parent(agencies):
    assert {row.kind for row in agencies if row.parent_code is None} == {"province"}


def test_one_province_stands_on_each_side_of_the_merger(agencies):
    provinces = [row for row in agencies if row.kind == "province"]
    assert [row.code for row in provinces if row.is_open(MERGER)] == ["24"]
    day_before = MERGER - timedelta(days=1)
    assert {row.code for row in provinces if row.is_open(day_before)} == {"P27-2025", "P24-2025"}


def test_eight_and_ten_districts_stood_until_the_merger_and_none_since(agencies):
    districts = [row for row in agencies if row.kind == "district"]
    day_before = MERGER - timedelta(days=1)
    standing = Counter(row.parent_code for row in districts if row.is_open(day_before))
    assert standing == {"P27-2025": 8, "P24-2025": 10}
    assert not [row for row in districts if row.is_open(MERGER)]


def test_every_closed_agency_has_a_successor_on_the_day_it_closed(agencies, successions):
    took_over = {(row.from_code, row.on) for row in successions}
    closed = [row for row in agencies if row.valid_to is not None]
    assert [row for row in closed if (row.code, row.valid_to) not in took_over] == []


def test_every_commune_and_ward_comes_from_a_district(agencies, by_code, successions):
    sources = defaultdict(set)
    for row in successions:
        sources[row.to_code].add(by_code[row.from_code].kind)
    communes = [row.code for row in agencies if row.kind in ("commune", "ward")]
    assert all("district" in sources[code] for code in communes)


def test_the_district_that_had_the_code_of_a_commune_is_among_its_predecessors(
    by_code, successions
):
    official = official_list("old_BacGiang_BacNinh_districts_communes.json")
    homes = {
        unit: f"D{code}-2025"
        for province in official.values()
        for code, district in province["quan-huyen"].items()
        for unit in district["xa-phuong"]
    }
    # The list is older than 2025: Yên Dũng then joined Bắc Giang, and Chũ left Lục Ngạn.
    renewed = {"D221-2025": {"D213-2025"}, "D219-2025": {"D219-2025", "D224-2025"}}
    sources = defaultdict(set)
    for row in successions:
        sources[row.to_code].add(row.from_code)
    for code, row in by_code.items():
        if row.kind in ("commune", "ward"):
            home = homes[code]
            assert sources[code] & renewed.get(home, {home}), row


def test_only_two_new_places_lie_in_two_old_districts(by_code, successions):
    sources = Counter(row.to_code for row in successions if row.to_code.isdigit())
    assert {by_code[code].name for code, n in sources.items() if n > 1 and code != "24"} == {
        "Phường Đa Mai",
        "Xã Nam Dương",
    }


def test_each_place_takes_old_units_and_each_old_unit_of_a_district_goes_to_one_place():
    lines = read_table("former_units")
    units = [
        (line["district"], unit) for line in lines for unit in split_cell(line["former_units"])
    ]
    assert len(units) == len(set(units)) == 313
    of_old_bac_ninh = [district for district, _ in units if "D256" <= district < "D265"]
    assert len(of_old_bac_ninh) == 121


def test_successions_join_known_agencies_at_a_day_when_both_make_sense(by_code, successions):
    for row in successions:
        before, after = by_code[row.from_code], by_code[row.to_code]
        assert before.is_open(row.on - timedelta(days=1)), row
        assert after.is_open(row.on), row
        assert row.from_code != row.to_code
    assert len(set(successions)) == len(successions)


def test_a_merged_or_renamed_agency_is_closed_by_that(by_code, successions):
    whole = [row for row in successions if row.kind in ("merge", "rename")]
    assert [row for row in whole if by_code[row.from_code].valid_to != row.on] == []


def test_labour_department_went_to_home_affairs_and_parts_of_it_elsewhere(by_code, successions):
    heirs = {row.to_code: row for row in successions if row.from_code == "P27-2025-SLDTBXH"}
    assert heirs["P27-2025-SNV"].kind == "merge"
    assert heirs["P27-2025-SNV"].decision == "NQ 396"
    assert {code for code, row in heirs.items() if row.kind == "move"} == {
        "P27-2025-SYT",
        "P27-2025-SGDDT",
    }
    assert not by_code["P27-2025-SLDTBXH"].is_open(date(2025, 3, 1))


def test_yen_dung_joined_bac_giang_half_a_year_before_the_merger(by_code, successions):
    (heir,) = [row for row in successions if row.from_code == "D221-2025"]
    assert (heir.to_code, heir.on, heir.kind) == ("D213-2025", date(2025, 1, 1), "merge")


def test_names_are_unique_over_all_time(agencies):
    counted = Counter(fold(row.name) for row in agencies)
    assert [name for name, times in counted.items() if times > 1] == []


def test_whatever_an_agency_is_called_today_means_one_agency(agencies):
    meant = defaultdict(set)
    for row in agencies:
        if row.is_open(TODAY):
            for name in called(row):
                meant[name].add(row.code)
    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("day", [date(2021, 6, 1), date(2023, 3, 28), date(2025, 4, 1)])
def test_whatever_an_agency_was_called_meant_one_agency_of_its_province(agencies, day):
    meant = defaultdict(set)
    for row in agencies:
        if row.is_open(day):
            for name in called(row):
                meant[row.parent_code, name].add(row.code)
    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}


def test_no_agency_is_called_by_the_bare_name_of_a_place(agencies):
    kinds = ("commune", "ward", "district")
    bare = {fold(re.sub(r"^(Thành phố|Thị xã|Huyện|Phường|Xã) ", "", row.name))
            for row in agencies if row.kind in kinds}  # fmt: skip
    assert len(bare) > 99
    assert not [row for row in agencies if called(row) & bare]


def test_a_district_and_a_commune_of_one_name_are_told_apart_by_kind_and_day(agencies):
    named = [row for row in agencies if fold(row.name).endswith(" gia binh")]
    assert {(row.code, row.kind) for row in named if row.kind != "commune_office"} == {
        ("D263-2025", "district"),
        ("09454", "commune"),
    }
    assert not [row for row in named if row.is_open(date(2025, 6, 30)) and row.is_open(MERGER)]


def test_abbreviations_of_rosters_find_their_agency(agencies):
    meant = {name: row.code for row in agencies if row.is_open(TODAY) for name in called(row)}
    wanted = {
        "Sở GD&ĐT": "24-SGDDT",
        "Sở GDĐT": "24-SGDDT",
        "Sở NN&MT": "24-SNNMT",
        "Sở Khoa học và Công nghệ": "24-SKHCN",
        "Sở Nội vụ tỉnh Bắc Ninh": "24-SNV",
        "Hội LHPN tỉnh": "24-HLHPN",
        "Tỉnh đoàn": "24-DTN",
        "UBND xã Trung Chính": "09523-UBND",
        "UBND phường Tân An": "07682-UBND",
        "UBND xã Hiệp Hoà": "07840-UBND",
    }
    assert {name: meant.get(fold(name)) for name in wanted} == wanted


def test_the_labour_department_is_found_by_its_abbreviation_in_2024(agencies):
    day = date(2024, 6, 1)
    found = [row.code for row in agencies if row.is_open(day) and fold("Sở LĐTBXH") in called(row)]
    assert found == ["P27-2025-SLDTBXH", "P24-2025-SLDTBXH"]


def test_an_unknown_kind_or_a_backward_date_is_refused():
    with pytest.raises(ValueError, match="no such kind of agency"):
        AgencyRow("X", "village", None, "Thôn", "Village")
    with pytest.raises(ValueError, match="closes on"):
        AgencyRow("X", "unit", None, "Phòng", "Office", valid_from=TODAY, valid_to=MERGER)
    with pytest.raises(ValueError, match="no such kind of succession"):
        SuccessionRow("X", "Y", TODAY, "", "swap")

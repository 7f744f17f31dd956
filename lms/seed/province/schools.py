"""Schools and commune offices for a demo at full size.

These are NOT the schools of the province. There is no open list of them that we could rely on, so
the demo makes believable ones: nursery, primary and lower secondary schools named after the old
units within each commune, and upper secondary schools named after the old districts. Replace them
by the list of the Sở Giáo dục và Đào tạo before any real use.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.core.text import fold
from lms.seed.province.districts import former_units
from lms.seed.province.names import bare_name, within_sentence, without_marks
from lms.seed.province.rows import MERGER_ON, PROVINCE, AgencyRow

#: Public schools of the province after the merger, as its press reported them in 2025.
MOST_SCHOOLS = 1_221

_UPPER_PER_DISTRICT = 3
_PLACES = ("commune", "ward")
_EDUCATION = f"{PROVINCE}-SGDDT"


@dataclass(frozen=True, slots=True)
class _Level:
    suffix: str
    short: str
    long: str
    english: str


_NURSERY = _Level("MN", "MN", "Mầm non", "Preschool")
_PRIMARY = _Level("TH", "TH", "Tiểu học", "Primary School")
_LOWER = _Level("THCS", "THCS", "THCS", "Lower Secondary School")
_UPPER = _Level("THPT", "THPT", "THPT", "Upper Secondary School")

# What the level is also written as in lists.
_SPELLED_OUT = {_LOWER: "Trung học cơ sở", _UPPER: "Trung học phổ thông"}


@dataclass(frozen=True, slots=True)
class _School:
    """A school before it is known whether another one bears the same name."""

    code: str
    parent_code: str
    level: _Level
    place: str  # "Đồng Tiến", with its number where it has one
    within: str  # "Xã Hoàng Vân", told only when the name alone would not do


def schools(tree: Sequence[AgencyRow], how_many: int, seed: int) -> list[AgencyRow]:
    """That many demo schools for the agencies of ``province_tree()``, in the order of their codes.

    The same agencies, number and seed always give the same schools, and with one seed a smaller
    number gives a part of what a larger one gives: a school keeps its code and its name. Communes
    get theirs in turns. All open with the new communes, since an agency may not be older than its
    parent.

    Raises ValueError when how_many is not within 0..MOST_SCHOOLS.
    """
    if not 0 <= how_many <= MOST_SCHOOLS:
        raise ValueError(f"how_many must be within 0..{MOST_SCHOOLS}, not {how_many}")
    chance = random.Random(seed)
    upper = _upper_secondary(tree)
    base, second = _of_communes(tree)
    named = _named([*upper, *base, *second])
    upper_share = round(how_many * len(upper) / MOST_SCHOOLS)
    chosen = _in_turns(upper, chance)[:upper_share]
    local = _in_turns(base, chance) + _in_turns(second, chance)
    chosen += local[: how_many - upper_share]
    return sorted((named[school.code] for school in chosen), key=lambda row: row.code)


def offices(tree: Sequence[AgencyRow]) -> list[AgencyRow]:
    """Three offices under each commune's people's committee.

    Gender equality work sits in the Phòng Văn hóa - Xã hội. How a commune names its offices is
    settled by each people's council, so these too are for the demo only.
    """
    places = {row.code: row for row in tree if row.kind in _PLACES}
    return [
        row
        for office in tree
        if office.kind == "commune_office" and office.parent_code in places
        for row in _offices_of(places[office.parent_code], office)
    ]


def _upper_secondary(tree: Iterable[AgencyRow]) -> list[_School]:
    districts = [row for row in tree if row.kind == "district" and row.valid_to == MERGER_ON]
    return [
        _School(
            f"{_EDUCATION}-THPT{index * _UPPER_PER_DISTRICT + number:02d}",
            _EDUCATION,
            _UPPER,
            f"{bare_name(district.name)} số {number}",
            "",
        )
        for index, district in enumerate(districts)
        for number in range(1, _UPPER_PER_DISTRICT + 1)
    ]


def _of_communes(tree: Iterable[AgencyRow]) -> tuple[list[_School], list[_School]]:
    """For each old unit one school of each lower level, and a second nursery and primary school."""
    former = former_units()
    base: list[_School] = []
    second: list[_School] = []
    for commune in tree:
        if commune.kind not in _PLACES:
            continue
        places = [bare_name(unit) for unit in (commune.name, *former[commune.code])]
        places = list({fold(place): place for place in places}.values())
        numbers: Counter[str] = Counter()
        for level in (_NURSERY, _PRIMARY, _LOWER):
            base += [_school(commune, level, place, numbers) for place in places]
        for level in (_NURSERY, _PRIMARY):
            second += [_school(commune, level, f"{place} số 2", numbers) for place in places]
    return base, second


def _school(commune: AgencyRow, level: _Level, place: str, numbers: Counter[str]) -> _School:
    numbers[level.suffix] += 1
    code = f"{commune.code}-{level.suffix}{numbers[level.suffix]}"
    return _School(code, commune.code, level, place, commune.name)


def _named(all_schools: list[_School]) -> dict[str, AgencyRow]:
    """The row of each school by code; where two would be read alike, each tells its commune."""
    alike = Counter((school.level, fold(school.place)) for school in all_schools)
    rows = {}
    for school in all_schools:
        shared = alike[school.level, fold(school.place)] > 1
        rows[school.code] = _row(school, tells_commune=shared)
    return rows


def _row(school: _School, *, tells_commune: bool) -> AgencyRow:
    level = school.level
    place = school.place + (f" ({within_sentence(school.within)})" if tells_commune else "")
    longer = _SPELLED_OUT.get(level, level.long)
    spellings = (f"Trường {level.short} {place}", f"Trường {longer} {place}", f"{longer} {place}")
    name = f"Trường {level.long} {place}"
    return AgencyRow(
        school.code,
        "school",
        school.parent_code,
        name,
        _english(school, tells_commune),
        f"{level.short} {place}",
        aliases=tuple(spelling for spelling in dict.fromkeys(spellings) if spelling != name),
    )


def _english(school: _School, tells_commune: bool) -> str:
    place, _, number = school.place.partition(" số ")
    parts = [without_marks(place), school.level.english]
    if number:
        parts.append(f"No. {number}")
    if tells_commune:
        parts.append(f"({without_marks(bare_name(school.within))})")
    return " ".join(parts)


def _in_turns(found: Iterable[_School], chance: random.Random) -> list[_School]:
    """The schools shuffled within each parent, then one of each parent in turn."""
    by_parent: dict[str, list[_School]] = defaultdict(list)
    for school in found:
        by_parent[school.parent_code].append(school)
    queues = list(by_parent.values())
    chance.shuffle(queues)
    for queue in queues:
        chance.shuffle(queue)
    longest = max(map(len, queues), default=0)
    return [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]


def _offices_of(place: AgencyRow, parent: AgencyRow) -> list[AgencyRow]:
    inside = within_sentence(place.name)
    economy = "Phòng Kinh tế", "Economic Affairs Office", "Phòng KT"
    if place.kind == "ward":
        economy = (
            "Phòng Kinh tế, Hạ tầng và Đô thị",
            "Economic, Infrastructure and Urban Affairs Office",
            "Phòng KT-HT&ĐT",
        )
    culture = "Phòng Văn hóa - Xã hội", "Culture and Social Affairs Office", "Phòng VH-XH"
    service = (
        "Trung tâm Phục vụ hành chính công",
        "Public Administration Service Centre",
        "Trung tâm PVHCC",
    )
    bodies = {"PKT": economy, "PVHXH": culture, "TTPVHCC": service}
    return [
        AgencyRow(
            f"{place.code}-{code}", "unit", parent.code, f"{name} {inside}",
            f"{english}, {place.name_en}", f"{short} {inside}",
        )
        for code, (name, english, short) in bodies.items()
    ]  # fmt: skip

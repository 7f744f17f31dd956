"""The two old provinces and their districts, all closed, and what became of them."""

from __future__ import annotations

from datetime import date

from lms.seed.province.names import bare_name, within_sentence, without_marks
from lms.seed.province.rows import (
    COMMUNE_RESOLUTION,
    MERGER_ON,
    OLD_BAC_GIANG,
    OLD_BAC_NINH,
    PROVINCE,
    PROVINCE_RESOLUTION,
    RECORDS_FROM,
    AgencyRow,
    SuccessionRow,
    read_table,
    split_cell,
)

_ENGLISH = {"Thành phố": "City", "Thị xã": "Town", "Huyện": "District"}
_SHORT = {"Thành phố": "TP", "Thị xã": "TX", "Huyện": "H."}


def provinces() -> list[AgencyRow]:
    """The province of today and the two that it was made of."""
    today = AgencyRow(
        PROVINCE, "province", None, "Tỉnh Bắc Ninh", "Bac Ninh Province",
        aliases=("UBND tỉnh Bắc Ninh",), opened_by=PROVINCE_RESOLUTION,
    )  # fmt: skip
    return [
        today,
        _old_province(OLD_BAC_NINH, "Bắc Ninh", " (trước 01/7/2025)", " (before 1 July 2025)"),
        _old_province(OLD_BAC_GIANG, "Bắc Giang", "", ""),
    ]


def districts() -> list[AgencyRow]:
    """Every district since RECORDS_FROM, one row for each name it bore; 18 stood until the end."""
    return [_district(line) for line in read_table("districts")]


def province_successions() -> list[SuccessionRow]:
    """Both old provinces went into the one of today."""
    return [
        SuccessionRow(old, PROVINCE, MERGER_ON, PROVINCE_RESOLUTION, "merge")
        for old in (OLD_BAC_NINH, OLD_BAC_GIANG)
    ]


def district_successions() -> list[SuccessionRow]:
    """What districts became of each other, then the communes and wards that took their land."""
    earlier = [_earlier_change(line) for line in read_table("districts") if line["becomes"]]
    last = [
        SuccessionRow(line["district"], line["commune"], MERGER_ON, COMMUNE_RESOLUTION, "split")
        for line in read_table("former_units")
    ]
    return earlier + last


def former_units() -> dict[str, tuple[str, ...]]:
    """For each commune code of today, the full names of the old communes and wards within it."""
    found: dict[str, tuple[str, ...]] = {}
    for line in read_table("former_units"):
        found[line["commune"]] = found.get(line["commune"], ()) + split_cell(line["former_units"])
    return found


def _earlier_change(line: dict[str, str]) -> SuccessionRow:
    day = date.fromisoformat(line["changed_on"])
    return SuccessionRow(line["code"], line["becomes"], day, "", line["change"])


def _old_province(code: str, place: str, until: str, until_en: str) -> AgencyRow:
    name_en = f"{without_marks(place)} Province{until_en}"
    return AgencyRow(
        code, "province", None, f"Tỉnh {place}{until}", name_en,
        aliases=(*((f"Tỉnh {place}",) if until else ()), f"UBND tỉnh {place}"),
        valid_from=RECORDS_FROM, valid_to=MERGER_ON, closed_by=PROVINCE_RESOLUTION,
    )  # fmt: skip


def _district(line: dict[str, str]) -> AgencyRow:
    name = line["name"]
    bare = bare_name(name)
    kind = name.removesuffix(f" {bare}")
    short = f"{_SHORT[kind]} {bare}"
    return AgencyRow(
        line["code"], "district", line["province"], name,
        f"{without_marks(bare)} {_ENGLISH[kind]}", short,
        aliases=(f"UBND {within_sentence(name)}", f"UBND {short}"),
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=date.fromisoformat(line["valid_to"]),
    )  # fmt: skip

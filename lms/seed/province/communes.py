"""The 99 communes and wards of today, and the people's committee of each."""

from __future__ import annotations

from collections.abc import Iterable

from lms.seed.province.names import bare_name, official_spelling, within_sentence, without_marks
from lms.seed.province.rows import COMMUNE_RESOLUTION, PROVINCE, AgencyRow

# The package release for our Python still has three codes of the draft list. The code of a new
# commune is always that of an old unit within it, and later lists agree on these.
_FINAL_CODES = {
    9373: 9379,  # Phường Phù Khê
    9376: 9370,  # Phường Tam Sơn
    9382: 9385,  # Phường Đồng Nguyên
}


def communes() -> list[AgencyRow]:
    """The communes and wards by their five-digit statistical codes, in the order of the codes.

    Names and codes come from the package vietnam_provinces, which is imported here because its
    tables of the whole country cost about 80 ms.
    """
    from vietnam_provinces import ProvinceCode, VietNamDivisionType, Ward  # noqa: PLC0415

    wards = Ward.iter_by_province(ProvinceCode(int(PROVINCE)))
    rows = [
        _commune(int(ward.code), ward.name, ward.division_type is VietNamDivisionType.PHUONG)
        for ward in wards
    ]
    return sorted(rows, key=lambda row: row.code)


def commune_offices(places: Iterable[AgencyRow]) -> list[AgencyRow]:
    """The people's committee of each place: the agency that people work in and rosters name."""
    return [_office(place) for place in places]


def _commune(number: int, name: str, is_ward: bool) -> AgencyRow:
    name = official_spelling(name)
    bare = bare_name(name)
    return AgencyRow(
        f"{_FINAL_CODES.get(number, number):05d}",
        "ward" if is_ward else "commune",
        PROVINCE,
        name,
        f"{without_marks(bare)} {'Ward' if is_ward else 'Commune'}",
        aliases=(f"{'P.' if is_ward else 'X.'} {bare}",),
        opened_by=COMMUNE_RESOLUTION,
    )


def _office(place: AgencyRow) -> AgencyRow:
    inside = within_sentence(place.name)
    return AgencyRow(
        f"{place.code}-UBND",
        "commune_office",
        place.code,
        f"Ủy ban nhân dân {inside}",
        f"People's Committee of {place.name_en}",
        f"UBND {inside}",
        aliases=(f"UBND {place.aliases[0]}",),
        opened_by=COMMUNE_RESOLUTION,
    )

"""Provincial bodies: departments, Party boards, mass organisations, police, army and the press.

What stands today is in data/departments.csv. A body with an ``old_from`` date stood under the same
name in both old provinces from then until the merger. data/departments_closed.csv has the
departments that each old province closed in the reform of March 2025, and who took their work.
"""

from __future__ import annotations

from datetime import date

from lms.seed.province.names import of_province, without_marks
from lms.seed.province.rows import (
    MERGER_ON,
    OLD_BAC_GIANG,
    OLD_BAC_NINH,
    PROVINCE,
    AgencyRow,
    SuccessionRow,
    read_table,
    split_cell,
)

_OLD_PROVINCES = {OLD_BAC_NINH: "Bắc Ninh", OLD_BAC_GIANG: "Bắc Giang"}


def departments() -> list[AgencyRow]:
    """The provincial bodies of today, then those of the two old provinces."""
    today = read_table("departments")
    closed = read_table("departments_closed")
    rows = [_body_of_today(line) for line in today]
    for province in _OLD_PROVINCES:
        rows += [_body_until_merger(line, province) for line in today if line["old_from"]]
        rows += [_closed_body(line, province) for line in closed]
    return rows


def department_successions() -> list[SuccessionRow]:
    """The reform of March 2025 inside each old province, then the merger of the two."""
    found: list[SuccessionRow] = []
    for province in _OLD_PROVINCES:
        for line in read_table("departments_closed"):
            found += _taken_over(line, province)
        found += [
            SuccessionRow(
                f"{province}-{line['code']}", f"{PROVINCE}-{line['code']}", MERGER_ON, "", "merge"
            )
            for line in read_table("departments")
            if line["old_from"]
        ]
    return found


def _taken_over(line: dict[str, str], province: str) -> list[SuccessionRow]:
    decision = _decision(line, province)
    pairs = [successor.split(":") for successor in split_cell(line["successors"])]
    return [
        SuccessionRow(
            f"{province}-{line['code']}",
            f"{province}-{to}",
            date.fromisoformat(line["valid_to"]),
            decision,
            kind,
        )
        for to, kind in pairs
    ]


def _body_of_today(line: dict[str, str]) -> AgencyRow:
    return AgencyRow(
        f"{PROVINCE}-{line['code']}",
        line["kind"],
        PROVINCE,
        line["name"],
        line["name_en"],
        line["short_name"] or None,
        aliases=_aliases(line, "Bắc Ninh", line["name"]),
    )


def _body_until_merger(line: dict[str, str], province: str) -> AgencyRow:
    return _old_body(line, province, date.fromisoformat(line["old_from"]), MERGER_ON, lives_on=True)


def _closed_body(line: dict[str, str], province: str) -> AgencyRow:
    return _old_body(
        line,
        province,
        date.fromisoformat(line["valid_from"]),
        date.fromisoformat(line["valid_to"]),
        lives_on=False,
        closed_by=_decision(line, province),
    )


def _old_body(  # noqa: PLR0913 - a body of before has these facts
    line: dict[str, str],
    province: str,
    valid_from: date,
    valid_to: date,
    *,
    lives_on: bool,
    closed_by: str = "",
) -> AgencyRow:
    place = _OLD_PROVINCES[province]
    name = of_province(line["name"], place)
    name_en = f"{line['name_en']}, {without_marks(place)} Province"
    # Bắc Ninh has a body of this name again, so the old one says when it ended.
    if lives_on and province == OLD_BAC_NINH:
        name, name_en = f"{name} (trước 01/7/2025)", f"{name_en} (before 1 July 2025)"
    return AgencyRow(
        f"{province}-{line['code']}",
        line["kind"],
        province,
        name,
        name_en,
        line["short_name"] or None,
        aliases=_aliases(line, place, name),
        valid_from=valid_from,
        valid_to=valid_to,
        closed_by=closed_by,
    )


def _aliases(line: dict[str, str], place: str, official: str) -> tuple[str, ...]:
    """The spellings that lists use, with and without the province, less the official name."""
    names = [line["name"], line["short_name"]] if line["short_name"] else [line["name"]]
    spellings = [line["name"], *split_cell(line["aliases"])]
    for name in names:
        if place not in name:
            spellings += [of_province(name, place), f"{name} {place}"]
    return tuple(spelling for spelling in dict.fromkeys(spellings) if spelling != official)


def _decision(line: dict[str, str], province: str) -> str:
    return line["decision_p27"] if province == OLD_BAC_NINH else ""

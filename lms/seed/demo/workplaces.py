"""Which agencies a demo province has, and how many people work in each. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from lms.seed.demo.chance import share_out
from lms.seed.demo.posts import sizes
from lms.seed.province.rows import AgencyRow
from lms.seed.province.schools import MOST_SCHOOLS, offices, schools
from lms.seed.province.tree import province_tree

#: The ward whose HR officer signs in: it has offices and schools in every demo.
SHOWN_WARD = "09190"
_SHOWN_SCHOOLS = ("MN1", "MN2", "TH1", "TH2", "THCS1", "THCS2")
#: How much larger than the others the ward is made when the demo is small.
_SHOWN_BOOST = {"officials": 6.0, "teachers": 1.5, "collaborators": 6.0}
_PEOPLE_PER_SCHOOL = 25
_MOST_SCHOOLS = 1_000
#: From this many people on, every commune has its offices.
_OFFICES_FROM = 20_000

_SECTORS = {"officials": 0.20, "teachers": 0.72, "collaborators": 0.08}


@dataclass(frozen=True, slots=True)
class Workplace:
    """An agency as people work in it; villages count as one of their commune."""

    code: str
    #: A kind of workplace in posts.csv.
    kind: str
    #: The last part of the agency's code, by which some have their own titles.
    suffix: str
    sector: str
    #: The commune or provincial body that it belongs to.
    top: str
    people: int


def demo_agencies(people: int, seed: int) -> list[AgencyRow]:
    """Return the schools and offices that a demo of this size has beyond the province's tree."""
    tree, _successions = province_tree()
    wanted = min(_MOST_SCHOOLS, people // _PEOPLE_PER_SCHOOL)
    shown = {f"{SHOWN_WARD}-{suffix}" for suffix in _SHOWN_SCHOOLS}
    chosen = {row.code for row in schools(tree, wanted, seed)} | shown
    return [
        *(row for row in schools(tree, MOST_SCHOOLS, seed) if row.code in chosen),
        *(
            row
            for row in offices(tree)
            if people >= _OFFICES_FROM or row.code.startswith(SHOWN_WARD)
        ),
    ]


def workplaces(agencies: Iterable[AgencyRow], people: int, chance: Random) -> list[Workplace]:
    """Divide the people among the open agencies that people work in, by sector and size."""
    kinds = [place for row in agencies if row.valid_to is None for place in _kinds_of(row)]
    boost = _SHOWN_BOOST if people < _OFFICES_FROM else {}
    by_sector = {
        sector: [place for place in kinds if place.sector == sector] for sector in _SECTORS
    }
    by_sector["collaborators"] = _one_for_each_commune(by_sector["collaborators"])
    found: list[Workplace] = []
    shares = share_out(people, list(_SECTORS.values()))
    for sector, share in zip(_SECTORS, shares, strict=True):
        found += _filled(by_sector[sector], share, boost.get(sector, 1), chance)
    return [place for place in found if place.people]


def _kinds_of(row: AgencyRow) -> list[Workplace]:
    suffix = row.code.rpartition("-")[2]
    match row.kind:
        case "department" | "party_body" | "mass_organisation" | "agency":
            return [Workplace(row.code, row.kind, suffix, "officials", row.code, 0)]
        case "commune_office":
            top = row.code.partition("-")[0]
            return [
                Workplace(row.code, "commune_office", suffix, "officials", top, 0),
                Workplace(row.code, _village_kind(row.name), suffix, "collaborators", top, 0),
            ]
        case "unit":
            top = row.code.partition("-")[0]
            own = Workplace(row.code, "unit", suffix, "officials", top, 0)
            village = Workplace(row.code, _village_kind(row.name), suffix, "collaborators", top, 0)
            return [own, village] if suffix == "PVHXH" else [own]
        case "school":
            top = str(row.parent_code)
            return [Workplace(row.code, suffix.rstrip("0123456789"), suffix, "teachers", top, 0)]
    return []


def _village_kind(name: str) -> str:
    return "street" if " phường " in name else "village"


def _one_for_each_commune(places: Sequence[Workplace]) -> list[Workplace]:
    """Keep collaborators with the culture and social affairs office where there is one."""
    return list({place.top: place for place in sorted(places, key=_offices_last)}.values())


def _offices_last(place: Workplace) -> tuple[str, bool]:
    return place.top, place.suffix == "PVHXH"


def _filled(
    places: Sequence[Workplace], people: int, boost: float, chance: Random
) -> list[Workplace]:
    weight_of = sizes()
    weights = [
        weight_of.get(place.suffix, weight_of[place.kind])
        * chance.uniform(0.75, 1.25)
        * (boost if place.top == SHOWN_WARD else 1)
        for place in places
    ]
    return [
        Workplace(place.code, place.kind, place.suffix, place.sector, place.top, count)
        for place, count in zip(places, share_out(people, weights), strict=True)
    ]

"""The dated tree of agencies of tỉnh Bắc Ninh, before and after 1 July 2025.

Codes
-----
- ``24``: the province of today (statistical code). ``P27-2025`` and ``P24-2025``: the two provinces
  that were closed in 2025, old Bắc Ninh (27) and Bắc Giang (24, a code that lives on elsewhere).
- ``09454``: a commune or ward of today, five digits, zero padded. ``09454-UBND``: its people's
  committee. ``09454-TH2``: a school under it. ``09454-PVHXH``: an office of its committee.
- ``D263-2025``: a closed district: D, its statistical code, the year in which that row closed.
  ``D259-2023`` is Huyện Quế Võ, ``D259-2025`` the Thị xã that it became in 2023.
- ``24-SNV``: a provincial body of today; ``P27-2025-SNV``: that of an old province.

The old communes themselves are not agencies here: data/former_units.csv names them, and the
successions lead from each district to the communes and wards that took its land.

Names are unique over all time. Aliases are not: a 2024 list that says "Sở Nội vụ" may mean either
old province, and 17 district names are now also names of a commune or ward. So no alias is a
bare place name, and any look-up by name must also have a date, and a scope where two are left.

Sources: communes and codes, the package vietnam_provinces; which old units went into which commune,
resolution 1658/NQ-UBTVQH15 as published, two data sets compared for all 313 old units; departments,
the reforms of March and July 2025 as the province announced them. Where the number of a decision is
not certain it is left blank.
"""

from __future__ import annotations

from lms.seed.province.communes import commune_offices, communes
from lms.seed.province.departments import department_successions, departments
from lms.seed.province.districts import (
    district_successions,
    districts,
    province_successions,
    provinces,
)
from lms.seed.province.rows import AgencyRow, SuccessionRow

__all__ = ["AgencyRow", "SuccessionRow", "province_tree"]


def province_tree() -> tuple[list[AgencyRow], list[SuccessionRow]]:
    """All agencies, each after its parent, and all successions in the order of their dates."""
    places = communes()
    agencies = [
        *provinces(),
        *districts(),
        *departments(),
        *places,
        *commune_offices(places),
    ]
    successions = [
        *province_successions(),
        *district_successions(),
        *department_successions(),
    ]
    return agencies, sorted(successions, key=lambda row: (row.on, row.from_code, row.to_code))

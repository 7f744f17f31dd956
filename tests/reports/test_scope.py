"""HR sees the own subtree and nothing else, on every address and in every file."""

import pytest

from courses.models import Course
from lms.core.access import LEAD
from tests.factories import Factory
from tests.reports.trees import Province, Stand
from tests.services.page_client import PageClient

ADDRESSES = (
    "/reports/",
    "/reports/completion",
    "/reports/people",
    "/reports/completion.csv",
    "/reports/completion.xlsx",
    "/reports/people.csv",
    "/reports/people.xlsx",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_foreign_agency_is_not_found(
    make: Factory, tree: Province, client: PageClient, stand: Stand, address: str
) -> None:
    stand(tree.office)
    stand(tree.school)
    client.sign_in(make.hr(tree.ward))

    for foreign in (tree.province, tree.commune, tree.office, tree.department):
        for more in ("", "&structure=now", "&as_of=2026-01-01", "&own=1"):
            assert client.get(f"{address}?agency={foreign.id}{more}").status_code == 404
    for own in (tree.ward, tree.school):
        assert client.get(f"{address}?agency={own.id}").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_trainee_may_not_see_reports_and_a_stranger_signs_in(
    make: Factory, tree: Province, client: PageClient, course: Course, address: str
) -> None:
    assert "/sign-in" in client.get(address).location

    client.sign_in(make.person(agency=tree.ward))

    assert client.get(address).status_code == 403


def test_the_way_up_is_shown_but_only_the_own_part_can_be_followed(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school)
    client.sign_in(make.hr(tree.ward))

    page = client.get(f"/reports/completion?agency={tree.school.id}").text

    assert "Tỉnh Bắc Ninh" in page
    assert f"agency={tree.province.id}" not in page
    assert f"agency={tree.ward.id}" in page


def test_hr_of_two_agencies_can_change_between_them(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school)
    hr = make.hr(tree.ward)
    make.grant(hr, "hr", tree.commune)
    client.sign_in(hr)

    page = client.get("/reports/").text

    assert f"agency={tree.ward.id}" in page
    assert f"agency={tree.commune.id}" in page


def test_the_lead_starts_with_the_province(
    make: Factory, tree: Province, client: PageClient, stand: Stand
) -> None:
    stand(tree.school)
    stand(tree.office)
    lead = make.person(agency=tree.department)
    make.grant(lead, LEAD)
    client.sign_in(lead)

    page = client.get("/reports/").text

    assert "0 trên 2 lượt học" in page

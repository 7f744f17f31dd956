"""Roles: granted by an administrator, in an agency, until a day."""

import pytest

from lms.agencies.models import Agency
from lms.people.models import Person
from tests.factories import Factory
from tests.services.page_client import PageClient


@pytest.fixture
def house(make: Factory, client: PageClient) -> tuple[Agency, Person]:
    """Give an agency with a person in it; an administrator is signed in."""
    province = make.agency()
    commune = make.agency(parent=province, kind="commune", code="07840")
    admin = make.person(agency=province)
    make.grant(admin, "admin")
    client.sign_in(admin)
    return commune, make.person("Lê Thị Mới", agency=commune)


def test_a_granted_role_opens_its_pages_for_that_agency(
    make: Factory, client: PageClient, house: tuple[Agency, Person]
) -> None:
    commune, person = house
    form = {"role": "hr", "agency": commune.code, "until": "2099-12-31"}
    assert client.post(f"/people/{person.id}/roles", data=form).status_code == 303
    assert "31/12/2099" in client.get(f"/people/{person.id}").text

    client.sign_in(person)

    assert "Lê Thị Mới" in client.get("/people/").text


def test_an_ended_role_closes_them_again(client: PageClient, house: tuple[Agency, Person]) -> None:
    commune, person = house
    client.post(f"/people/{person.id}/roles", data={"role": "hr", "agency": commune.code})
    page = client.get(f"/people/{person.id}").text
    grant_id = page.partition(f"/people/{person.id}/roles/")[2].partition("/end")[0]

    assert client.post(f"/people/{person.id}/roles/{grant_id}/end").status_code == 303

    client.sign_in(person)
    assert client.get("/people/").status_code == 403


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"role": "hr", "agency": ""}, "đơn vị"),
        ({"role": "trainer", "agency": "khong-co"}, "khong-co"),
        ({"role": "emperor"}, "vai trò"),
        ({"role": "trainer", "until": "31/02/2027"}, "ngày"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_in_words(
    client: PageClient, house: tuple[Agency, Person], form: dict[str, str], reason: str
) -> None:
    _commune, person = house

    answer = client.post(f"/people/{person.id}/roles", data=form)

    assert answer.status_code == 422
    assert reason in answer.text


def test_only_an_administrator_grants_roles(
    make: Factory, client: PageClient, house: tuple[Agency, Person]
) -> None:
    commune, person = house
    client.sign_in(make.hr(commune))
    form = {"role": "admin", "agency": ""}
    assert client.post(f"/people/{person.id}/roles", data=form).status_code == 403

"""A list of many costs as many statements as a list of one."""

from collections.abc import Callable

import pytest

from lms.agencies.models import Agency
from lms.people.models import Person
from tests.factories import Factory
from tests.security.world import make_issuer
from tests.services.page_client import PageClient

MANY = 12
More = Callable[[int], None]


class House:
    """A province with a trainee, an HR officer, a trainer and an administrator."""

    def __init__(self, make: Factory, client: PageClient) -> None:
        self.make, self.client = make, client
        self.province = make.agency("Tỉnh Bắc Ninh")
        make_issuer(make)
        self.trainee = self._person("Nguyễn Thị Học")
        self.hr = self.make.hr(self.province)
        self.admin = self._person("Lê Thị Quản", "admin")

    def _person(self, name: str, role: str = "") -> Person:
        person = self.make.person(name, agency=self.province)
        if role:
            self.make.grant(person, role)
        return person

    def more_people(self, how_many: int) -> None:
        """Add people to the province."""
        for number in range(how_many):
            self.make.person(f"Trần Văn {chr(65 + number)}", agency=self.province)

    def more_agencies(self, how_many: int) -> None:
        """Add agencies under the province."""
        for _n in range(how_many):
            self.make.agency(parent=self.province, kind="commune")

    def more_courses(self, how_many: int) -> None:
        """Add published courses."""
        for _n in range(how_many):
            self.make.course(owner=self.admin)

    def more_enrolments(self, how_many: int) -> None:
        """Enrol the trainee in further courses."""
        for _n in range(how_many):
            self.make.enrolment(self.trainee, self.make.course(lessons=3))

    def more_certificates(self, how_many: int) -> None:
        """Let the trainee complete further courses."""
        self.client.sign_in(self.trainee)
        for _n in range(how_many):
            course = self.make.course(lessons=1)
            self.client.post(f"/courses/{course.slug}/enrol")
            self.client.post(f"/courses/{course.slug}/lessons/bai-1/read")


LISTS = {
    "/people/": ("hr", House.more_people),
    "/people/?q=tran": ("hr", House.more_people),
    "/agencies/": ("trainee", House.more_agencies),
    "/agencies/?q=don+vi": ("trainee", House.more_agencies),
    "/courses/": ("trainee", House.more_courses),
    "/courses/write": ("admin", House.more_courses),
    "/": ("trainee", House.more_enrolments),
    "/certificates/": ("trainee", House.more_certificates),
    "/certificates/register": ("hr", House.more_certificates),
    "/reports/": ("hr", House.more_courses),
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_of_many_costs_what_a_list_of_one_costs(
    make: Factory, client: PageClient, count_queries: list[str], address: str
) -> None:
    house = House(make, client)
    role, more = LISTS[address]
    more(house, 1)
    client.sign_in(getattr(house, role))
    client.get(address)  # outlines of published revisions are kept from here on
    count_queries.clear()
    assert client.get(address).status_code == 200
    one = len(count_queries)

    more(house, MANY)
    client.sign_in(getattr(house, role))
    client.get(address)
    count_queries.clear()
    client.get(address)

    assert len(count_queries) == one, [statement[:90] for statement in count_queries]


def test_an_agency_s_page_costs_the_same_with_many_children(
    make: Factory, client: PageClient, count_queries: list[str]
) -> None:
    house = House(make, client)
    province: Agency = house.province
    client.sign_in(house.trainee)
    counts = []
    for more in (1, MANY):
        house.more_agencies(more)
        count_queries.clear()
        client.get(f"/agencies/{province.id}")
        counts.append(len(count_queries))
    assert counts[0] == counts[1]

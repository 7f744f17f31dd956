"""Row 3: nobody reaches what belongs to another agency, person or trainer.

Built from the URL map: a new address is in this test the day it is added.
"""

import pytest
from flask import Flask

from lms.core.access import declared
from tests.factories import Factory
from tests.security.world import addresses, make_issuer, make_side
from tests.services.page_client import PageClient

#: Addresses with variables that are the same for everyone in the house, and why.
SHARED = {
    "agencies.show": "the tree of agencies is open to all who are signed in",
    "courses.show": "the catalogue is open to all",
    "courses.enrol": "anyone may take a published course",
    "courses.media": "pictures of published lessons, by their hash",
    "certificates.verify": "public by design; the token is the secret",
    "static": "the product's own assets",
}
WRITERS = ("courses.write", "quizzes.bank")


@pytest.mark.parametrize("role", ["trainee", "trainer", "hr"])
def test_no_address_gives_a_stranger_anything(
    app: Flask, make: Factory, client: PageClient, role: str
) -> None:
    province = make.agency("Tỉnh Bắc Ninh")
    make_issuer(make)
    mine = make_side(make, client, province, "Xã A")
    theirs = make_side(make, client, province, "Xã B")
    client.sign_in(getattr(mine, role))
    tried = 0

    for rule in app.url_map.iter_rules():
        asks = bool(rule._converters) or rule.endpoint.startswith("reports.")
        if not asks or rule.endpoint in SHARED or declared(app, rule.endpoint) is None:
            continue
        for method, address in addresses(rule, theirs):
            answer = client.open(
                address,
                method=method,
                data=_form(client, method),
                headers=_headers(client, method),
            )
            assert answer.status_code in (403, 404), f"{role} {method} {address}: {answer.status}"
            tried += 1

    assert tried > 40


@pytest.mark.parametrize("role", ["trainee", "trainer", "hr"])
def test_the_same_addresses_answer_their_owner(
    app: Flask, make: Factory, client: PageClient, role: str
) -> None:
    """The matrix above would also pass if the addresses were simply wrong."""
    province = make.agency("Tỉnh Bắc Ninh")
    make_issuer(make)
    side = make_side(make, client, province, "Xã A")
    client.sign_in(getattr(side, role))
    opened = set()

    for rule in app.url_map.iter_rules():
        if not rule._converters or "GET" not in (rule.methods or ()):
            continue
        for method, address in addresses(rule, side):
            if method == "GET" and client.get(address).status_code in (200, 302):
                opened.add(rule.endpoint)

    expected = {
        "trainee": {"certificates.show", "quizzes.attempt", "quizzes.show"},
        "trainer": {"courses.write_course", "courses.write_facts", "quizzes.bank"},
        "hr": {"people.show", "people.show_roster", "reports.completion_file"},
    }
    assert expected[role] <= opened


def _form(client: PageClient, method: str) -> dict[str, str] | None:
    return {"csrf_token": client.csrf_token()} if method == "POST" else None


def _headers(client: PageClient, method: str) -> dict[str, str] | None:
    return {"X-CSRFToken": client.csrf_token()} if method in ("PATCH", "DELETE", "PUT") else None

"""Rows 5, 9, 10, 13 and 17: forged, over-filled and hostile requests."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Enrolment
from lms.core.db import db
from lms.people.models import Person, RoleGrant
from tests.factories import Factory
from tests.security.world import addresses, make_issuer, make_side
from tests.services.page_client import PageClient

STRINGS = Path(__file__).resolve().parents[2].parent / "shared" / "examples" / "hostile" / "strings"
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7*7 }}${7*7}",
    "' OR 1=1 --",
    "%00\x00%0a",
    "../../../../etc/passwd",
    "＜script＞",
    "\u202eevil",
    "9" * 400,
)
EXTRA = {
    "role": "admin",
    "is_admin": "1",
    "is_staff": "1",
    "person_id": "1",
    "member": "1",
    "score": "100",
    "marks": "100",
    "passed": "1",
    "status": "completed",
    "completed_at": "2026-01-01",
    "owner_id": "1",
    "state": "published",
}


def test_every_post_without_a_token_is_refused(
    app: Flask, make: Factory, client: PageClient
) -> None:
    side = make_side(make, client, make.agency("Tỉnh Bắc Ninh"), "Xã A")
    admin = make.person(agency=side.agency)
    make.grant(admin, "admin")
    client.sign_in(admin)
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        for method, address in addresses(rule, side):
            if method == "POST":
                for token in (None, "forged"):
                    data = {} if token is None else {"csrf_token": token}
                    answer = client.post(address, data=data, csrf=False)
                    assert answer.status_code == 400, address


def test_opening_every_page_changes_nothing(app: Flask, make: Factory, client: PageClient) -> None:
    make_issuer(make)
    side = make_side(make, client, make.agency("Tỉnh Bắc Ninh"), "Xã A")
    admin = make.person(agency=side.agency)
    make.grant(admin, "admin")
    for person in (admin, side.trainee, side.trainer, side.hr):
        client.sign_in(person)
        before = _state(app)
        for rule in app.url_map.iter_rules():
            for method, address in addresses(rule, side):
                if method == "GET":
                    client.get(address)
        assert _state(app) == before


def test_fields_that_a_form_does_not_have_change_nothing(
    app: Flask, make: Factory, client: PageClient
) -> None:
    agency = make.agency("Tỉnh Bắc Ninh")
    person = make.person(agency=agency)
    course = make.course(lessons=2)
    client.sign_in(person)

    client.post(f"/courses/{course.slug}/enrol", data=EXTRA)
    client.post(f"/courses/{course.slug}/lessons/bai-1/read", data=EXTRA)
    client.post("/people/me", data={**EXTRA, "full_name": "Khác", "email": "k@k.example"})
    client.post("/locale", data={**EXTRA, "locale": "en"})

    with app.app_context():
        enrolment = db.session.scalars(select(Enrolment)).one()
        assert (enrolment.person_id, enrolment.status) == (person.id, "started")
        assert db.session.scalars(select(RoleGrant)).all() == []
        kept = db.session.get_one(Person, person.id)
        assert (kept.full_name, kept.email) == (person.full_name, person.email)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_in_addresses_and_forms_is_never_a_500(
    app: Flask, make: Factory, client: PageClient, payload: str
) -> None:
    make_issuer(make)
    side = make_side(make, client, make.agency("Tỉnh Bắc Ninh"), "Xã A")
    admin = make.person(agency=side.agency)
    make.grant(admin, "admin")
    client.sign_in(admin)
    query = dict.fromkeys(
        (
            "q",
            "page",
            "agency",
            "course",
            "period",
            "on",
            "as_of",
            "status",
            "sort",
            "lang",
            "next",
            "type",
            "category",
        ),
        payload,
    )
    for rule in app.url_map.iter_rules():
        for method, address in addresses(rule, side):
            if method == "GET":
                answer = client.get(address.partition("?")[0], query_string=query)
            else:
                answer = client.post(
                    address,
                    data={
                        **query,
                        **dict.fromkeys(EXTRA, payload),
                        "title": payload,
                        "username": payload,
                        "password": payload,
                        "code": payload,
                    },
                )
                client.sign_in(admin)
            assert answer.status_code < 500, address
            assert b"<script>alert(1)" not in answer.data or answer.mimetype != "text/html"
            assert b"<img src=x" not in answer.data or answer.mimetype != "text/html"


def test_names_that_are_formulas_or_markup_are_shown_as_text(
    make: Factory, client: PageClient
) -> None:
    province = make.agency("Tỉnh <b>Bắc Ninh</b>")
    make.person("<script>alert(1)</script>", agency=province, staff_code="=1+1")
    client.sign_in(make.hr(province))

    page = client.get("/people/").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_headers_of_every_page_are_strict(make: Factory, client: PageClient) -> None:
    client.sign_in(make.person(agency=make.agency()))
    for address in ("/", "/sign-in", "/help", "/khong-co"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    make: Factory, client: PageClient
) -> None:
    make.agency()
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def _state(app: Flask) -> dict[str, list[object]]:
    """Return all rows but those of sessions, which note when they were seen."""
    with app.app_context():
        return {
            table.name: sorted(map(repr, db.session.execute(select(table))))
            for table in db.metadata.sorted_tables
            if table.name != "web_session"
        }

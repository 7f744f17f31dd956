"""Activation by a code from a letter."""

import re
from datetime import timedelta

import pytest
import time_machine

from lms.core.clock import now
from lms.people.queries import find_by_username
from tests.factories import Factory
from tests.services.page_client import PageClient

NEW = "hoa cải vàng bên sông Cầu"


def _letter_code(client: PageClient, person_id: int) -> str:
    page = client.post(f"/people/{person_id}/letter").text
    found = re.search(r'data-test="activation-code">([^<]+)<', page)
    assert found is not None
    return found.group(1)


def _activate(client: PageClient, code: str, password: str = NEW, again: str | None = None):  # type: ignore[no-untyped-def]
    client.post("/activate", data={"code": code})
    return client.post(
        "/activate/password", data={"password": password, "again": again or password}
    )


@pytest.fixture
def letter(make: Factory, client: PageClient) -> tuple[PageClient, str, str]:
    """Give a signed-out browser, the staff code and the activation code of a new person."""
    commune = make.agency(parent=make.agency(), kind="commune")
    person = make.person(agency=commune)
    client.sign_in(make.hr(commune))
    code = _letter_code(client, person.id)
    browser = client.application.test_client()
    return browser, str(person.staff_code), code  # type: ignore[return-value]


def test_the_code_sets_a_password_and_signs_in(letter: tuple[PageClient, str, str]) -> None:
    browser, username, code = letter

    answer = _activate(browser, code.lower().replace("-", " "))

    assert answer.status_code == 303
    assert browser.get("/people/me").status_code == 200
    browser.post("/sign-out")
    signed_in = browser.post("/sign-in", data={"username": username, "password": NEW})
    assert signed_in.status_code == 303


def test_the_code_works_once(letter: tuple[PageClient, str, str]) -> None:
    browser, _username, code = letter
    _activate(browser, code)
    browser.post("/sign-out")

    answer = browser.post("/activate", data={"code": code})

    assert answer.status_code == 422
    assert "đã dùng rồi" in answer.text


def test_a_new_letter_ends_the_earlier_code(
    make: Factory, client: PageClient, letter: tuple[PageClient, str, str]
) -> None:
    browser, username, code = letter
    with client.application.app_context():
        person = find_by_username(username)
        assert person is not None
        person_id = person.id
    _letter_code(client, person_id)

    assert browser.post("/activate", data={"code": code}).status_code == 422


def test_a_code_is_too_old_after_a_month(letter: tuple[PageClient, str, str]) -> None:
    browser, _username, code = letter
    with time_machine.travel(now() + timedelta(days=31)):
        assert browser.post("/activate", data={"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("ngắn", "8 ký tự"),
        ("matkhau123", "rất dễ đoán"),
        ("88888888", "rất dễ đoán"),
        ("nguyenthihoa", "không chứa tên"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(
    letter: tuple[PageClient, str, str], password: str, reason: str
) -> None:
    browser, _username, code = letter

    answer = _activate(browser, code, password)

    assert answer.status_code == 422
    assert reason in answer.text


def test_two_different_passwords_are_refused(letter: tuple[PageClient, str, str]) -> None:
    browser, _username, code = letter
    assert _activate(browser, code, NEW, NEW + "!").status_code == 422


def test_a_changed_password_needs_the_present_one_and_signs_other_devices_out(
    letter: tuple[PageClient, str, str],
) -> None:
    browser, _username, code = letter
    _activate(browser, code)
    old = browser.get_cookie("lms")
    assert old is not None
    wrong = {"present": "không phải", "password": "sen hồng đầm rộng", "again": "sen hồng đầm rộng"}
    assert browser.post("/people/me", data=wrong).status_code == 422

    changed = browser.post("/people/me", data={**wrong, "present": NEW})

    assert changed.status_code == 303
    assert browser.get("/people/me").status_code == 200
    browser.set_cookie("lms", old.value)
    assert browser.get("/people/me").status_code == 302


def test_hr_of_another_agency_cannot_make_the_letter(make: Factory, client: PageClient) -> None:
    province = make.agency()
    here, there = make.agency(parent=province), make.agency(parent=province)
    person = make.person(agency=here)
    client.sign_in(make.hr(there))

    assert client.post(f"/people/{person.id}/letter").status_code == 404


def test_hr_prints_letters_for_everyone_of_an_agency_without_a_password(
    make: Factory, client: PageClient
) -> None:
    province = make.agency()
    commune, other = make.agency(parent=province), make.agency(parent=province)
    new = [make.person(f"Nguyễn Thị Mới {i}", agency=commune) for i in range(3)]
    make.person("Lê Văn Cũ", agency=commune, password=True)
    make.person("Trần Thị Khác", agency=other)
    client.sign_in(make.hr(commune, password=True))

    page = client.post("/people/letters", data={"agency": commune.id}).text

    assert page.count('data-test="activation-code"') == len(new)
    assert "Lê Văn Cũ" not in page
    assert "Trần Thị Khác" not in page

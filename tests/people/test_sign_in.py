"""Signing in and out, and the session that follows."""

from datetime import timedelta

import pytest
import time_machine

from lms.core.access import HR
from lms.core.clock import now
from lms.people.services import sign_in
from tests.factories import PASSWORD, Factory
from tests.services.page_client import PageClient


def _sign_in(client: PageClient, username: str, password: str = PASSWORD, **kwargs: object):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data={"username": username, "password": password}, **kwargs)


@pytest.mark.parametrize(
    "username", ["BN77001", "bn77001", " hoa@bacninh.example ", "0912 345 678"]
)
def test_a_person_signs_in_with_staff_code_email_or_phone(
    make: Factory, client: PageClient, username: str
) -> None:
    make.person(
        agency=make.agency(),
        password=True,
        staff_code="BN77001",
        email="hoa@bacninh.example",
        phone="0912345678",
    )

    answer = _sign_in(client, username)

    assert answer.status_code == 303
    assert client.get("/people/me").status_code == 200


def test_a_wrong_password_is_refused_in_words_that_do_not_say_which_was_wrong(
    make: Factory, client: PageClient
) -> None:
    person = make.person(agency=make.agency(), password=True)

    known = _sign_in(client, str(person.staff_code), "sai rồi nhé")
    unknown = _sign_in(client, "BN-khong-co", "sai rồi nhé")

    assert known.status_code == unknown.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu" in known.text
    assert "Tên đăng nhập hoặc mật khẩu" in unknown.text


def test_the_eleventh_wrong_try_is_429_and_the_right_password_too_but_not_elsewhere(
    make: Factory, client: PageClient
) -> None:
    province = make.agency()
    victim = make.person(agency=province, password=True)
    other = make.person(agency=province, password=True)
    for _i in range(sign_in.FAILURES_PER_ACCOUNT):
        assert _sign_in(client, str(victim.staff_code), "sai").status_code == 401

    assert _sign_in(client, str(victim.staff_code), "sai").status_code == 429
    assert _sign_in(client, str(victim.staff_code)).status_code == 429
    assert _sign_in(client, str(other.staff_code)).status_code == 303


def test_after_five_minutes_the_owner_may_try_again(make: Factory, client: PageClient) -> None:
    person = make.person(agency=make.agency(), password=True)
    for _i in range(sign_in.FAILURES_PER_ACCOUNT):
        _sign_in(client, str(person.staff_code), "sai")

    with time_machine.travel(now() + timedelta(minutes=6)):
        assert _sign_in(client, str(person.staff_code)).status_code == 303


def test_a_copied_cookie_is_dead_after_sign_out(make: Factory, client: PageClient) -> None:
    person = make.person(agency=make.agency(), password=True)
    _sign_in(client, str(person.staff_code))
    copied = client.get_cookie("lms")
    assert copied is not None
    client.post("/sign-out")

    client.set_cookie("lms", copied.value)

    assert client.get("/people/me").status_code == 302


def test_signing_in_gives_a_new_token(make: Factory, client: PageClient) -> None:
    person = make.person(agency=make.agency(), password=True)
    client.get("/sign-in")
    before = client.get_cookie("lms")

    _sign_in(client, str(person.staff_code))

    after = client.get_cookie("lms")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_a_closed_account_loses_its_session_at_the_next_request(
    make: Factory, client: PageClient
) -> None:
    province = make.agency()
    person, admin = make.person(agency=province), make.person(agency=province)
    make.grant(admin, "admin")
    client.sign_in(admin)
    assert client.post(f"/people/{person.id}/deactivate").status_code == 303
    theirs = client.application.test_client()
    with pytest.raises(AssertionError):
        theirs.sign_in(person)  # there is no viewer any more


def test_a_granted_role_ends_the_sessions_that_did_not_have_it(
    make: Factory, client: PageClient
) -> None:
    province = make.agency()
    person = make.person(agency=province)
    client.sign_in(person)
    assert client.get("/people/me").status_code == 200

    make.grant(person, HR, province)

    assert client.get("/people/me").status_code == 302


def test_staff_are_signed_out_after_half_an_hour_away_and_trainees_are_not(
    make: Factory, client: PageClient
) -> None:
    province = make.agency()
    hr, trainee = make.hr(province), make.person(agency=province)
    for person, stays in ((hr, False), (trainee, True)):
        client.sign_in(person)
        with time_machine.travel(now() + timedelta(minutes=31)):
            assert (client.get("/people/me").status_code == 200) is stays


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]
)
def test_a_next_address_that_leaves_the_site_is_not_followed(
    make: Factory, client: PageClient, target: str
) -> None:
    person = make.person(agency=make.agency(), password=True)

    answer = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"username": person.staff_code, "password": PASSWORD},
    )

    assert answer.headers["Location"] == "/"


def test_a_next_address_on_the_site_is_followed(make: Factory, client: PageClient) -> None:
    person = make.person(agency=make.agency(), password=True)

    answer = client.post(
        "/sign-in?next=/courses/", data={"username": person.staff_code, "password": PASSWORD}
    )

    assert answer.headers["Location"] == "/courses/"


def test_a_role_ends_by_itself_after_its_last_day(make: Factory, client: PageClient) -> None:
    province = make.agency()
    person = make.person(agency=province)
    make.grant(person, HR, province, until=(now() + timedelta(days=1)).date())
    client.sign_in(person)
    assert client.get("/people/").status_code == 200

    with time_machine.travel(now() + timedelta(days=3)):
        client.sign_in(person)
        assert client.get("/people/").status_code == 403

"""The same wish sent many times at once is granted once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.models import Certificate
from courses.models import Enrolment, Evidence
from lms.core import audit
from lms.core.db import db
from lms.reports.tallies import find_differences
from tests.factories import Factory
from tests.security.world import make_issuer
from tests.services.page_client import PageClient

pytestmark = pytest.mark.xdist_group("parallel")


def test_reading_the_last_lesson_twenty_times_at_once_is_one_certificate(
    live_app: Flask,
) -> None:
    make, client = Factory(live_app), live_app.test_client()
    assert isinstance(client, PageClient)
    course, person = make.course(lessons=1), make.person(agency=make.agency())
    make_issuer(make)
    client.sign_in(person)
    token, cookie = client.csrf_token(), client.get_cookie("lms")
    assert cookie is not None

    def send(address: str) -> int:
        other = live_app.test_client()
        other.set_cookie("lms", cookie.value)
        return other.post(address, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as threads:
        enrolled = set(threads.map(send, [f"/courses/{course.slug}/enrol"] * 20))
        read = set(threads.map(send, [f"/courses/{course.slug}/lessons/bai-1/read"] * 20))

    assert enrolled <= {303, 409}
    assert read == {303}
    with live_app.app_context():
        for model in (Enrolment, Evidence, Certificate):
            assert db.session.scalar(select(func.count()).select_from(model)) == 1, model
        assert find_differences() == []
        assert audit.find_break() is None

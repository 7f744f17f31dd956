"""Two devices report at the same moment: one attempt, one completion, nothing lost."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from courses.models import Enrolment, Evidence, PackageAttempt
from lms.core.db import db
from lms.reports.tallies import find_differences
from tests.courses.packages import SCORM_12, package_course
from tests.factories import Factory
from tests.services.page_client import PageClient

DEVICES = 6
pytestmark = pytest.mark.xdist_group("parallel")


def test_first_reports_of_many_devices_at_once_are_one_attempt(live_app: Flask) -> None:
    make, client = Factory(live_app), live_app.test_client()
    assert isinstance(client, PageClient)
    person = make.person(agency=make.agency())
    course = package_course(make, SCORM_12, score_completes=True)
    client.sign_in(person)
    client.post(f"/courses/{course.slug}/enrol")
    client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    address = f"/courses/{course.slug}/lessons/goi/package"
    start = client.get(address).json
    cookie = client.get_cookie("lms")
    assert start is not None
    assert cookie is not None

    def report(device: int) -> int:
        core = {"lesson_status": "passed", "score": {"raw": str(device * 10)}}
        body = {
            "learner": start["learner"]["id"],
            "attempt": 1,
            "base": 0,
            "sequence": 1,
            "run": f"thiet-bi-{device}",
            "state": {"cmi": {"core": core}},
        }
        browser = FlaskClient(live_app, TestResponse)
        browser.set_cookie("lms", cookie.value)
        headers = {"X-CSRFToken": start["token"], "Accept": "application/json"}
        answer = browser.post(
            address, data=json.dumps(body), content_type="application/json", headers=headers
        )
        return answer.status_code

    with ThreadPoolExecutor(DEVICES) as threads:
        statuses = sorted(threads.map(report, range(1, DEVICES + 1)))

    assert statuses == [200] + [409] * (DEVICES - 1)
    with live_app.app_context():
        attempt = db.session.scalars(select(PackageAttempt)).one()
        assert (attempt.passed, attempt.score, attempt.sequence) == (True, DEVICES / 10, 1)
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 2
        assert db.session.scalars(select(Enrolment.status)).one() == "completed"
        assert find_differences() == []

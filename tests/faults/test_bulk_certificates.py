"""kill -9 of two workers that issue in bulk: one certificate each, no number lost or twice."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates.files import storage_key
from certificates.models import Certificate
from courses.services import learning
from lms.core import audit
from lms.core.db import db
from tests.factories import Factory
from tests.faults.conftest import Command
from tests.faults.workers import kill, run_out, wait_until
from tests.security.world import make_issuer

PEOPLE = 30
pytestmark = pytest.mark.xdist_group("parallel")


def test_killed_workers_leave_one_certificate_each_and_the_next_ones_finish(
    live_app: Flask, command: Command
) -> None:
    _complete_without_issuer(Factory(live_app))

    for issued in (3, 12):
        pair = [command("worker"), command("worker")]
        wait_until(lambda: _count_issued(live_app) >= issued, pair)  # noqa: B023 - run at once
        kill(pair)
    run_out([command("jobs", "run", "certificates.issue") for _worker in range(2)])
    worker = command("worker")
    wait_until(lambda: len(_hash_files(live_app)) >= 5, [worker])
    kill([worker])
    run_out([command("jobs", "run", "certificates.render")])

    with live_app.app_context():
        certificates = list(db.session.scalars(select(Certificate).order_by(Certificate.ordinal)))
        assert [c.ordinal for c in certificates] == list(range(1, PEOPLE + 1))
        for distinct in ("number", "token", "enrolment_id", "person_id"):
            assert len({getattr(c, distinct) for c in certificates}) == PEOPLE
        noted = {storage_key(c.token, c.issued_on): c.sha256 for c in certificates}
        assert audit.find_break() is None
    assert _hash_files(live_app) == noted


def _complete_without_issuer(make: Factory) -> None:
    """Let many complete a course while nobody may issue, then appoint who may."""
    course, agency = make.course(lessons=1), make.agency()
    [lesson] = make.lessons(course)
    enrolments = [make.enrolment(make.person(agency=agency), course) for _n in range(PEOPLE)]
    with make.writing():
        for enrolment in enrolments:
            learning.complete_step(db.session.merge(enrolment), lesson.id)
    make_issuer(make)


def _count_issued(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Certificate)) or 0


def _hash_files(app: Flask) -> dict[str, str]:
    """Return the SHA-256 of every stored file by its key."""
    root = Path(str(app.config["LMS_DATA_DIR"])) / "files"
    files = (path for path in root.rglob("*.pdf"))
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

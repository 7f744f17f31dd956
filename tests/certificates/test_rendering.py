"""PDFs are made behind the page, once, whatever happens in between."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from certificates import jobs as certificate_jobs
from certificates.files import storage_key
from certificates.models import Certificate
from certificates.queries import PAPERS_AT_ONCE
from lms.core import jobs, storage
from lms.core.db import db
from lms.core.mail import OutboxMessage
from lms.people.models import Person
from tests.certificates.conftest import Certifying
from tests.factories import Factory

ROOT = Path(__file__).resolve().parents[2]

# WeasyPrint leaves its colour profile to be closed by the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")


def render(app: Flask) -> int:
    with app.app_context():
        return jobs.run("certificates.render")


def kept_files(app: Flask) -> dict[str, str]:
    """Return the stored papers by name with their SHA-256."""
    folder = Path(str(app.config["LMS_DATA_DIR"])) / "files" / "certificates"
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*.pdf")}


def noted_files(app: Flask) -> dict[str, str | None]:
    """Return what the certificates say of their papers."""
    with app.app_context():
        certificates = list(db.session.scalars(select(Certificate)))
        return {
            storage_key(c.token, c.issued_on).rpartition("/")[2]: c.sha256 for c in certificates
        }


def test_the_job_makes_what_is_wanted_and_makes_it_once(
    live_app: Flask, live_certifying: Certifying
) -> None:
    make = live_certifying.make
    course, agency = make.course(), make.agency()
    for name in ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa", "Trần Văn Bình"):
        live_certifying.complete(make.person(name, agency=agency), course)
    assert render(live_app) == 3
    first = kept_files(live_app)
    assert len(first) == 3
    assert first == noted_files(live_app)

    assert render(live_app) == 0
    with make.writing():
        for person in db.session.scalars(select(Person)):
            person.full_name = "Đã Đổi Tên"
    assert render(live_app) == 0
    assert kept_files(live_app) == first


def test_a_run_stopped_between_file_and_note_is_made_good(
    live_app: Flask, live_certifying: Certifying, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = live_certifying.make
    live_certifying.complete(make.person(agency=make.agency()), make.course())

    def stopped(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(certificate_jobs.services, "keep_rendering", stopped)
        with pytest.raises(SystemExit):
            render(live_app)
    [left] = kept_files(live_app).values()
    assert list(noted_files(live_app).values()) == [None]

    assert render(live_app) == 1
    assert kept_files(live_app) == noted_files(live_app)
    assert list(kept_files(live_app).values()) == [left]


def test_one_paper_that_cannot_be_drawn_does_not_hold_up_the_others(
    live_app: Flask, live_certifying: Certifying
) -> None:
    make = live_certifying.make
    course, agency = make.course(), make.agency()
    for _ in range(3):
        live_certifying.complete(make.person(agency=agency), course)
    with make.writing():
        broken = db.session.scalars(select(Certificate)).first()
        assert broken is not None
        broken.template = "gone"
    assert render(live_app) == 2
    assert sorted(bool(sha256) for sha256 in noted_files(live_app).values()) == [False, True, True]


def test_a_killed_worker_leaves_no_orphan_and_the_next_one_finishes(
    live_app: Flask, live_certifying: Certifying
) -> None:
    make, wanted = live_certifying.make, 3 * PAPERS_AT_ONCE
    course, agency = make.course(lessons=1), make.agency()
    for _ in range(wanted):
        live_certifying.complete(make.person(agency=agency), course)

    for files in (3, PAPERS_AT_ONCE + 3):
        worker = start_rendering(live_app)
        wait_for_files(live_app, worker, files)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    kept, noted = kept_files(live_app), noted_files(live_app)
    done = {name: sha256 for name, sha256 in noted.items() if sha256}
    assert 0 < len(done) < wanted
    assert done.items() <= kept.items()

    assert start_rendering(live_app).wait(60) == 0
    assert kept_files(live_app) == noted_files(live_app)
    assert len(kept_files(live_app)) == wanted
    # What was noted before the kill was not made again.
    assert done.items() <= kept_files(live_app).items()


def start_rendering(app: Flask) -> subprocess.Popen[bytes]:
    """Start the product's own command in a process of its own."""
    names = ("LMS_ENV", "LMS_DATA_DIR", "LMS_DATABASE_URL", "LMS_SECRET_KEY")
    environ = {**os.environ, **{name: str(app.config[name]) for name in names}}
    command = [sys.executable, "-m", "flask", "--app", "lms", "certificates", "render", "--pending"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)


def wait_for_files(app: Flask, worker: subprocess.Popen[bytes], files: int) -> None:
    deadline = time.monotonic() + 60
    while len(kept_files(app)) < files and worker.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_the_holder_is_told_by_mail_when_the_paper_is_there(
    app: Flask, make: Factory, certifying: Certifying
) -> None:
    agency, course = make.agency(), make.course("Kiến thức cơ bản về bình đẳng giới")
    certifying.complete(make.person("Nguyễn Thị Hoa", agency=agency, email="hoa@bn.vn"), course)
    certifying.complete(make.person(agency=agency), course)
    assert render(app) == 2
    with app.app_context():
        [mail] = db.session.scalars(select(OutboxMessage))
        certificate = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
        assert certificate is not None
        assert mail.recipient == "hoa@bn.vn"
        assert certificate.number in mail.subject
        assert "Kiến thức cơ bản về bình đẳng giới" in mail.body
        assert f"{app.config['LMS_BASE_URL']}/certificates/{certificate.id}" in mail.body
        assert certificate.snapshot["verify_url"] in mail.body
        assert storage.exists(storage_key(certificate.token, certificate.issued_on))
    assert render(app) == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_the_web_does_not_carry_what_draws() -> None:
    program = (
        "import sys, lms; lms.create_app({'LMS_ENV': 'testing'});"
        "print({'weasyprint', 'pikepdf', 'fontTools', 'segno'} & sys.modules.keys())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"

"""kill -9 of workers that read and make courses: each file becomes one course, or none yet."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from courses.models import Course, Import, Lesson, Media, Module, Revision, Upload
from courses.services import imports, uploads
from lms.core import audit
from lms.core.access import TRAINER
from lms.core.clock import now
from lms.core.db import begin_write, db
from tests.courses.packs import COURSE, zipped
from tests.factories import Factory
from tests.faults.conftest import Command
from tests.faults.workers import kill, run_out, wait_until

FILES, DOCUMENTS = 3, 8
pytestmark = pytest.mark.xdist_group("parallel")


def test_killed_workers_leave_no_half_course_and_the_next_ones_finish(
    live_app: Flask, command: Command
) -> None:
    with live_app.app_context():
        begin_write()
        ids = _bring(live_app)
        db.session.commit()

    for moment in (0.0, 0.05, 0.3):
        workers = [command("worker"), command("worker")]
        wait_until(lambda: _claimed(live_app) > 0 or not _open(live_app), workers)
        time.sleep(moment)
        kill(workers)
        _assert_no_half(live_app)
        _let_claims_end(live_app)
    run_out([command("jobs", "run", imports.READ)])
    _let_claims_end(live_app)
    with live_app.app_context():
        begin_write()
        for import_id in ids:
            found = db.session.get_one(Import, import_id)
            assert found.state == "ready"
            imports.ask_to_apply(found, None, replace_draft=False)
        db.session.commit()

    for moment in (0.0, 0.1, 0.4):
        workers = [command("worker"), command("worker")]
        wait_until(lambda: _claimed(live_app) > 0 or not _open(live_app), workers)
        time.sleep(moment)
        kill(workers)
        _assert_no_half(live_app)
        _let_claims_end(live_app)
    run_out([command("jobs", "run", imports.APPLY) for _worker in range(2)])
    _let_claims_end(live_app)
    run_out([command("jobs", "run", imports.APPLY)])

    _assert_one_course_each(live_app, ids)
    run_out([command("jobs", "run", imports.FORGET)])
    assert _count_kept(live_app, "uploads") == 0


def _bring(app: Flask) -> list[int]:
    """Bring some packs whose documents take a while to be kept."""
    make = Factory(app)
    person = make.person(agency=make.agency())
    make.grant(person, TRAINER)
    ids = []
    for number in range(FILES):
        documents: dict[str, str | bytes | None] = {
            f"media/tai-lieu-{n}.pdf": b"%PDF-1.7\n" + os.urandom(2 * 1024**2)
            for n in range(DOCUMENTS)
        }
        course = COURSE.replace("khoa-thu", f"khoa-{number}")
        data = zipped({"course.yml": course, **documents})
        upload = uploads.begin_upload(person.id, f"{number}.zip", len(data))
        uploads.add_part(upload, 0, uploads.keep_arriving(upload.token, 0, io.BytesIO(data)))
        ids.append(imports.begin_import(upload).id)
    return ids


def _claimed(app: Flask) -> int:
    return _count(app, select(func.count()).where(Import.claimed_until.is_not(None)))


def _open(app: Flask) -> int:
    return _count(app, select(func.count()).where(Import.state.in_(("waiting", "applying"))))


def _count(app: Flask, query: object) -> int:
    with app.app_context():
        return db.session.scalar(query) or 0  # type: ignore[call-overload]


def _let_claims_end(app: Flask) -> None:
    """Let time pass for whoever was killed, without counting against the file."""
    with app.app_context():
        begin_write()
        values = {"claimed_until": now() - timedelta(seconds=1), "tries": 0}
        claimed = Import.claimed_until.is_not(None)
        db.session.execute(update(Import).where(claimed).values(**values))
        db.session.commit()


def _assert_no_half(app: Flask) -> None:
    """Every course that is there is whole, and known to its import."""
    with app.app_context():
        made = db.session.scalars(
            select(Import.made_course_id).where(Import.made_course_id.is_not(None))
        ).all()
        assert {*made} == {*db.session.scalars(select(Course.id))}
        for table, each in ((Revision, 1), (Module, 2), (Lesson, 2), (Media, DOCUMENTS + 1)):
            count = select(func.count()).select_from(table)
            assert db.session.scalar(count) == each * len(made)
        assert audit.find_break() is None


def _assert_one_course_each(app: Flask, ids: list[int]) -> None:
    _assert_no_half(app)
    with app.app_context():
        states = db.session.execute(select(Import.id, Import.state).order_by(Import.id)).all()
        assert [tuple(row) for row in states] == [(import_id, "done") for import_id in ids]
        slugs = db.session.scalars(select(Course.slug).order_by(Course.slug)).all()
        assert slugs == [f"khoa-{number}" for number in range(FILES)]
        assert db.session.scalar(select(func.count()).select_from(Upload)) == FILES


def _count_kept(app: Flask, folder: str) -> int:
    root = Path(str(app.config["LMS_DATA_DIR"])) / "files" / folder
    return sum(path.is_file() for path in root.rglob("*"))

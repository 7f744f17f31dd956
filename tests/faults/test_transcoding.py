"""kill -9 of a worker in mid transcode: the next one finishes, and nothing is left lying about."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from courses.files import storage_key
from courses.models import Rendition
from lms.core import storage
from lms.core.clock import now
from lms.core.db import db
from tests.courses.played import clip, played_course
from tests.factories import Factory
from tests.faults.conftest import Command

PATIENCE_SECONDS = 60
pytestmark = pytest.mark.xdist_group("parallel")


def test_a_killed_worker_is_followed_by_one_that_finishes_and_cleans_up(
    live_app: Flask, command: Command
) -> None:
    played_course(Factory(live_app), clip(seconds=20, size="854x480"))
    folder = Path(str(live_app.config["LMS_DATA_DIR"])) / "transcoding"

    killed = command("jobs", "run", "courses.transcode")
    _wait_until(lambda: bool(list(folder.glob("*/ffmpeg.pid"))))
    killed.kill()
    killed.wait()
    [left] = folder.iterdir()
    orphan = int((left / "ffmpeg.pid").read_text())

    _run(command)  # while the claim lasts, nobody takes its work; what was left goes
    assert list(folder.iterdir()) == []
    _wait_until(lambda: not _is_ffmpeg(orphan, left))
    assert {row.state for row in _list(live_app)} == {"waiting"}

    _let_the_claim_end(live_app)
    _run(command)
    rows = _list(live_app)
    assert {row.profile: row.state for row in rows} == dict.fromkeys(
        ("poster", "480p", "240p", "audio"), "done"
    )
    assert sorted(row.tries for row in rows) == [1, 1, 1, 2]
    assert list(folder.iterdir()) == []
    with live_app.app_context():
        assert all(storage.size(storage_key(str(row.sha256))) == row.size for row in rows)


def _run(command: Command) -> None:
    assert command("jobs", "run", "courses.transcode").wait(PATIENCE_SECONDS) == 0


def _list(app: Flask) -> list[Rendition]:
    with app.app_context():
        rows = list(db.session.scalars(select(Rendition)))
        db.session.expunge_all()
    return rows


def _let_the_claim_end(app: Flask) -> None:
    with Factory(app).writing():
        claimed = Rendition.claimed_until.is_not(None)
        db.session.execute(
            update(Rendition).where(claimed).values(claimed_until=now() - timedelta(seconds=1))
        )


def _is_ffmpeg(pid: int, folder: Path) -> bool:
    try:
        return str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.005)

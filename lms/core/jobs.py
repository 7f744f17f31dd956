"""Jobs: rows are the truth, the queue is a doorbell.

A job is a function that does all the work waiting for it in the database: idempotent,
resuming, without arguments. ``ring`` asks for it after commit; the worker also runs
every job each minute, so a lost ring costs a minute and no work.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.core import storage
from lms.core.db import db, end_write

log = logging.getLogger(__name__)

Job = Callable[[], int]

_jobs: dict[str, Job] = {}
#: Jobs that may take hours. One runs at a time, and the others do not wait for it.
_slow: set[str] = set()
_slow_lane = Lock()


def job(name: str, *, slow: bool = False) -> Callable[[Job], Job]:
    """Register a function as a job. It returns how many things it did.

    A ``slow`` one has a lane of its own, so that mail and certificates never wait behind it.
    """

    def register(work: Job) -> Job:
        _jobs[name] = work
        if slow:
            _slow.add(name)
        return work

    return register


def list_jobs() -> list[str]:
    """Return the names of all jobs."""
    return sorted(_jobs)


def ring(name: str) -> None:
    """Ask for a job once the present transaction has committed."""
    if name not in _jobs:
        raise KeyError(name)
    db.session.info.setdefault("bells", set()).add(name)


def run(name: str) -> int:
    """Run one job now, in its own writing transactions; return how many things it did."""
    if name not in _slow:
        return _run(name)
    if not _slow_lane.acquire(blocking=False):
        return 0  # the sweeper asks again
    try:
        return _run(name)
    finally:
        _slow_lane.release()


def run_all() -> dict[str, int]:
    """Run every job once, whatever its bell says; a failing one does not stop the others."""
    return _run_each(list_jobs())


def _run(name: str) -> int:
    try:
        return _jobs[name]()
    finally:
        db.session.rollback()
        end_write()


def _run_each(names: list[str]) -> dict[str, int]:
    done = {}
    for name in names:
        try:
            done[name] = run(name)
        except Exception:
            log.exception("job %s failed", name)
    return done


def init_app(app: Flask) -> None:
    """Prepare the queue: Redis when LMS_REDIS_URL is set, else a SQLite file."""
    app.extensions["huey"] = queue = _open_queue(app)

    @queue.task(name="run_job")  # type: ignore[untyped-decorator]
    def run_job(name: str) -> int:
        with app.app_context():
            return run(name)

    @queue.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
    def sweep() -> None:
        with app.app_context():
            _run_each([name for name in list_jobs() if name not in _slow])
        _ring_slow(app)

    app.extensions["run_job"] = run_job


def work(app: Flask) -> None:
    """Serve the queue until told to stop. What was waiting is done first."""
    with app.app_context():
        storage.sweep_unfinished()
        _run_each([name for name in list_jobs() if name not in _slow])
    _ring_slow(app)
    # Two workers: a slow job keeps one of them at most.
    consumer = app.extensions["huey"].create_consumer(
        workers=2, initial_delay=0.05, max_delay=0.5, check_worker_health=False
    )
    consumer.run()


def _ring_slow(app: Flask) -> None:
    if not _slow_lane.locked():
        for name in sorted(_slow):
            app.extensions["run_job"](name)


def is_reachable(app: Flask) -> bool:
    """Tell whether the queue answers."""
    try:
        app.extensions["huey"].pending_count()
    except Exception:
        log.exception("the job queue does not answer")
        return False
    return True


@event.listens_for(Session, "after_commit")
def _ring_bells(session: Session) -> None:
    for name in sorted(session.info.pop("bells", ())):
        if current_app.config["TESTING"]:
            continue  # tests run jobs by name
        try:
            current_app.extensions["run_job"](name)
        except Exception:
            log.exception("bell of %s was lost; the sweeper will do it", name)


@event.listens_for(Session, "after_rollback")
def _forget_bells(session: Session) -> None:
    session.info.pop("bells", None)


def _open_queue(app: Flask) -> Huey:
    if app.config["LMS_REDIS_URL"]:
        return RedisHuey("lms", url=app.config["LMS_REDIS_URL"], results=False)
    path = Path(app.config["LMS_DATA_DIR"]) / "jobs.sqlite"
    # The standard library's SQLite may be one whose WAL mode is not safe with two processes.
    return SqliteHuey(
        "lms", filename=str(path), results=False, fsync=False, journal_mode="truncate"
    )

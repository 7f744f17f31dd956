"""Power loss, which kill -9 cannot show: what is acknowledged is on the disk first."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from flask import Flask

from tests.factories import Factory
from tests.faults.learner import QUESTIONS
from tests.services.page_client import PageClient
from tests.services.server import Server

#: Whatever brings bytes to the disk, or to whom they were promised.
CALLS = "trace=fsync,fdatasync,write,writev,sendto,sendmsg"
SYNC = re.compile(
    r"\b(?:fsync|fdatasync)\(\d+<[^>]*\.sqlite-wal>\)\s+= 0|<\.\.\. f(?:data)?sync resumed"
)
PATIENCE_SECONDS = 10
pytestmark = pytest.mark.xdist_group("parallel")


def _watcher(log: Path) -> list[str]:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    command = [strace, "--seccomp-bpf", "-f", "-y", "-s", "24", "-e", CALLS, "-o", str(log)]
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"strace may not watch here: {tried.stderr.decode()}")
    return command


def test_an_answer_is_on_the_disk_before_it_is_acknowledged(
    live_app: Flask, environ: dict[str, str], tmp_path: Path
) -> None:
    if not environ["LMS_DATABASE_URL"].startswith("sqlite"):
        pytest.skip("PostgreSQL's server syncs, and in tests it is told not to")
    log = tmp_path / "calls"
    server = Server(environ, tmp_path, watcher=_watcher(log))
    attempt, token, csrf = _begin_attempt(live_app)
    server.start()
    try:
        for position in QUESTIONS:
            before = log.stat().st_size
            form = {
                "csrf_token": csrf,
                "position": position,
                "seq": 1,
                f"answer-{position}": "true",
            }
            status, _headers, _body = server.request(
                "POST", f"{attempt}/answers", form, token=token, accept="application/json"
            )
            assert status == 200
            untold = _read_until_told(log, before)
            assert SYNC.search(untold), untold
    finally:
        server.kill()


def _read_until_told(log: Path, start: int) -> str:
    """Return the calls from a place in the log until the answer went out."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        untold, told, _rest = log.read_bytes()[start:].partition(b"HTTP/1.1 200")
        if told:
            return untold.decode(errors="replace")
        time.sleep(0.05)  # strace writes a call down after it has happened
    raise AssertionError("strace did not see the answer")


def _begin_attempt(app: Flask) -> tuple[str, str, str]:
    """Return the address of an open attempt, the cookie and the form token of its learner."""
    make, client = Factory(app), app.test_client()
    assert isinstance(client, PageClient)
    course = make.course(lessons=0, quiz=True)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    begun = client.post(f"/quizzes/{course.slug}/kiem-tra/start")
    cookie = client.get_cookie("lms")
    assert cookie is not None
    return begun.headers["Location"].partition("?")[0], cookie.value, client.csrf_token()

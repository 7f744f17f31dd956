"""The product as it is run: a web server and a job worker, in processes of their own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from lms import create_app
from lms.agencies.models import Agency
from lms.core.db import db
from lms.people.models import Person
from lms.seed.accounts import PASSWORD as DEMO_PASSWORD
from tests.factories import Factory

ROOT = Path(__file__).resolve().parents[2]
#: Seconds for the server to answer; a busy machine starts it slowly.
PATIENCE = 60
PEOPLE = 200
#: Codes that the demo does not give.
_numbers = count(5_001)


@dataclass
class Site:
    """A running installation with the demo province in it."""

    address: str
    app: Flask
    log: Path
    demo_password: str = DEMO_PASSWORD

    @cached_property
    def make(self) -> Factory:
        """Make what a journey needs beside the demo."""
        return Factory(self.app)

    def learner(self, full_name: str, agency_code: str, *audiences: str) -> Person:
        """Make somebody in an agency of the demo who signs in with their staff code."""
        return self.make.person(
            full_name,
            agency=self.agency(agency_code),
            audiences=audiences,
            staff_code=f"VC-{next(_numbers):04}",
            password=True,
        )

    def agency(self, code: str) -> Agency:
        """Return an agency of the demo, detached."""
        with self.app.app_context():
            agency = db.session.scalars(select(Agency).where(Agency.code == code)).one()
            db.session.expunge(agency)
        return agency


@contextmanager
def running_site(folder: Path, database_url: str = "") -> Iterator[Site]:
    """Fill a database, start the product on it and stop it at the end.

    What the server wrote to its log must hold no traceback.
    """
    port = _free_port()
    environ = {
        "LMS_DATA_DIR": str(folder),
        "LMS_DATABASE_URL": database_url,
        "LMS_PORT": str(port),
    }
    app = create_app(environ)
    _fill(app)
    site = Site(f"http://127.0.0.1:{port}", app, folder / "server.log")
    with _serving(site, environ):
        yield site
    with app.app_context():
        db.engine.dispose()
    assert "Traceback" not in site.log.read_text(), site.log.read_text()[-8000:]


def _fill(app: Flask) -> None:
    runner = app.test_cli_runner()
    for command in (["db", "upgrade"], ["seed", "demo", "--people", str(PEOPLE)]):
        outcome = runner.invoke(args=command)
        assert outcome.exit_code == 0, outcome.output


@contextmanager
def _serving(site: Site, environ: dict[str, str]) -> Iterator[None]:
    """Run what ``make run`` runs, in a session of its own so that all of it can be ended."""
    command = (sys.executable, "-m", "flask", "--app", "lms", "serve", "--with-worker")
    with site.log.open("wb") as log:
        process = subprocess.Popen(
            (*command, "--processes", "1"),
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_until_ready(site, process)
        yield
    finally:
        _end(process)


def _wait_until_ready(site: Site, process: subprocess.Popen[bytes]) -> None:
    host, port = site.address.removeprefix("http://").split(":")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{site.log.read_text()[-8000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

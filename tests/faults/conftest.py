"""The product in processes of its own, on a database that tests look into."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Template
from tests.services.server import ROOT, Server

Command = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def environ(live_app: Flask, template: Template) -> dict[str, str]:
    """Give the settings with which another process opens the live app's data."""
    return template.environ(
        str(live_app.config["LMS_DATABASE_URL"]), Path(str(live_app.config["LMS_DATA_DIR"]))
    )


@pytest.fixture
def server(environ: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """Serve the live app's database with two processes."""
    server = Server(environ, tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def command(environ: dict[str, str]) -> Iterator[Command]:
    """Start a command of the product in a process of its own; none outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "lms", *words],
                cwd=ROOT,
                env={**os.environ, **environ},
                stdout=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()

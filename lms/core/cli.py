"""Commands of the frame: settings, server, worker, health and audit."""

import os
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

import config
from lms.core import audit, jobs
from lms.core.commands import answer, json_option
from lms.core.db import SQLITE

#: The first SQLite free of the WAL-reset corruption.
SAFE_SQLITE = (3, 51, 3)


@click.command("config")
@json_option
@with_appcontext
def show_config(as_json: bool) -> None:
    """List every setting, its value in force and what it is for."""
    rows = [
        {"name": s.name, "value": _shown(s.name), "purpose": s.purpose} for s in config.SETTINGS
    ]
    answer(
        as_json,
        {"settings": rows},
        *(f"{r['name']:20} {r['value'] or '-'}\n{'':20} {r['purpose']}" for r in rows),
    )


@click.command("doctor")
@json_option
@with_appcontext
def doctor(as_json: bool) -> None:
    """Say what of this installation deserves attention."""
    warnings = []
    database = str(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if database.startswith("sqlite") and SQLITE.sqlite_version_info < SAFE_SQLITE:
        warnings.append(
            f"SQLite {SQLITE.sqlite_version} can corrupt a WAL file when two processes "
            "checkpoint at once; install the pysqlite3 wheel or run one process."
        )
    if not current_app.config["LMS_MAIL_URL"]:
        warnings.append("LMS_MAIL_URL is not set: mail waits in the outbox.")
    answer(as_json, {"warnings": warnings}, *(warnings or ["Nothing to report."]))


@click.command("worker")
@click.option("--until", type=int, metavar="PID", help="Stop when this parent process is gone.")
@with_appcontext
def worker(until: int | None) -> None:
    """Work through the jobs until stopped."""
    if until is not None:
        threading.Thread(target=_stop_after, args=(until,), daemon=True).start()
    jobs.work(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--processes", default=2, show_default=True, help="Web processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each.")
@click.option("--with-worker", is_flag=True, help="Run a job worker beside it.")
@with_appcontext
def serve(host: str, processes: int, threads: int, with_worker: bool) -> None:
    """Serve the product on LMS_PORT."""
    server = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", host, "--port", str(current_app.config["LMS_PORT"])),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--backpressure", "256", "--respawn-failed-workers", "--no-ws"),
        *("--log-level", "warning", "lms:create_app"),
    ]
    click.echo(f"Serving {current_app.config['LMS_BASE_URL']} (Ctrl+C stops it)")
    sys.stdout.flush()
    if with_worker:
        worker_command = [sys.executable, "-m", "flask", "--app", "lms", "worker"]
        subprocess.Popen([*worker_command, "--until", str(os.getpid())])  # noqa: S603 - our own
    # The server takes this process's place: one program less in memory.
    os.execv(sys.executable, server)  # noqa: S606 - our own interpreter


@click.group("audit", cls=AppGroup)
def audit_group() -> None:
    """The audit log."""


@audit_group.command("verify")
@json_option
def audit_verify(as_json: bool) -> None:
    """Check the whole chain; exit 1 on any break, naming the entry."""
    broken = audit.find_break()
    if broken is None:
        answer(as_json, {"intact": True}, "The chain is intact.")
        return
    number, fault = broken
    answer(as_json, {"intact": False, "entry": number, "fault": fault})
    click.echo(f"The chain breaks at entry {number}: {fault}.", err=True)
    raise SystemExit(1)


@click.group("jobs", cls=AppGroup)
def jobs_group() -> None:
    """Background jobs."""


@jobs_group.command("run")
@click.argument("name", required=False)
@json_option
def jobs_run(name: str | None, as_json: bool) -> None:
    """Run one job, or all of them once, here and now."""
    if name is not None and name not in jobs.list_jobs():
        raise click.UsageError(f"no job {name!r}; there are: {', '.join(jobs.list_jobs())}")
    done = jobs.run_all() if name is None else {name: jobs.run(name)}
    answer(as_json, {"done": done}, *(f"{job}: {count}" for job, count in done.items()))


def _stop_after(parent: int) -> None:
    """Stop this process once its parent is no longer that one."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _shown(name: str) -> str:
    """Return a setting as it may be shown: without a secret or the password in an address."""
    value = str(current_app.config[name])
    if name in ("LMS_SECRET_KEY", "LMS_MAIL_URL"):
        return "(set)" if value else ""
    password = urlsplit(value).password
    return value.replace(f":{password}@", ":(set)@") if password else value


COMMANDS = (show_config, doctor, worker, serve, audit_group, jobs_group)

"""What is measured, one function a row of the table."""

import json
import re
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import text

from lms.core.db import db
from lms.core.tables import write_xlsx
from tests.bench.load import Client, Outcome, run
from tests.bench.site import COURSE, PASSWORD, ROOT, Site
from tests.courses.formats import word_files

CLIENTS = 32
LESSON = "gioi-va-gioi-tinh"


@dataclass(frozen=True)
class Row:
    """A row of the table: what was measured, the figure, the goal, the peers' figure."""

    job: str
    figure: str
    goal: str
    peers: str
    values: dict[str, object]


def pages(site: Site) -> Row:
    """Course and lesson pages, 32 clients, each a trainee of their own."""

    def act(client: Client, number: int) -> None:
        client.get(f"/courses/{COURSE}/lessons/{LESSON}" if number % 2 else f"/courses/{COURSE}")

    outcome = run(act, site.port, site.learners(CLIENTS), seconds=8)
    return _load_row(
        "course and lesson pages, 32 clients",
        outcome,
        "500 /s, p95 120 ms",
        "Moodle 32 /s, p95 1.1 s; SkyLearn 288 /s",
    )


def bare_page(site: Site) -> Row:
    """A bare Flask page with four queries under the same server: what the machine can do."""

    def act(client: Client, _number: int) -> None:
        client.get("/")

    with _served_bare(site) as port:
        outcome = run(act, port, [""] * CLIENTS, seconds=5)
    return _load_row("a bare Flask page with four queries", outcome, "for comparison", "1,280 /s")


def sign_in(site: Site) -> Row:
    """Sign in, then two pages, 32 clients."""
    names = site.give_passwords(CLIENTS)

    def act(client: Client, _number: int) -> None:
        name = client.username  # type: ignore[attr-defined]
        client.token = ""
        page = client.get("/sign-in").decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        form = f"csrf_token={quote_plus(token[1])}&username={name}&password={quote_plus(PASSWORD)}"
        client.post("/sign-in", form)
        client.get("/")
        client.get("/courses/")

    outcome = run(_as(names, act), site.port, names, seconds=8)
    return _load_row(
        "sign in, then two pages, 32 clients", outcome, "45 /s", "Moodle 6 to 7 /s; SkyLearn 20 /s"
    )


def whole_quiz(site: Site) -> Row:
    """A whole quiz of 20 questions, each saved, 32 clients."""
    site.make_quiz_long()
    csrf = quote_plus(site.csrf())

    def act(client: Client, _number: int) -> None:
        client.post(f"/quizzes/{COURSE}/kiem-tra-cuoi-khoa/start", f"csrf_token={csrf}")
        intro = client.get(f"/quizzes/{COURSE}/kiem-tra-cuoi-khoa").decode()
        attempt = re.search(r"/quizzes/attempts/(\d+)", intro)
        assert attempt is not None
        page = client.get(f"/quizzes/attempts/{attempt[1]}").decode()
        answers = dict(re.findall(r'name="answer-(\d+)" value="([^"]+)"', page))
        for position in range(1, 21):
            value = quote_plus(answers.get(str(position), ""))
            form = f"csrf_token={csrf}&position={position}&seq={position}&answer-{position}={value}"
            client.post(f"/quizzes/attempts/{attempt[1]}/answers", form, "application/json")
        client.post(f"/quizzes/attempts/{attempt[1]}/submit", f"csrf_token={csrf}")
        client.get(f"/quizzes/attempts/{attempt[1]}/result")

    outcome = run(act, site.port, site.learners(CLIENTS), seconds=10)
    return _load_row(
        "a whole quiz of 20 questions, each saved, 32 clients",
        outcome,
        "20 /s, p95 2.5 s",
        "Moodle 2.3 to 3.1 /s; Kolibri 3.7 /s",
    )


def names_csv(site: Site) -> Row:
    """The names behind a report as CSV, per 10,000 people."""
    client = Client(
        site.port, site.session_of(site.person("sonoivu@bacninh.example"), is_staff=True)
    )
    seconds, rows = _fetch_names(site, client)
    per_10000 = seconds * 10_000 / max(rows, 1)
    return Row(
        "completion report with names, CSV, per 10,000 people",
        f"{per_10000:.2f} s ({rows:,} rows in {seconds:.2f} s)",
        "0.5 s",
        "Moodle 7 to 18 s",
        {"seconds_per_10000": per_10000, "rows": rows},
    )


def completion_page(site: Site) -> Row:
    """Completion by agency, the whole province, one page."""
    client = Client(
        site.port, site.session_of(site.person("sonoivu@bacninh.example"), is_staff=True)
    )
    path = f"/reports/completion?course={COURSE}"
    for _warm in range(6):
        client.get(path)
    times = []
    for _i in range(15):
        started = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - started)
    median = sorted(times)[len(times) // 2]
    return Row(
        f"completion by agency, {site.people:,} people, one page",
        f"{median * 1000:.0f} ms",
        "100 ms",
        "not offered",
        {"median_seconds": median},
    )


def certificates(site: Site) -> Row:
    """Certificates drawn in bulk by the worker's job."""
    with site.app.app_context():
        db.session.execute(
            text(
                "UPDATE certificate SET requested_at = CURRENT_TIMESTAMP WHERE id IN "
                "(SELECT id FROM certificate WHERE rendered_at IS NULL AND requested_at IS NULL LIMIT 400)"
            )
        )
        db.session.commit()
    done = json.loads(site.command("certificates", "render", "--json").stdout)
    sizes = [p.stat().st_size for p in (site.folder / "files" / "certificates").rglob("*.pdf")]
    return Row(
        "certificates in bulk, one process",
        f"{done['per_second']:.0f} /s, {max(sizes, default=0) / 1000:.0f} KB each",
        "200 /s, 40 KB each",
        "Moodle 4.6 to 4.9 /s, 134 KB each",
        {**done, "bytes": max(sizes, default=0)},
    )


def handbook(site: Site) -> Row:
    """A Word handbook of a hundred pages, imported as a course by the command."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "so-tay.docx"
        file.write_bytes(word_files.handbook())
        started = time.perf_counter()
        answer = json.loads(site.command("courses", "import", str(file), "--json").stdout)
        seconds = time.perf_counter() - started
    return Row(
        "a Word handbook of 100 pages becomes a course",
        f"{seconds:.1f} s, {answer['lessons']} lessons",
        "10 s",
        "–",
        {"seconds": seconds, "lessons": answer["lessons"]},
    )


def roster(site: Site) -> Row:
    """A roster of 30,000 rows, previewed and applied."""
    headers = [
        "TT",
        "Mã cán bộ",
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Chức vụ",
        "Đơn vị",
        "Điện thoại",
    ]
    rows = [
        [
            n,
            f"RX{n:06}",
            f"Nguyễn Thị Số {_letters(n)}",
            f"{n % 28 + 1:02}/{n % 12 + 1:02}/{1965 + n % 35}",
            "Nữ",
            "Chuyên viên",
            "Sở Nội vụ",
            f"09{n:08}",
        ]
        for n in range(1, 30_001)
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "danh-sach.xlsx"
        file.write_bytes(write_xlsx(headers, rows))
        started = time.perf_counter()
        site.command("people", "import", str(file), "--agency", "24", "--apply", "--json")
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Row(
        "roster of 30,000 rows, preview and apply",
        f"{seconds:.1f} s, {peak:.0f} MB peak",
        "20 s, 300 MB",
        "not measured",
        {"seconds": seconds, "peak_mb": peak},
    )


def idle_memory(served: subprocess.Popen[bytes]) -> Row:
    """Memory of the whole idle stack: web processes and worker."""
    kilobytes = sum(_pss(pid) for pid in _family(served.pid))
    return Row(
        "memory of the whole idle stack",
        f"{kilobytes / 1024:.0f} MB",
        "250 MB",
        "see the contract's benchmark",
        {"mb": kilobytes / 1024},
    )


def _load_row(job: str, outcome: Outcome, goal: str, peers: str) -> Row:
    p95 = outcome.percentile(0.95)
    bad = {status: n for status, n in outcome.statuses.items() if status >= 400}
    trouble = f", answers in error: {bad}" if bad else ""
    return Row(
        job,
        f"{outcome.rate:,.0f} /s, p95 {p95 * 1000:,.0f} ms{trouble}",
        goal,
        peers,
        {
            "rate": outcome.rate,
            "p50": outcome.percentile(0.5),
            "p95": p95,
            "statuses": {str(k): v for k, v in outcome.statuses.items()},
        },
    )


def _as(names: list[str], act: Callable[[Client, int], None]) -> Callable[[Client, int], None]:
    """Let each client act under the name it was started with in place of a token."""

    def named(client: Client, number: int) -> None:
        if number == 0:
            client.username = client.token  # type: ignore[attr-defined]
        act(client, number)

    return named


def _fetch_names(site: Site, client: Client) -> tuple[float, int]:
    address = f"http://127.0.0.1:{site.port}/reports/people.csv?course={COURSE}"
    request = urllib.request.Request(address, headers={"Cookie": f"lms={client.token}"})
    started = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        csv = answer.read()
    return time.perf_counter() - started, csv.count(b"\r\n") - 1


def _letters(number: int) -> str:
    """Write a number in letters: names hold no digits."""
    word = ""
    while number:
        number, rest = divmod(number, 26)
        word += chr(ord("a") + rest)
    return word.capitalize()


@contextmanager
def _served_bare(site: Site) -> Iterator[int]:
    """Serve the bare page as the product is served."""
    port = site.port + 1
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2"),
        *("--blocking-threads", "8", "--no-ws", "--log-level", "error"),
        "tests.bench.scenarios:bare_app",
    ]
    with subprocess.Popen(command, cwd=ROOT, env=site.environ) as process:
        time.sleep(4)
        try:
            yield port
        finally:
            process.terminate()


def bare_app() -> Flask:
    """Return a Flask app with one page that asks the same database four times."""
    import os  # noqa: PLC0415
    import sqlite3  # noqa: PLC0415

    app = Flask("bare")
    path = Path(os.environ["LMS_DATA_DIR"]) / "lms.sqlite"

    @app.get("/")
    def index() -> str:
        with sqlite3.connect(path) as connection:
            for n in range(1, 5):
                connection.execute("SELECT full_name FROM person WHERE id = ?", (n,)).fetchall()
        return "ok"

    return app


def _family(pid: int) -> list[int]:
    children = subprocess.run(
        ["ps", "--no-headers", "-o", "pid", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    return [pid, *(relative for child in children for relative in _family(int(child)))]


def _pss(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    return int(found[1]) if found else 0

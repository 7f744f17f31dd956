"""House rules that a reader can check by reading, checked by reading."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("lms", "courses", "quizzes", "certificates")
SOURCES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
TEMPLATES = sorted(
    p for package in PACKAGES for p in (ROOT / package).rglob("*.html") if "static" not in p.parts
)
#: The rooms through which a request, a command or a job comes in; core/db, core/sessions, core/mail and
#: core/commands are the frame's own doors.
DOORS = re.compile(
    r"/(views|cli|jobs)(/[a-z_]+)?\.py$|/core/(db|sessions|mail|commands|cli)\.py$|^lms/seed/"
)
MOST_LINES = 300


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_only_doors_commit() -> None:
    commits = [
        f"{_name(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ".commit()" in line
        and not DOORS.search("/" + _name(path))
        and "seed/" not in _name(path)
    ]
    assert commits == []


def test_there_is_something_to_read() -> None:
    assert len(SOURCES) > 50
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_file_is_short_enough_to_read_at_once(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_views_are_short() -> None:
    long = []
    for path in SOURCES:
        if "/views" not in _name(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            is_view = isinstance(node, ast.FunctionDef) and node.decorator_list
            if is_view and _body_lines(node) > 30:
                long.append(f"{_name(path)}:{node.name} {_body_lines(node)}")
    assert long == []


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    silent = []
    for path in SOURCES:
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                silent.append(f"{_name(path)}:{node.name}")
    assert silent == []


def test_there_is_one_clock() -> None:
    others = [
        f"{_name(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"datetime\.now\(|date\.today\(|utcnow\(", line)
        and _name(path) != "lms/core/clock.py"
    ]
    assert others == []


def test_there_is_one_unzipper() -> None:
    openers = {
        _name(path)
        for path in SOURCES
        if re.search(r"zipfile\.ZipFile\(|\.extractall\(", path.read_text())
    }
    # The table reader looks at an XLSX's sizes before it is opened; packs are written, not read.
    assert openers <= {
        "lms/core/archives.py",
        "lms/core/tables/workbook.py",
        "courses/formats/zip_writing.py",
    }


def test_no_module_is_called_utils() -> None:
    assert [p for p in SOURCES if p.stem in ("utils", "util", "helpers", "common", "misc")] == []


def test_nothing_runs_what_a_file_says() -> None:
    risky = [
        f"{_name(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\bpickle\b|yaml\.load\(|\beval\(|(?<![.\w])exec\(|populate_obj", line)
    ]
    assert risky == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_trusts_nothing_and_styles_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b", text)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=", text)


def _body_lines(node: ast.FunctionDef) -> int:
    return (node.end_lineno or 0) - node.body[0].lineno + 1

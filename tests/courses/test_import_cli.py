"""Files of every format in and out by command: JSON, exit codes, nothing half done."""

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from courses.formats.pack import read
from courses.formats.pack import writing as pack_writing
from courses.formats.packed import PackedCourse
from courses.formats.writing import WRITERS
from courses.models import Course, Lesson, Media, Package
from lms.core.db import db
from tests.courses.formats.building import h5p, item, resource, scorm_12, scorm_2004, whole_course
from tests.courses.formats.pdf_files import pdf_file
from tests.courses.formats.slide_files import full_deck
from tests.courses.formats.word_files import handbook
from tests.courses.packs import COURSE, LESSON, QUIZ, zipped
from tests.factories import Factory

MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(200)
MP3 = b"ID3\x04\0\0\0\0\0\0" + bytes(200)
TWO = {"items": item("a", "Bài 1") + item("b", "Bài 2")}
TWO |= {"resources": resource("a", "index.html") + resource("b", "hai.html")}

FILES = {
    "pack": (zipped, 2),
    "docx": (lambda: handbook(chapters=3, paragraphs=5), 3),
    "pptx": (full_deck, 1),
    "pdf": (lambda: pdf_file(3, "Sổ tay"), 1),
    "video": (lambda: MP4, 1),
    "audio": (lambda: MP3, 1),
    "scorm": (lambda: scorm_12(**TWO, hai__html="<p>Hai</p>"), 2),
    "h5p": (h5p, 1),
}


@pytest.fixture
def command(app: Flask) -> Any:
    """Run a command of the courses group; return its JSON, or what it said when refused."""

    def run(*words: str | Path, code: int = 0) -> Any:
        result: Result = app.test_cli_runner().invoke(
            args=["courses", *map(str, words), "--json"], catch_exceptions=False
        )
        assert result.exit_code == code, result.output
        return json.loads(result.stdout) if code == 0 else result.stderr

    return run


def counts(app: Flask) -> list[int]:
    with app.app_context():
        tables = (Course, Lesson, Media, Package)
        return [db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_every_format_becomes_a_draft(
    app: Flask, command: Any, tmp_path: Path, name: str
) -> None:
    make_file, lessons = FILES[name]
    # The name says nothing.
    path = tmp_path / "tài liệu.bin"
    path.write_bytes(make_file())
    answer = command("import", path)
    assert answer["format"] == name
    assert answer["lessons"] >= lessons
    assert (answer["state"], answer["changed"]) == ("draft", True)
    assert answer["title"]
    assert isinstance(answer["warnings"], list)
    assert [c["slug"] for c in command("list")["courses"]] == [answer["slug"]]
    if name in ("scorm", "h5p"):
        with app.app_context():
            package = db.session.scalars(select(Package)).one()
            assert package.unpacked_at is not None


def test_a_file_without_an_address_of_its_own_never_touches_another_course(
    command: Any, tmp_path: Path
) -> None:
    path = tmp_path / "so-tay.pdf"
    path.write_bytes(pdf_file(1, "Sổ tay"))
    first, second = command("import", path), command("import", path)
    assert first["slug"] != second["slug"]
    assert second["revision"] == 1


def test_a_scorm_2004_package_goes_in_too(command: Any, tmp_path: Path) -> None:
    path = tmp_path / "goi.zip"
    path.write_bytes(scorm_2004())
    assert command("import", path)["format"] == "scorm"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "rỗng"),
        (b"MZ" + bytes(100), "chương trình"),
        (zipped()[:400], ""),
        (zipped({"course.yml": COURSE.replace("periods: 2", "periods: 0")}), "course.yml, dòng 6"),
        (zipped({"quiz.yml": QUIZ.replace("type: true_false", "type: essay")}), ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_nothing_is_changed(
    app: Flask, command: Any, tmp_path: Path, data: bytes, words: str
) -> None:
    before = counts(app)
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    told = command("import", path, code=1)
    assert words in told
    assert told.strip()
    assert counts(app) == before


@pytest.mark.parametrize("kind", WRITERS)
def test_a_course_is_written_in_every_format_or_not_at_all(
    make: Factory, command: Any, tmp_path: Path, kind: str
) -> None:
    course = make.course(quiz=True)
    out = tmp_path / "out.zip"
    answer = command("export", course.slug, "--out", out, "--format", kind)
    assert answer["bytes"] == out.stat().st_size
    assert answer["format"] == kind
    assert isinstance(answer["warnings"], list)
    assert command("import", out)["lessons"] >= 1
    assert command("export", course.slug, "--out", tmp_path / "no" / "x", "--format", kind, code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]


# --- what format 1 carries besides


def write(course: PackedCourse) -> bytes:
    out = io.BytesIO()
    pack_writing.write(course, out)
    return out.getvalue()


def test_a_pack_carries_every_kind_of_lesson_with_files_and_rules() -> None:
    course = whole_course()
    back = read(write(course))
    # Captions are tidied when they come in; everything else stays to the byte.
    captions = {name for name in course.files if name.endswith(".vtt")}
    assert replace(back, files={}).comparable() == replace(course, files={}).comparable()
    assert {n: f for n, f in back.files.items() if n not in captions} == {
        n: f for n, f in course.files.items() if n not in captions
    }
    assert {*back.files} == {*course.files}
    assert read(write(back)) == back


def test_a_lesson_says_its_kind_and_rules_in_its_own_file() -> None:
    lesson = LESSON.replace(
        "minutes: 5\n",
        "minutes: 5\nkind: video\nsettings:\n  file: media/bai.mp4\n"
        "completion: {rule: watched, share: 80}\nrelease: {from: 2026-12-01}\n",
    )
    course = COURSE.replace("periods: 2", "periods: 2\nin_order: true")
    packed = read(
        zipped({"course.yml": course, "lessons/01-mo-dau.md": lesson, "media/bai.mp4": MP4})
    )
    first = next(packed.lessons())
    assert packed.in_order
    assert first.kind == "video"
    assert first.settings == {"file": "media/bai.mp4"}
    assert first.completion == {"rule": "watched", "share": 80}
    assert first.release == {"from": "2026-12-01"}
    assert packed.files["media/bai.mp4"].content_type == "video/mp4"
    with packed.files["media/bai.mp4"].open() as stream:
        assert stream.read() == MP4
    assert read(write(packed)) == packed


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("settings: {file: media/khac.mp4}", "no_such_file"),
        ("settings: [a]", "not_a_mapping"),
        ("settings: {a: {b: {c: {d: {e: {f: {g: 1}}}}}}}", "not_plain"),
        ("completion: {rule: .inf}", "not_plain"),
        ("release: {1: a}", "not_plain"),
        ("kind: Quiz", "bad_key"),
        ("kind: quiz", "lesson_kind"),
    ],
)
def test_what_a_kind_cannot_be_is_a_fault(line: str, code: str) -> None:
    lesson = LESSON.replace("minutes: 5\n", f"minutes: 5\n{line}\n")
    with pytest.raises(UnreadableCourse) as caught:
        read(zipped({"lessons/01-mo-dau.md": lesson}))
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_kind_that_is_not_known_here_is_refused(app: Flask, command: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    lesson = LESSON.replace("minutes: 5\n", "minutes: 5\nkind: hologram\n")
    path.write_bytes(zipped({"lessons/01-mo-dau.md": lesson}))
    assert "hologram" in command("import", path, code=1)
    assert counts(app) == [0, 0, 0, 0]


def test_a_large_file_of_a_pack_is_copied_block_by_block(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    document = b"%PDF-1.7\n" + os.urandom(3 * 1024**2)
    path.write_bytes(zipped({"media/a.pdf": document}))
    with path.open("rb") as file:
        packed = read(Brought(file, "a.zip"))
        with zipfile.ZipFile(io.BytesIO(write(packed))) as written:
            assert written.read("khoa-thu/media/a.pdf") == document

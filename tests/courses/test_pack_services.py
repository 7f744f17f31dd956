"""Packs in and out of the database: by command and by browser, whole or not at all."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from courses.formats.pack import read
from courses.models import Course, Lesson, Media, Revision
from lms.core import audit, storage
from lms.core.access import TRAINER
from lms.core.db import db
from lms.people.models import Audience, Person, RoleGrant
from quizzes.models import Question, Quiz
from tests.courses.packs import COURSE, LESSON, QUIZ, SVG, zipped
from tests.factories import Factory
from tests.services.page_client import PageClient

CONTENT = Path(__file__).resolve().parents[2] / "lms" / "seed" / "content"
STARTERS = sorted(folder.name for folder in CONTENT.iterdir())


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


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency())
    make.grant(person, TRAINER)
    client.sign_in(person)
    return person


@pytest.fixture
def pack_file(tmp_path: Path) -> Path:
    path = tmp_path / "khoa-thu.zip"
    path.write_bytes(zipped())
    return path


def upload(client: PageClient, data: bytes) -> str:
    """Bring a file and return the address where what will come in is shown."""
    file = (io.BytesIO(data), "goi.zip")
    answer = client.post("/courses/write/import", data={"file": file})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def take_in(client: PageClient, data: bytes, **fields: str) -> Any:
    """Bring a file and make the course of it."""
    return client.post(f"{upload(client, data)}/apply", data={"target": "new", **fields})


def counts(app: Flask) -> dict[str, int]:
    tables = (Course, Revision, Lesson, Media, Quiz, Question, Audience, Person, RoleGrant)
    with app.app_context():
        return {
            table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def revisions(app: Flask, slug: str = "khoa-thu") -> list[tuple[int, str, str]]:
    with app.app_context():
        query = select(Revision.number, Revision.state, Revision.title).join(Course)
        rows = db.session.execute(query.where(Course.slug == slug).order_by(Revision.number))
        return [tuple(row) for row in rows]


def test_a_pack_is_imported_as_a_draft_and_told_in_json(
    app: Flask, command: Any, pack_file: Path
) -> None:
    answer = command("import", pack_file)
    assert answer == {
        "slug": "khoa-thu",
        "title": "Khóa thử",
        "format": "pack",
        "lessons": 2,
        "revision": 1,
        "state": "draft",
        "changed": True,
        "warnings": [],
    }
    assert command("list")["courses"] == [
        {
            "slug": "khoa-thu",
            "title": "Khóa thử",
            "revision": 1,
            "state": "draft",
            "published": None,
            "lessons": 2,
        }
    ]


def test_the_same_pack_again_changes_nothing(app: Flask, command: Any, pack_file: Path) -> None:
    command("import", pack_file, "--publish")
    before = counts(app)
    for options in ([], ["--publish"], ["--replace-draft"]):
        answer = command("import", pack_file, *options)
        assert (answer["changed"], answer["state"], answer["revision"]) == (False, "published", 1)
    assert counts(app) == before


def test_other_content_becomes_the_next_revision(
    app: Flask, command: Any, tmp_path: Path, pack_file: Path
) -> None:
    command("import", pack_file, "--publish")
    changed = tmp_path / "changed.zip"
    changed.write_bytes(zipped({"lessons/01-mo-dau.md": LESSON + "\nThêm một câu.\n"}))
    assert command("import", changed)["revision"] == 2
    assert [row[:2] for row in revisions(app)] == [(1, "published"), (2, "draft")]
    assert command("import", changed)["changed"] is False
    assert command("import", pack_file)["changed"] is False  # it is what is published
    assert command("import", changed, "--publish")["state"] == "published"
    assert [row[:2] for row in revisions(app)] == [(1, "retired"), (2, "published")]


def test_a_draft_under_way_is_not_thrown_away_unasked(
    app: Flask, command: Any, tmp_path: Path, pack_file: Path
) -> None:
    command("import", pack_file)
    other = tmp_path / "other.zip"
    other.write_bytes(zipped({"course.yml": COURSE.replace("Khóa thử", "Khóa khác")}))
    assert "bản nháp" in command("import", other, code=1)
    assert revisions(app) == [(1, "draft", "Khóa thử")]
    command("import", other, "--replace-draft")
    assert revisions(app) == [(1, "draft", "Khóa khác")]
    assert counts(app)["quiz"] == 1


@pytest.mark.parametrize("name", STARTERS)
def test_the_starter_courses_go_in_come_out_and_go_in_again_without_a_change(
    app: Flask, command: Any, tmp_path: Path, name: str
) -> None:
    assert command("import", CONTENT / name, "--publish")["warnings"] == []
    out = tmp_path / "out.zip"
    assert command("export", name, "--out", out)["state"] == "published"
    packed = read(CONTENT / name)
    assert read(out.read_bytes()).comparable() == packed.comparable()
    before = counts(app)
    assert command("import", out)["changed"] is False
    assert counts(app) == before

    again = tmp_path / "again.zip"
    command("export", name, "--out", again)
    assert again.read_bytes() == out.read_bytes()


def test_pictures_are_stored_by_their_content(app: Flask, command: Any, pack_file: Path) -> None:
    command("import", pack_file)
    with app.app_context():
        media = db.session.scalars(select(Media)).one()
        assert (media.name, media.content_type) == ("images/o-vuong.svg", "image/svg+xml")
        assert storage.get(f"media/{media.sha256[:2]}/{media.sha256}") == SVG


def test_faults_are_told_in_vietnamese_by_file_and_line_and_nothing_is_changed(
    app: Flask, command: Any, tmp_path: Path
) -> None:
    before = counts(app)
    path = tmp_path / "bad.zip"
    path.write_bytes(
        zipped(
            {
                "course.yml": COURSE.replace("periods: 2", "periods: hai"),
                "quiz.yml": QUIZ.replace("draw: 1", "draw: 9"),
            }
        )
    )
    told = command("import", path, code=1)
    assert "course.yml, dòng 6 (periods):" in told
    assert "quiz.yml, dòng 9 (sections.1.draw):" in told
    assert counts(app) == before


@pytest.mark.parametrize(
    "files",
    [
        {"quiz.yml": QUIZ.replace("type: true_false", "type: essay")},
        {"quiz.yml": QUIZ.replace("correct: true", "correct: false")},
        {"course.yml": COURSE.replace("[official]", "[nobody]")},
    ],
)
def test_what_only_the_database_or_the_quizzes_can_tell_is_refused_whole(
    app: Flask, command: Any, tmp_path: Path, files: dict[str, str]
) -> None:
    before = counts(app)
    path = tmp_path / "bad.zip"
    path.write_bytes(zipped(files))
    assert command("import", path, code=1)
    assert counts(app) == before


def test_an_unknown_course_owner_or_folder_is_refused(
    command: Any, pack_file: Path, tmp_path: Path
) -> None:
    assert command("export", "khong-co", "--out", tmp_path / "a.zip", code=1)
    assert command("import", pack_file, "--owner", "khong-co", code=1)
    command("import", pack_file)
    assert command("export", "khoa-thu", "--out", tmp_path / "no" / "a.zip", code=1)


def test_a_pack_has_the_owner_that_is_named(
    app: Flask, make: Factory, command: Any, pack_file: Path
) -> None:
    person = make.person(agency=make.agency())
    command("import", pack_file, "--owner", person.staff_code)
    with app.app_context():
        assert db.session.scalar(select(Course.owner_id)) == person.id


def test_a_trainer_imports_and_exports_in_the_browser(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    answer = take_in(client, zipped(top="khoa-thu/"))
    assert answer.headers["Location"] == "/courses/write/khoa-thu"
    page = client.get("/courses/write/khoa-thu").text
    assert "Mở đầu" in page
    assert "Bài kiểm tra" in page
    preview = client.get("/courses/write/khoa-thu/lessons/mo-dau/preview").text
    assert 'alt="Hình một ô vuông"' in preview

    assert (
        "/courses/write/khoa-thu/export/pack" in client.get("/courses/write/khoa-thu/export").text
    )
    export = client.get("/courses/write/khoa-thu/export/pack")
    assert export.headers["Content-Type"] == "application/zip"
    assert export.headers["Content-Disposition"] == "attachment; filename=khoa-thu-1.zip"
    before = counts(app)
    assert take_in(client, export.data).status_code == 303
    assert counts(app) == before
    with app.app_context():
        assert audit.find_break() is None


def test_faults_in_the_browser_are_listed_and_hostile_names_stay_text(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    before = counts(app)
    course = COURSE.replace("lessons/01", "<script>alert(1)</script>/01")
    bad = zipped({"course.yml": course.replace("periods: 2", "periods: 0")})
    page = client.get(upload(client, bad)).text
    assert page.count("<li>course.yml, dòng") == 2
    assert "<script>alert" not in page
    for data in (b"", b"not a zip", zipped()[:200]):
        shown = upload(client, data)
        assert 'data-test="faults"' in client.get(shown).text
        assert client.post(f"{shown}/apply", data={"target": "new"}).status_code == 303
    assert client.post("/courses/write/import").status_code == 422
    assert counts(app) == before


def test_a_pack_does_not_reach_another_trainers_course(
    app: Flask, make: Factory, client: PageClient, trainer: Person
) -> None:
    other = make.course(owner=make.person())
    data = zipped({"course.yml": COURSE.replace("khoa-thu", other.slug)})
    for fields in ({}, {"replace_draft": "y"}):
        made = take_in(client, data, **fields).headers["Location"].rpartition("/")[2]
        assert made != other.slug
        assert revisions(app, made) == [(1, "draft", "Khóa thử")]
    assert len(revisions(app, other.slug)) == 1


def test_a_draft_in_the_browser_is_replaced_only_when_asked(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    take_in(client, zipped())
    other = zipped({"course.yml": COURSE.replace("Khóa thử", "Khóa khác")})
    refused = take_in(client, other)
    assert "bản nháp" in client.get(refused.headers["Location"]).text
    assert revisions(app) == [(1, "draft", "Khóa thử")]
    take_in(client, other, replace_draft="y")
    assert revisions(app) == [(1, "draft", "Khóa khác")]


def test_an_empty_quiz_has_no_pack(client: PageClient, trainer: Person) -> None:
    client.post("/courses/write/new", data={"title": "Khóa", "periods": "1"})
    answer = client.post("/courses/write/khoa/modules", data={"title": "Một"})
    module = answer.headers["Location"].rpartition("-")[2]
    quiz = {"title": "Bài kiểm tra", "kind": "quiz"}
    client.post(f"/courses/write/khoa/modules/{module}/lessons", data=quiz)
    assert client.get("/courses/write/khoa/export/pack").status_code == 422


def test_pictures_are_uploaded_under_plain_names_replaced_and_deleted(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    client.post("/courses/write/new", data={"title": "Khóa", "periods": "1"})
    path = "/courses/write/khoa/pictures"

    def send(name: str, data: bytes) -> int:
        return client.post(path, data={"file": (io.BytesIO(data), name)}).status_code

    assert send("Sơ đồ <1>.SVG", SVG) == 303
    assert "![…](images/so-do-1.svg)" in client.get(path).text
    assert send("..\\..\\Sơ đồ 1.png", SVG.replace(b'"9"', b'"8"')) == 303
    assert counts(app)["media"] == 1
    assert send("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>") == 422
    assert send("x.png", b"<html>") == 422
    assert client.post(path).status_code == 422
    with app.app_context():
        media = db.session.scalars(select(Media)).one()
    shown = client.get(f"/courses/media/{media.sha256}/so-do-1.svg")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert policy.endswith("; sandbox")
    assert client.post(f"{path}/{media.id}/delete").status_code == 303
    assert counts(app)["media"] == 0

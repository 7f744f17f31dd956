"""From the file to the course: shown first, then made, once and whole."""

import io
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from courses.formats import recognising
from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.formats.writing import WRITERS
from courses.lesson_text import list_pictures
from courses.models import Course, Import, Lesson, LibraryFile, Media, Module, Revision, Upload
from courses.queries.authoring import get_newest
from courses.services.packs import pack_revision
from lms.core import audit, jobs
from lms.core.access import TRAINER
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from quizzes.models import Question
from tests.courses.packs import COURSE, LESSON, SVG, zipped
from tests.factories import Factory
from tests.services.page_client import PageClient

MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(200)


@pytest.fixture
def trainer(make: Factory, client: PageClient) -> Person:
    person = make.person("Phạm Thị Lan", agency=make.agency())
    make.grant(person, TRAINER)
    client.sign_in(person)
    return person


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every file to the worker, as large ones are."""
    monkeypatch.setattr("courses.services.imports.AT_ONCE", -1)


def bring(client: PageClient, data: bytes, name: str = "goi.zip") -> str:
    answer = client.post("/courses/write/import", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def take(client: PageClient, shown: str, **fields: str) -> str:
    answer = client.post(f"{shown}/apply", data={"target": "new", **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def course_of(app: Flask, slug: str) -> PackedCourse:
    with app.app_context():
        course = db.session.scalars(select(Course).where(Course.slug == slug)).one()
        return pack_revision(get_newest(course))


def state(app: Flask) -> tuple[str, int]:
    with app.app_context():
        row = db.session.execute(select(Import.state, Import.tries)).one()
        return row.state, row.tries


# --- what is shown


def test_nothing_is_made_before_it_is_asked_for(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    page = client.get(bring(client, zipped())).text
    for words in ("Khóa thử", "Mở đầu", "Bài kiểm tra", "Phần một"):
        assert words in page
    assert count(app, Course) == 0
    assert "Khóa thử" in client.get("/courses/write/import").text


def test_what_could_not_be_carried_over_is_said_before(client: PageClient, trainer: Person) -> None:
    page = client.get(bring(client, zipped({"README.txt": "…", "media/x.exe": b"MZ"}))).text
    warnings = page[page.index('data-test="warnings"') :]
    assert "README.txt" in warnings
    assert "media/x.exe" in warnings


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.docx", "empty_file"),
        (b"MZ\x90\0" + bytes(100), "bai-giang.pdf", "program"),
        (b"\x7fELF" + bytes(100), "bai.mp4", "program"),
        (b"#!/bin/sh\nrm -rf /", "bai.docx", "program"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "bai.pdf", "web_page"),
        (b"{\\rtf1 xin}", "bai.docx", "rich_text"),
        (b"Rar!\x1a\x07" + bytes(50), "bai.zip", "other_archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "hinh.png", "picture_alone"),
        (b"m\xe1\xbb\x99t d\xc3\xb2ng ch\xe1\xbb\xaf", "bai.txt", "unknown_file"),
        (
            rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
            "bai.docx",
            "virus",
        ),
    ],
)
def test_a_file_is_known_by_its_content_and_refused_with_what_to_do(
    app: Flask, client: PageClient, trainer: Person, data: bytes, name: str, code: str
) -> None:
    with pytest.raises(UnreadableCourse) as caught:
        recognising.recognise(Brought(io.BytesIO(data), name))
    assert [fault.code for fault in caught.value.faults] == [code]
    assert code in MESSAGES
    page = client.get(bring(client, data, name)).text
    assert 'data-test="faults"' in page
    assert 'data-test="apply"' not in page
    assert state(app)[0] == "refused"


def test_hostile_names_and_titles_stay_text(client: PageClient, trainer: Person) -> None:
    course = COURSE.replace("Khóa thử", "<script>alert(1)</script>")
    shown = bring(client, zipped({"course.yml": course}), "<img src=x onerror=alert(1)>.zip")
    for page in (client.get(shown).text, client.get("/courses/write/import").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"ID3", MP4]))
def test_any_bytes_are_recognised_or_refused(data: bytes, head: bytes) -> None:
    codes = _refusals(Brought(io.BytesIO(head + data), "x"))
    assert all(code in MESSAGES for code in codes)


def _refusals(brought: Brought) -> list[str]:
    try:
        recognising.recognise(brought)
    except UnreadableCourse as error:
        return [fault.code for fault in error.faults]
    return []


# --- what is made


def test_a_file_for_the_worker_is_read_and_made_by_it(
    app: Flask, client: PageClient, trainer: Person, waiting: None
) -> None:
    shown = bring(client, zipped({"media/bai.mp4": MP4}))
    page = client.get(shown).text
    assert 'data-test="import-works"' in page
    with app.app_context():
        assert jobs.run("courses.read_imports") == 1
    assert "Khóa thử" in client.get(shown).text
    assert take(client, shown) == shown
    assert 'data-test="import-works"' in client.get(shown).text
    with app.app_context():
        assert jobs.run("courses.apply_imports") == 1
        assert jobs.run("courses.apply_imports") == 0
    assert "/courses/write/khoa-thu" in client.get(shown).text
    assert count(app, Course) == 1
    assert course_of(app, "khoa-thu").files["media/bai.mp4"].size == len(MP4)
    with app.app_context():
        assert audit.find_break() is None


def test_pressed_twice_it_is_made_once(app: Flask, client: PageClient, trainer: Person) -> None:
    shown = bring(client, zipped())
    assert take(client, shown) == take(client, shown) == "/courses/write/khoa-thu"
    assert count(app, Revision) == 1


def test_a_pack_of_ones_own_course_is_its_next_revision(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    take(client, bring(client, zipped()))
    other = bring(client, zipped({"lessons/01-mo-dau.md": LESSON + "\nThêm.\n"}))
    page = client.get(other).text
    assert 'data-test="replace-draft"' in page
    take(client, other, replace_draft="y")
    assert count(app, Course) == 1
    assert "Thêm." in next(course_of(app, "khoa-thu").lessons()).source


def test_modules_are_added_to_a_course_of_ones_own_and_nothing_is_lost(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    take(client, bring(client, zipped()))
    before = course_of(app, "khoa-thu")
    questions = count(app, Question)
    other: dict[str, str | bytes | None] = {
        "course.yml": COURSE.replace("khoa-thu", "khoa-khac").replace("Khóa thử", "Khóa khác"),
        "images/o-vuong.svg": SVG.replace(b'"9"', b'"7"'),
    }
    shown = bring(client, zipped(other))
    assert take(client, shown, target="add", course="khoa-thu") == "/courses/write/khoa-thu"

    after = course_of(app, "khoa-thu")
    assert after.title == before.title
    assert after.modules[:2] == before.modules
    assert [m.title for m in after.modules[2:]] == [m.title for m in before.modules]
    keys = [lesson.key for lesson in after.lessons()]
    assert keys == ["mo-dau", "kiem-tra", "mo-dau-2", "kiem-tra-2"]
    third = list(after.lessons())[2]
    (name,) = list_pictures(third.source)
    assert after.pictures[name].data == other["images/o-vuong.svg"]
    assert after.pictures["images/o-vuong.svg"].data == SVG
    assert count(app, Question) == 2 * questions
    assert count(app, Course) == 1


def test_a_file_brought_from_a_courses_page_is_offered_to_that_course(
    client: PageClient, trainer: Person
) -> None:
    take(client, bring(client, zipped()))
    page = client.get("/courses/write/khoa-thu").text
    address = "/courses/write/import?course=khoa-thu"
    assert address in page
    answer = client.post(address, data={"file": (io.BytesIO(zipped()), "a.zip")})
    shown = client.get(answer.headers["Location"]).text
    assert re.search(r'<option selected value="khoa-thu"', shown)
    assert re.search(r'<input checked[^>]*value="add"', shown)


def test_adding_to_a_published_course_begins_a_draft(
    app: Flask, make: Factory, client: PageClient, trainer: Person
) -> None:
    course = make.course(owner=trainer, quiz=True)
    take(client, bring(client, zipped()), target="add", course=course.slug)
    with app.app_context():
        states = db.session.execute(select(Revision.number, Revision.state)).all()
        assert [tuple(row) for row in states] == [(1, "published"), (2, "draft")]
        draft = db.session.scalars(select(Revision.id).where(Revision.number == 2)).one()
        assert db.session.scalar(select(func.count()).where(Module.revision_id == draft)) == 3
        assert db.session.scalar(select(func.count()).where(Lesson.revision_id == draft)) == 5


def test_nobody_adds_to_or_sees_what_is_anothers(
    make: Factory, client: PageClient, trainer: Person
) -> None:
    shown = bring(client, zipped())
    make.course(owner=trainer)
    other = make.course(owner=make.person())
    data = {"target": "add", "course": other.slug}
    assert client.post(f"{shown}/apply", data=data).status_code == 404
    assert client.post(f"{shown}/apply", data={"target": "add"}).status_code == 422
    stranger = make.person(agency=make.agency())
    make.grant(stranger, TRAINER)
    client.sign_in(stranger)
    assert client.get(shown).status_code == 404
    assert client.post(f"{shown}/apply").status_code == 404
    assert client.post(f"{shown}/discard").status_code == 404


def test_what_is_refused_by_the_course_can_be_asked_again(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    shown = bring(client, zipped({"course.yml": COURSE.replace("[official]", "[nobody]")}))
    assert take(client, shown) == shown
    assert "nobody" in client.get(shown).text
    assert state(app)[0] == "ready"
    assert count(app, Course) == 0


def test_what_is_thrown_away_leaves_nothing(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    shown = bring(client, zipped())
    assert client.post(f"{shown}/discard").headers["Location"] == "/courses/write/import"
    assert client.get(shown).status_code == 404
    with app.app_context():
        assert jobs.run("courses.forget_uploads") == 1
    assert count(app, Import) == count(app, Upload) == 0


def test_a_file_is_kept_until_its_import_is_done_and_no_longer(
    app: Flask, client: PageClient, trainer: Person, waiting: None
) -> None:
    shown = bring(client, zipped())
    with app.app_context():
        db.session.execute(update(Upload).values(expires_at=now() - timedelta(days=1)))
        db.session.commit()
        assert jobs.run("courses.forget_uploads") == 0
        jobs.run("courses.read_imports")
    take(client, shown)
    with app.app_context():
        jobs.run("courses.apply_imports")
        assert jobs.run("courses.forget_uploads") == 1
        assert jobs.run("courses.forget_uploads") == 0
    assert client.get(shown).status_code == 200


# --- workers that die


def test_a_dead_workers_claim_is_taken_over_when_its_time_is_up(
    app: Flask, client: PageClient, trainer: Person, waiting: None
) -> None:
    bring(client, zipped())
    with app.app_context():
        db.session.execute(
            update(Import).values(tries=1, claimed_by="x", claimed_until=now() + timedelta(hours=1))
        )
        db.session.commit()
        assert jobs.run("courses.read_imports") == 0
        db.session.execute(update(Import).values(claimed_until=now() - timedelta(seconds=1)))
        db.session.commit()
        assert jobs.run("courses.read_imports") == 1
    assert state(app)[0] == "ready"


def test_a_file_that_kills_its_reader_is_given_up(
    app: Flask, client: PageClient, trainer: Person, waiting: None
) -> None:
    shown = bring(client, zipped())
    with app.app_context():
        db.session.execute(update(Import).values(tries=3))
        db.session.commit()
        jobs.run("courses.read_imports")
    assert state(app)[0] == "refused"
    assert 'data-test="faults"' in client.get(shown).text


def test_a_reader_that_fails_in_a_way_of_its_own_is_no_error_page(
    app: Flask, client: PageClient, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_brought: Brought) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("courses.jobs.importing.read_any", fail)
    assert 'data-test="faults"' in client.get(bring(client, zipped())).text
    assert state(app)[0] == "refused"


def test_what_may_pass_by_itself_is_tried_again(
    app: Flask, client: PageClient, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_brought: Brought) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("courses.jobs.importing.read_any", fail)
        shown = bring(client, zipped())
    assert state(app) == ("waiting", 1)
    assert 'data-test="import-works"' in client.get(shown).text
    with app.app_context():
        assert jobs.run("courses.read_imports") == 1
    assert state(app)[0] == "ready"


# --- the scanner


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (b"stream: OK\0", None),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "virus"),
        (b"INSTREAM size limit exceeded. ERROR\0", "not_scanned"),
    ],
)
def test_a_virus_scanner_has_the_last_word(
    app: Flask,
    client: PageClient,
    trainer: Person,
    monkeypatch: pytest.MonkeyPatch,
    reply: bytes,
    code: str | None,
) -> None:
    data = zipped()
    with _scanner(reply) as (address, heard):
        monkeypatch.setitem(app.config, "LMS_VIRUS_SCANNER", address)
        bring(client, data)
    assert heard == [data]
    with app.app_context():
        faults = db.session.scalars(select(Import.faults)).one()
    assert [fault["code"] for fault in faults] == ([code] if code else [])


def test_a_scanner_that_is_away_is_waited_for(
    app: Flask, client: PageClient, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LMS_VIRUS_SCANNER", "/nowhere/clamd.sock")
    bring(client, zipped())
    assert state(app) == ("waiting", 1)


@contextmanager
def _scanner(reply: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Listen as clamd does, once; give the address, and what is heard."""
    heard: list[bytes] = []

    def serve() -> None:
        connection, _address = server.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            data = b""
            while size := int.from_bytes(stream.read(4)):
                data += stream.read(size)
            heard.append(data)
            connection.sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", heard
        thread.join()


# --- written and read again


@pytest.mark.parametrize("kind", WRITERS)
def test_a_course_is_taken_home_in_every_format(
    client: PageClient, trainer: Person, kind: str
) -> None:
    take(client, bring(client, zipped({"media/bai.mp4": MP4})))
    assert kind in client.get("/courses/write/khoa-thu/export").text
    answer = client.get(f"/courses/write/khoa-thu/export/{kind}")
    assert answer.status_code == 200
    assert len(answer.data) == int(answer.headers["Content-Length"])
    one = recognising.recognise(Brought(io.BytesIO(answer.data), "x"))
    assert one.read(Brought(io.BytesIO(answer.data), "x")).title
    assert client.get("/courses/write/khoa-thu/export/khac").status_code == 404


def test_media_rows_name_every_file_of_an_added_module(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    take(client, bring(client, zipped({"media/bai.mp4": MP4})))
    other = zipped({"course.yml": COURSE.replace("khoa-thu", "b"), "media/bai.mp4": MP4 + b"."})
    take(client, bring(client, other), target="add", course="khoa-thu")
    with app.app_context():
        names = db.session.scalars(select(Media.name).order_by(Media.name)).all()
    assert names == ["images/o-vuong.svg", "media/bai-2.mp4", "media/bai.mp4"]


def test_files_that_came_along_stand_in_the_library(
    app: Flask, client: PageClient, trainer: Person
) -> None:
    take(client, bring(client, zipped({"media/bai-mot.mp4": MP4})))
    other = zipped({"course.yml": COURSE.replace("khoa-thu", "b"), "media/bai-hai.mp4": MP4})
    take(client, bring(client, other))
    with app.app_context():
        file = db.session.scalars(select(LibraryFile)).one()
        assert (file.owner_id, file.kind, file.title) == (trainer.id, "video", "bai mot")
        query = select(Media.library_file_id).where(Media.name.startswith("media/"))
        assert db.session.scalars(query).all() == [file.id, file.id]

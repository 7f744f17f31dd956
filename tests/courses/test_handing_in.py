"""Handing in work: what is taken, what is not, who may open it."""

import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from courses.handed_file import MOST_BYTES, BadFile, name_file, tell_type
from courses.models import Course, Enrolment, Evidence, HandIn
from courses.rubric import (
    Given,
    most_points,
    read_pass_points,
    read_rubric,
    sum_points,
    write_marks,
    write_rubric,
)
from lms.core.db import db
from tests.courses.ruled import EXERCISE, PDF, RUBRIC, hand_in, make_ruled_course, word_file
from tests.factories import Factory
from tests.services.page_client import PageClient

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "points", "levels", "text"]), inner)
    ),
    max_leaves=12,
)


# --- rubrics


@given(anything)
def test_whatever_is_kept_reads_as_a_rubric_that_writes_the_same(kept: Any) -> None:
    rubric = read_rubric({"rubric": kept})
    assert tuple(read_rubric({"rubric": write_rubric(rubric)})) == rubric
    assert all(criterion.levels for criterion in rubric)
    assert 0 <= sum(c.levels[-1].points for c in rubric) <= most_points(rubric)
    assert read_pass_points({"pass_points": kept}) >= 0


@given(st.lists(st.integers(-1, 3), max_size=4))
def test_marks_hold_one_level_of_each_criterion_or_are_refused(levels: list[int]) -> None:
    rubric = read_rubric({"rubric": RUBRIC})
    choice = [Given(level) for level in levels]
    fits = len(levels) == 2 and 0 <= levels[0] < 3 and 0 <= levels[1] < 2
    if not fits:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            write_marks(rubric, choice)
        return
    marks = write_marks(rubric, choice)
    expected = rubric[0].levels[levels[0]].points + rubric[1].levels[levels[1]].points
    assert sum_points(marks) == expected <= most_points(rubric)


# --- files


def _xlsm() -> bytes:
    return word_file(macros=True)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.txt", "a")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind", "kept_as"),
    [
        (word_file(), "Bài làm.docx", "docx", "Bài làm.docx"),
        (word_file(), "C:\\tài liệu\\bài.pdf.exe", "docx", "bài.pdf.docx"),
        (PDF, "quet.PDF", "pdf", "quet.pdf"),
        (PNG, "../../anh", "picture", "anh.png"),
        (PNG, "...", "picture", "bai-nop.png"),
    ],
)
def test_a_file_is_told_by_its_content_and_named_after_it(
    data: bytes, name: str, kind: str, kept_as: str
) -> None:
    found, content_type = tell_type(io.BytesIO(data), name)
    assert found == kind
    assert name_file(name, content_type) == kept_as


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\0" * (MOST_BYTES + 1), "too_large"),
        (OLE, "old_office"),
        (word_file(macros=True), "macros"),
        (word_file()[:400], "damaged"),
        (PDF[:30], "damaged"),
        (b"MZ" + b"\0" * 100, "unknown"),
        (_zip(), "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unknown"),
        (b"<html>", "unknown"),
    ],
)
def test_what_could_do_harm_or_cannot_be_read_is_refused_by_cause(data: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        tell_type(io.BytesIO(data), "bai.docx")
    assert refused.value.code == code


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", OLE[:8]]))
def test_no_bytes_at_all_bring_the_reader_down(data: bytes, head: bytes) -> None:
    try:
        found, content_type = tell_type(io.BytesIO(head + data), "x")
    except BadFile:
        return
    assert name_file("x", content_type)
    assert found


@given(st.text(max_size=120))
def test_any_name_becomes_one_that_every_system_takes(name: str) -> None:
    kept = name_file(name, "application/pdf")
    assert kept.endswith(".pdf")
    assert len(kept) <= 84
    assert not set(kept) & set('/\\<>:"|?*\0\n')


# --- at the doors


@pytest.fixture
def trainer(make: Factory) -> Any:
    agency = make.agency()
    person = make.person("Lê Văn Dạy", agency=agency, sex="M")
    make.grant(person, "trainer", agency)
    return person


@pytest.fixture
def course(make: Factory, client: PageClient, trainer: Any) -> Course:
    course = make_ruled_course(make, [{"kind": "assignment", "settings": EXERCISE}], owner=trainer)
    client.sign_in(make.person("Nguyễn Thị Soạn", agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    return course


def _works(app: Flask) -> list[HandIn]:
    with app.app_context():
        works = list(db.session.scalars(select(HandIn).order_by(HandIn.id)))
        db.session.expunge_all()
    return works


def _evidence(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Evidence)) or 0


def test_work_is_handed_in_shown_and_downloaded_by_its_learner(
    app: Flask, client: PageClient, course: Course
) -> None:
    answer = hand_in(client, course, name="Báo cáo tác động giới.docx", note="Dòng một\r\nDòng hai")
    assert answer.status_code == 303

    (work,) = _works(app)
    page = client.get(f"/courses/{course.slug}/lessons/bai-1").text
    assert 'data-test="hand-in"' in page
    assert "Dòng hai" in page
    assert "Báo cáo tác động giới.docx" in page
    assert 'data-test="hand-in-work"' not in page
    file = client.get(f"/courses/hand-ins/{work.id}/file")
    assert file.data == word_file()
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert _evidence(app) == 0


def test_work_that_waits_is_not_replaced_but_may_be_taken_back(
    app: Flask, client: PageClient, course: Course
) -> None:
    hand_in(client, course)
    assert hand_in(client, course, PDF, "khac.pdf").status_code == 409

    assert client.post(f"/courses/{course.slug}/lessons/bai-1/take-back").status_code == 303
    assert hand_in(client, course, PDF, "khac.pdf").status_code == 303

    assert [(x.number, x.state, x.filename) for x in _works(app)] == [
        (1, "returned", "bai-lam.docx"),
        (2, "handed_in", "khac.pdf"),
    ]
    client.post(f"/courses/{course.slug}/lessons/bai-1/take-back")
    assert client.post(f"/courses/{course.slug}/lessons/bai-1/take-back").status_code == 409


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "bai.docx"), (_xlsm(), "bai.docm"), (OLE, "bai.doc"), (_zip(), "bai.zip"), (PNG, "")],
)
def test_a_file_that_is_not_taken_is_refused_on_the_page_with_the_words_kept(
    app: Flask, client: PageClient, course: Course, data: bytes, name: str
) -> None:
    answer = hand_in(client, course, data, name, note="Nhờ thầy xem giúp")
    assert answer.status_code == 422
    assert 'data-test="notice"' in answer.text
    assert "Nhờ thầy xem giúp" in answer.text
    assert _works(app) == []


def test_an_exercise_takes_the_kinds_of_files_it_asks_for_only(
    app: Flask, make: Factory, client: PageClient, trainer: Any
) -> None:
    settings = {"file_types": ["pdf", "khong-co"]}
    course = make_ruled_course(make, [{"kind": "assignment", "settings": settings}], owner=trainer)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    assert hand_in(client, course).status_code == 422
    assert hand_in(client, course, PDF, "bai.pdf").status_code == 303


def test_where_handing_in_is_all_that_is_asked_it_completes_the_lesson(
    app: Flask, make: Factory, client: PageClient, trainer: Any
) -> None:
    lesson = {"kind": "assignment", "completion": {"rule": "handed_in"}}
    course = make_ruled_course(make, [lesson], owner=trainer)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    hand_in(client, course)
    with app.app_context():
        assert db.session.scalar(select(Enrolment.status)) == "completed"


def test_work_is_404_to_everyone_but_its_learner_and_its_trainer(
    app: Flask, make: Factory, client: PageClient, course: Course, trainer: Any
) -> None:
    hand_in(client, course)
    (work,) = _works(app)
    addresses = [f"/courses/hand-ins/{work.id}/file", f"/courses/marking/{work.id}"]
    agency = make.agency()
    stranger = make.person("Người Dạy Khác", agency=agency)
    make.grant(stranger, "trainer", agency)

    client.sign_in(stranger)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert client.post(addresses[1], data={"decision": "accept"}).status_code == 404
    client.sign_in(make.person("Học Viên Khác", agency=agency))
    assert [client.get(address).status_code for address in addresses] == [404, 403]
    client.sign_in(trainer)
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_forged_forms_hand_in_nothing_where_there_is_no_exercise_or_it_is_locked(
    app: Flask, make: Factory, client: PageClient
) -> None:
    lessons = [{}, {"kind": "assignment", "release": {"after": "bai-1"}}]
    course = make_ruled_course(make, lessons)
    client.sign_in(make.person(agency=make.agency()))
    assert hand_in(client, course).status_code == 404  # not enrolled
    client.post(f"/courses/{course.slug}/enrol")

    assert hand_in(client, course).status_code == 404
    assert hand_in(client, course, key="bai-2").status_code == 403
    assert client.post(f"/courses/{course.slug}/lessons/bai-1/take-back").status_code == 404
    assert _works(app) == []

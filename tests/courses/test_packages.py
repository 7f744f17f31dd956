"""Packages: unpacked once, reported by browsers nobody trusts, kept per attempt."""

import io
import json
from datetime import timedelta
from typing import Any, BinaryIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from courses import content, readiness
from courses.files import storage_key
from courses.formats.packed import PackedCourse, PackedFile, PackedLesson, PackedModule
from courses.models import (
    Course,
    Enrolment,
    Evidence,
    Lesson,
    Package,
    PackageAttempt,
    Revision,
    Statement,
)
from courses.queries import packages as queries
from courses.services.packages import unpacking
from lms.core import storage
from lms.core.archives import ArchiveError
from lms.core.clock import now
from lms.core.db import db
from lms.core.jobs import run
from lms.people.models import Person
from tests.courses.packages import FILE, SCORM_12, keep, package_course, zipped
from tests.courses.reports_of_packages import report_body
from tests.factories import Factory
from tests.services.page_client import PageClient

OTHER_RUN = "dien-thoai-2"
DONE = {"cmi": {"core": {"lesson_status": "passed", "score": {"raw": "80"}}}}
HALF = {"cmi": {"core": {"lesson_status": "incomplete", "lesson_location": "2"}}}


@pytest.fixture(autouse=True)
def _forget_files() -> None:
    """Empty what the process remembers of packages, since tests bring the same ones."""
    queries._kept.clear()


# --- unpacking -------------------------------------------------------------


def test_a_package_is_unpacked_once_whoever_brings_it(app: Flask, make: Factory) -> None:
    sha256 = keep(make, SCORM_12)
    again = keep(make, SCORM_12)
    assert again == sha256
    with app.app_context():
        package = db.session.scalars(select(Package).where(Package.sha256 == sha256)).one()
        assert package.files == {name: len(text.encode()) for name, text in SCORM_12.items()}
        files = queries.find_files(sha256)
        assert files is not None
        for name, text in SCORM_12.items():
            assert storage.get(files.key(name)) == text.encode()


def test_a_large_package_waits_for_the_worker_who_goes_on_where_another_was_killed(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "AT_ONCE", 0)
    sha256 = keep(make, {**SCORM_12, "them.txt": "một tệp nữa"})
    with app.app_context():
        assert queries.find_files(sha256) is None
        _put_one_file_then_die(monkeypatch, sha256)
        assert queries.find_files(sha256) is None
        written: list[str] = []
        put_file = storage.put_file

        def note(key: str, file: BinaryIO) -> str:
            written.append(key)
            return put_file(key, file)

        monkeypatch.setattr(storage, "put_file", note)
        assert run(unpacking.UNPACK) == 1
        assert len(written) == len(SCORM_12)
        assert queries.find_files(sha256) is not None
        assert run(unpacking.UNPACK) == 0


def test_a_damaged_package_is_refused_or_noted_and_not_tried_for_ever(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(zipped({"index.html": "x" * 2000, "sco.js": "y" * 10}))
    data[data.index(b"index.html") + 14] ^= 0xFF
    with pytest.raises(ArchiveError), make.writing():
        unpacking.keep_package(io.BytesIO(bytes(data)), "0" * 64)
    monkeypatch.setattr(unpacking, "AT_ONCE", 0)
    with make.writing():
        storage.put(storage_key("1" * 64), bytes(data))
        unpacking.keep_package(io.BytesIO(bytes(data)), "1" * 64)
    with app.app_context():
        assert run(unpacking.UNPACK) == 1
        package = queries.find_package("1" * 64)
        assert package is not None
        assert (package.fault, package.unpacked_at) == ("damaged", None)
        assert run(unpacking.UNPACK) == 0


# --- the lesson's page -----------------------------------------------------


def test_the_lesson_frames_the_content_origin_and_only_this_page_may(
    make: Factory, client: PageClient
) -> None:
    course = package_course(make, SCORM_12)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    page = client.get(f"/courses/{course.slug}/lessons/goi")
    assert page.headers["Content-Security-Policy"].endswith("; frame-src http://localhost:8000")
    assert 'sandbox="allow-scripts allow-same-origin allow-forms"' in page.text
    for other in (f"/courses/{course.slug}", f"/courses/{course.slug}/lessons/bai-1"):
        assert "frame-src" not in client.get(other).headers["Content-Security-Policy"]


def test_a_package_that_is_not_there_or_not_ready_is_said_in_words(
    app: Flask, make: Factory, client: PageClient
) -> None:
    course = package_course(make, SCORM_12)
    with make.writing():
        package = db.session.scalars(select(Package)).one()
        package.unpacked_at = None
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    lesson = f"/courses/{course.slug}/lessons/goi"
    assert 'data-test="package-waits"' in client.get(lesson).text
    with make.writing():
        db.session.scalars(select(Package)).one().fault = "damaged"
    assert 'data-test="package-missing"' in client.get(lesson).text


# --- reports ---------------------------------------------------------------


@pytest.fixture
def learner(make: Factory) -> Person:
    """Make somebody who learns."""
    return make.person(agency=make.agency())


def test_what_a_package_keeps_comes_back_and_its_result_is_kept(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner, score_completes=True)
    start = _state(client, course)
    assert (start["attempt"], start["sequence"], start["state"]) == (1, 0, {})
    # The package learns neither a name nor a number that anyone else uses.
    assert start["learner"]["id"] == f"hv-{_enrolment(app, learner).id}"
    assert learner.full_name not in json.dumps(start, ensure_ascii=False)
    assert _report(client, course, 1, HALF).status_code == 200
    assert _state(client, course)["state"] == HALF
    answer = _report(client, course, 2, DONE)
    assert answer.json is not None
    assert {name: answer.json[name] for name in ("finished", "passed", "score", "done")} == {
        "finished": True,
        "passed": True,
        "score": 80,
        "done": True,
    }
    attempt = _attempts(app)[0]
    assert (attempt.completed, attempt.passed, attempt.score, attempt.sequence) == (
        True,
        True,
        0.8,
        2,
    )
    assert _enrolment(app, learner).status == "started"
    client.post(f"/courses/{course.slug}/lessons/bai-1/read")
    assert _enrolment(app, learner).status == "completed"


def test_where_the_trainer_did_not_allow_it_a_result_completes_nothing(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner, completion={"rule": "package"})
    answer = _report(client, course, 1, DONE)
    assert answer.json is not None
    assert answer.json["done"] is False
    with app.app_context():
        assert db.session.scalars(select(Evidence)).all() == []
    client.post(f"/courses/{course.slug}/lessons/goi/read")
    with app.app_context():
        assert len(db.session.scalars(select(Evidence)).all()) == 1


def test_a_result_that_was_failed_completes_nothing(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner, score_completes=True)
    failed = {"cmi": {"core": {"lesson_status": "failed", "score": {"raw": "10"}}}}
    assert _report(client, course, 1, failed).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Evidence)).all() == []
    assert _attempts(app)[0].passed is False


def test_the_same_report_twice_changes_nothing_and_an_older_one_overwrites_nothing(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner)
    later = {"cmi": {"core": {"lesson_location": "9"}}}
    assert _report(client, course, 2, later).status_code == 200
    assert _report(client, course, 2, HALF).status_code == 200
    assert _report(client, course, 1, HALF).status_code == 200
    assert _attempts(app)[0].state == later


def test_another_device_takes_over_from_what_it_read_and_the_first_is_told(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner)
    _report(client, course, 1, HALF)
    newer = {"cmi": {"core": {"lesson_location": "5"}}}
    assert _report(client, course, 2, newer, base=1, run=OTHER_RUN).status_code == 200
    stale = _report(client, course, 3, DONE, base=0)
    assert stale.status_code == 409
    attempt = _attempts(app)[0]
    assert attempt.state == newer
    # What was achieved counts, whichever device it was achieved on.
    assert (attempt.passed, attempt.score) == (True, 0.8)


def test_an_attempt_begins_again_only_when_it_is_finished_and_the_first_stays(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner)
    again = f"/courses/{course.slug}/lessons/goi/package/again"
    assert client.post(again).status_code == 409
    _report(client, course, 1, HALF)
    assert client.post(again).status_code == 409
    _report(client, course, 2, DONE)
    assert client.post(again).status_code == 303
    start = _state(client, course)
    assert (start["attempt"], start["sequence"], start["state"]) == (2, 0, {})
    assert _report(client, course, 1, HALF, attempt=2, run=OTHER_RUN).status_code == 200
    assert _report(client, course, 3, HALF, attempt=1).status_code == 409
    assert [a.passed for a in _attempts(app)] == [True, None]


def test_statements_are_kept_once_and_no_more_than_there_is_room_for(
    app: Flask, make: Factory, client: PageClient, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = _begin(make, client, learner, standard="h5p", files=_ANY_H5P)
    said = {
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://x/y", "definition": {"name": {"vi": "Câu 1"}}},
        "result": {"score": {"raw": 3, "max": 4, "min": 0}, "success": True, "duration": "PT5S"},
    }
    for _time in range(2):
        answer = _report(client, course, 1, {"data": {}}, statements=[said] * 3)
        assert answer.status_code == 200
    with app.app_context():
        kept = db.session.scalars(select(Statement)).all()
        assert [(s.verb, s.name) for s in kept] == [("completed", "Câu 1")] * 3
    attempt = _attempts(app)[0]
    assert (attempt.completed, attempt.passed, attempt.score, attempt.seconds) == (
        True,
        True,
        0.75,
        5,
    )
    monkeypatch.setattr("courses.services.packages.attempts.MOST_STATEMENTS", 4)
    _report(client, course, 2, {"data": {}}, statements=[said] * 3)
    with app.app_context():
        assert len(db.session.scalars(select(Statement)).all()) == 4


_ANY_H5P = {"h5p.json": "{}", "content/content.json": "{}"}
FORGED: dict[str, Any] = {
    "no object": b"[]",
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe",
    "nested": b"[" * 100_000,
    "NaN": b'{"attempt": 1, "base": 0, "sequence": 1, "run": "may-tinh-1", "state": {"a": NaN}}',
    "infinite": b'{"attempt": 1, "base": 0, "sequence": 1, "run": "may-tinh-1", "state": {"a": 1e999}}',
    "deep": {"state": json.loads("[" * 40 + "]" * 40) and {"a": json.loads("[" * 40 + "]" * 40)}},
    "huge state": {"state": {"a": "x" * 300_000}},
    "state is a list": {"state": []},
    "state is a text": {"state": "x"},
    "another learner": {"learner": "hv-999999"},
    "no learner": {"learner": None},
    "no run": {"run": None},
    "long run": {"run": "x" * 65},
    "run of signs": {"run": "<script>-<script>"},
    "attempt 0": {"attempt": 0},
    "attempt true": {"attempt": True},
    "attempt 1.5": {"attempt": 1.5},
    "sequence 0": {"sequence": 0},
    "sequence below base": {"sequence": 3, "base": 3},
    "enormous sequence": {"sequence": 2**63},
    "sequence as text": {"sequence": "1"},
    "many statements": {"statements": [{}] * 51},
    "statements are no list": {"statements": {}},
    "a statement is no object": {"statements": ["x"]},
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_report_changes_nothing(
    app: Flask, make: Factory, client: PageClient, learner: Person, what: str
) -> None:
    course = _begin(make, client, learner, score_completes=True)
    forged = FORGED[what]
    if isinstance(forged, dict):
        good = report_body(1, DONE, learner=_state(client, course)["learner"]["id"])
        forged = json.dumps({**good, **forged}).encode()
    answer = _post(client, course, forged)
    assert answer.status_code in (403, 413, 422)
    assert _attempts(app) == []
    assert _enrolment(app, learner).status == "started"


def test_reports_reach_ones_own_open_package_lesson_only(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner, score_completes=True)
    other = make.course("Khóa khác", lessons=1)
    client.post(f"/courses/{other.slug}/enrol")
    good = json.dumps(report_body(1, DONE)).encode()
    for slug, key in ((course.slug, "bai-1"), (course.slug, "khong-co"), (other.slug, "bai-1")):
        address = f"/courses/{slug}/lessons/{key}/package"
        assert client.get(address).status_code == 404
        assert _post_to(client, address, good).status_code == 404
    client.sign_in(make.person(agency=make.agency()))
    address = f"/courses/{course.slug}/lessons/goi/package"
    assert client.get(address).status_code == 404
    assert _post_to(client, address, good).status_code == 404
    assert client.post(f"{address}/again").status_code == 404
    assert _attempts(app) == []
    assert _report(client, course, 1, DONE, token=False).status_code == 400


def test_a_package_that_is_not_open_yet_takes_no_reports(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner, release={"after": "bai-1"})
    assert _report(client, course, 1, DONE).status_code == 403
    assert client.get(f"/courses/{course.slug}/lessons/goi/package").status_code == 403
    assert _attempts(app) == []


# --- last words ------------------------------------------------------------


def test_last_words_follow_what_their_tab_sent_and_need_no_session(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner, score_completes=True)
    address, learner_id = _last_words(client, course)
    _report(client, course, 4, HALF)
    assert _say_last(app, address, learner_id, DONE).status_code == 204
    attempt = _attempts(app)[0]
    assert (attempt.state, attempt.sequence, attempt.passed) == (DONE, 5, True)
    # What the page itself had sent meanwhile is older, and known.
    assert _report(client, course, 5, HALF).status_code == 200
    assert _attempts(app)[0].state == DONE


def test_last_words_of_a_tab_that_was_overtaken_overwrite_nothing(
    app: Flask, make: Factory, client: PageClient, learner: Person
) -> None:
    course = _begin(make, client, learner)
    address, learner_id = _last_words(client, course)
    _report(client, course, 1, HALF, run=OTHER_RUN)
    assert _say_last(app, address, learner_id, DONE).status_code == 409
    attempt = _attempts(app)[0]
    assert (attempt.state, attempt.passed) == (HALF, True)
    assert _say_last(app, address, learner_id, DONE, attempt=7).status_code == 409


def test_last_words_are_taken_at_their_own_address_until_its_time_is_over(
    app: Flask, make: Factory, client: PageClient, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = _begin(make, client, learner, score_completes=True)
    address, learner_id = _last_words(client, course)
    token = address.rpartition("/")[2]
    with app.app_context():
        files = content.package_address("0" * 64, "e1").rpartition("/")[2]
    for bad in (token[:-2] + "AA", token + "x", files, "x"):
        forged = address.replace(token, bad)
        assert _say_last(app, forged, learner_id, DONE).status_code == 404
    assert _say_last(app, address, "hv-0", DONE).status_code == 403
    assert _say_last(app, address, learner_id, DONE, run="x").status_code == 422
    assert _say_last(app, address, learner_id, {"a": "x" * 400_000}).status_code == 413
    browser = FlaskClient(app, TestResponse)
    assert browser.get(address).status_code == 405
    product = address.replace("localhost", "127.0.0.1")
    assert _say_last(app, product, learner_id, DONE).status_code in (400, 404)
    later = now() + timedelta(seconds=content.SLOT * content.SLOTS + 1)
    monkeypatch.setattr(content, "now", lambda: later)
    assert _say_last(app, address, learner_id, DONE).status_code == 404
    assert _attempts(app) == []


# --- what trainers decide --------------------------------------------------


def test_a_trainer_lets_a_package_speak_for_itself_and_sees_what_that_means(
    app: Flask, make: Factory, client: PageClient
) -> None:
    trainer = make.person(agency=make.agency())
    make.grant(trainer, "trainer")
    course = package_course(make, SCORM_12, owner=trainer)
    client.sign_in(trainer)
    client.post(f"/courses/write/{course.slug}/draft")
    page = client.get(f"/courses/write/{course.slug}/lessons/goi")
    assert 'data-test="score-completes"' in page.text
    address = f"/courses/write/{course.slug}/lessons/goi/package"
    assert client.post(address, data={"score_completes": "y", "was": ""}).status_code == 303
    assert _draft_settings(app, course)["score_completes"] is True
    assert client.post(address, data={"was": ""}).status_code == 409
    assert _draft_settings(app, course)["score_completes"] is True
    assert client.post(f"/courses/write/{course.slug}/lessons/bai-1/package").status_code == 404


def test_a_course_that_rests_on_what_packages_say_is_not_published() -> None:
    alone = _packed(_package(score_completes=True))
    assert [x.code for x in readiness.find_obstacles(alone)] == [readiness.NOTHING_CHECKED]
    quiz = PackedLesson("thi", "Thi", kind="quiz", quiz={"sections": [1], "questions": [1]})
    assert readiness.find_obstacles(_packed(_package(score_completes=True), quiz)) == []
    for_some = PackedLesson(
        "thi",
        "Thi",
        kind="quiz",
        quiz={"sections": [1], "questions": [1]},
        release={"audiences": ["teacher"]},
    )
    unchecked = readiness.find_obstacles(_packed(_package(score_completes=True), for_some))
    assert [x.code for x in unchecked] == [readiness.NOTHING_CHECKED]
    assert readiness.find_obstacles(_packed(_package())) == []
    confirmed = _package(score_completes=True, completion={"rule": "confirmed"})
    assert readiness.find_obstacles(_packed(confirmed)) == []


def test_a_package_lesson_without_its_file_is_not_published() -> None:
    lesson = PackedLesson("goi", "Gói", kind="package", settings={"file": "packages/khac.zip"})
    codes = [x.code for x in readiness.find_obstacles(_packed(lesson))]
    assert codes == [readiness.FILE_MISSING]


# --- helpers ---------------------------------------------------------------


def _begin(
    make: Factory,
    client: PageClient,
    learner: Person,
    *,
    files: dict[str, str] | None = None,
    standard: str = "scorm12",
    **facts: Any,
) -> Course:
    course = package_course(make, files or SCORM_12, standard, **facts)
    client.sign_in(learner)
    client.post(f"/courses/{course.slug}/enrol")
    return course


def _report(
    client: PageClient,
    course: Course,
    sequence: int,
    state: dict[str, Any],
    *,
    token: bool = True,
    **other: Any,
) -> TestResponse:
    start = client.get(f"/courses/{course.slug}/lessons/goi/package").json or {}
    other = {"learner": start.get("learner", {}).get("id", ""), **other}
    return _post(
        client, course, json.dumps(report_body(sequence, state, **other)).encode(), token=token
    )


def _post(client: PageClient, course: Course, data: bytes, *, token: bool = True) -> TestResponse:
    return _post_to(client, f"/courses/{course.slug}/lessons/goi/package", data, token=token)


def _post_to(client: PageClient, address: str, data: bytes, *, token: bool = True) -> TestResponse:
    headers = {"Accept": "application/json"}
    if token:
        headers["X-CSRFToken"] = client.csrf_token()
    return client.post(
        address, data=data, content_type="application/json", headers=headers, csrf=False
    )


def _last_words(client: PageClient, course: Course) -> tuple[str, str]:
    """Return where last words go, and what the package calls its learner."""
    page = client.get(f"/courses/{course.slug}/lessons/goi").text
    address = page.partition('data-last-words="')[2].partition('"')[0]
    return address, _state(client, course)["learner"]["id"]


def _say_last(
    app: Flask, address: str, learner_id: str, state: dict[str, Any], **other: Any
) -> TestResponse:
    body = {**report_body(1, state, learner=learner_id), **other}
    del body["sequence"]
    return FlaskClient(app, TestResponse).post(address, data=json.dumps(body))


def _state(client: PageClient, course: Course) -> dict[str, Any]:
    answer = client.get(f"/courses/{course.slug}/lessons/goi/package")
    assert answer.json is not None
    return dict(answer.json)


def _attempts(app: Flask) -> list[PackageAttempt]:
    with app.app_context():
        attempts = list(db.session.scalars(select(PackageAttempt).order_by(PackageAttempt.number)))
        db.session.expunge_all()
    return attempts


def _enrolment(app: Flask, learner: Person) -> Enrolment:
    with app.app_context():
        query = select(Enrolment).where(Enrolment.person_id == learner.id)
        enrolment = db.session.scalars(query).one()
        db.session.expunge(enrolment)
    return enrolment


def _draft_settings(app: Flask, course: Course) -> dict[str, Any]:
    with app.app_context():
        query = (
            select(Lesson.settings)
            .join(Revision, Revision.id == Lesson.revision_id)
            .where(Revision.course_id == course.id, Revision.state == "draft", Lesson.key == "goi")
        )
        return dict(db.session.scalars(query).one())


def _package(*, score_completes: bool = False, **facts: Any) -> PackedLesson:
    settings = {"file": FILE, "standard": "scorm12", "score_completes": score_completes}
    return PackedLesson("goi", "Gói", kind="package", settings=settings, **facts)


def _packed(*lessons: PackedLesson) -> PackedCourse:
    return PackedCourse(
        "khoa",
        "Khóa",
        1,
        modules=(PackedModule("Phần", lessons),),
        files={FILE: PackedFile.of_bytes("application/zip", b"zip")},
    )


def _put_one_file_then_die(monkeypatch: pytest.MonkeyPatch, sha256: str) -> None:
    """Let a worker unpack one file and be killed at the second."""

    class Killed(BaseException):
        pass

    put_file, count = storage.put_file, iter(range(100))

    def die(key: str, file: Any) -> str:
        if next(count):
            raise Killed
        return put_file(key, file)

    with monkeypatch.context() as patched:
        patched.setattr(storage, "put_file", die)
        with pytest.raises(Killed):
            unpacking.unpack_kept(sha256)

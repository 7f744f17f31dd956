"""Learning: enrolment, lessons, progress, completion."""

from collections.abc import Iterable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from courses.completion import Step, find_missing, is_complete, progress
from courses.models import Enrolment, Evidence
from lms.core.db import db
from tests.factories import Factory
from tests.services.page_client import PageClient

steps = st.lists(st.booleans(), max_size=12).map(
    lambda required: [Step(i, i, f"Bài {i}", r) for i, r in enumerate(required, 1)]
)


@given(steps, st.sets(st.integers(1, 12)))
def test_complete_means_nothing_required_is_missing(course: list[Step], done: set[int]) -> None:
    required = {step.id for step in course if step.required}
    assert is_complete(course, done) == (bool(required) and required <= done)
    assert {step.id for step in find_missing(course, done)} == required - done


@given(steps, st.sets(st.integers(1, 12)))
def test_progress_grows_with_evidence_and_is_whole_when_complete(
    course: list[Step], done: set[int]
) -> None:
    share = progress(course, done)
    assert 0 <= share <= 1
    assert (share == 1) == is_complete(course, done)
    assert progress(course, done | {step.id for step in course}) >= share


def _read(client: PageClient, slug: str, keys: Iterable[str]) -> None:
    for key in keys:
        assert client.post(f"/courses/{slug}/lessons/{key}/read").status_code == 303


def test_a_trainee_enrols_reads_to_the_end_and_is_complete(
    app: Flask, make: Factory, client: PageClient
) -> None:
    course = make.course(lessons=2)
    client.sign_in(make.person(agency=make.agency()))

    first = client.post(f"/courses/{course.slug}/enrol")
    assert first.headers["Location"].endswith("/lessons/bai-1")
    assert "còn thiếu bài 1, 2" in client.get(f"/courses/{course.slug}").text

    _read(client, course.slug, ["bai-1", "bai-2"])

    assert "Không còn thiếu gì" in client.get(f"/courses/{course.slug}").text
    with app.app_context():
        assert db.session.scalar(select(Enrolment.status)) == "completed"


def test_home_resumes_at_the_first_lesson_that_is_missing(
    make: Factory, client: PageClient
) -> None:
    course = make.course(lessons=3)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")
    _read(client, course.slug, ["bai-1"])

    page = client.get("/").text

    assert f"/courses/{course.slug}/lessons/bai-2" in page
    assert "Học tiếp bài 2" in page


def test_saying_twice_that_a_lesson_is_read_keeps_one_evidence(
    app: Flask, make: Factory, client: PageClient
) -> None:
    course = make.course()
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")

    _read(client, course.slug, ["bai-1", "bai-1"])

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_enrolling_twice_is_one_enrolment(app: Flask, make: Factory, client: PageClient) -> None:
    course = make.course()
    client.sign_in(make.person(agency=make.agency()))
    for _i in range(2):
        assert client.post(f"/courses/{course.slug}/enrol").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_a_quiz_lesson_cannot_be_marked_as_read(make: Factory, client: PageClient) -> None:
    course = make.course(quiz=True)
    client.sign_in(make.person(agency=make.agency()))
    client.post(f"/courses/{course.slug}/enrol")

    answer = client.post(f"/courses/{course.slug}/lessons/kiem-tra/read")

    assert answer.status_code == 422
    assert "bài kiểm tra" in answer.text


@pytest.mark.parametrize("address", ["/courses/khong-co", "/courses/khong-co/lessons/bai-1"])
def test_an_unknown_course_is_404(make: Factory, client: PageClient, address: str) -> None:
    client.sign_in(make.person(agency=make.agency()))
    assert client.get(address).status_code == 404


def test_a_lesson_is_404_without_enrolment_and_for_an_unknown_key(
    make: Factory, client: PageClient
) -> None:
    course = make.course()
    client.sign_in(make.person(agency=make.agency()))
    assert client.get(f"/courses/{course.slug}/lessons/bai-1").status_code == 404
    client.post(f"/courses/{course.slug}/enrol")
    assert client.get(f"/courses/{course.slug}/lessons/bai-9").status_code == 404


def test_a_sensitive_lesson_offers_the_quick_exit_and_help_lines(
    make: Factory, client: PageClient
) -> None:
    calm, hard = make.course(), make.course(sensitive=True)
    client.sign_in(make.person(agency=make.agency()))
    for course, offered in ((calm, False), (hard, True)):
        client.post(f"/courses/{course.slug}/enrol")
        page = client.get(f"/courses/{course.slug}/lessons/bai-1").text
        assert ('data-test="quick-exit"' in page) is offered


def test_hr_assigns_a_course_and_those_enrolled_already_keep_their_place(
    app: Flask, make: Factory, client: PageClient
) -> None:
    commune = make.agency(parent=make.agency(), kind="commune")
    course = make.course()
    people = [make.person(f"Nguyễn Văn A{i}", agency=commune) for i in range(3)]
    outsider = make.person(agency=make.agency(parent=None))
    client.sign_in(people[0])
    client.post(f"/courses/{course.slug}/enrol")
    client.sign_in(make.hr(commune))

    answer = client.post(
        "/courses/assign",
        data={"course": course.slug, "agency": commune.id, "audience": "", "due_on": "2099-12-31"},
    )

    assert answer.status_code == 303
    with app.app_context():
        enrolled = set(db.session.scalars(select(Enrolment.person_id)))
    assert enrolled >= {person.id for person in people}
    assert outsider.id not in enrolled


def test_a_due_date_that_has_passed_is_refused_in_words(make: Factory, client: PageClient) -> None:
    commune = make.agency(parent=make.agency(), kind="commune")
    course = make.course()
    client.sign_in(make.hr(commune))

    answer = client.post(
        "/courses/assign",
        data={"course": course.slug, "agency": commune.id, "audience": "", "due_on": "2020-01-01"},
    )

    assert answer.status_code == 422
    assert "đã qua" in answer.text


def test_hr_cannot_assign_to_a_foreign_agency(make: Factory, client: PageClient) -> None:
    province = make.agency()
    mine, foreign = make.agency(parent=province), make.agency(parent=province)
    course = make.course()
    client.sign_in(make.hr(mine))

    answer = client.post(
        "/courses/assign",
        data={"course": course.slug, "agency": foreign.id, "audience": "", "due_on": "2099-12-31"},
    )

    assert answer.status_code == 422

"""Confirming who took part: trainers in their courses, HR among its own people, nobody else."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Course, Enrolment, Evidence
from lms.core.db import db
from tests.courses.ruled import make_ruled_course
from tests.factories import Factory
from tests.services.page_client import PageClient


@pytest.fixture
def world(make: Factory, client: PageClient) -> dict[str, Any]:
    """Give a course with a session, its trainer, and a learner and HR in each of two agencies."""
    province = make.agency("Tỉnh Bắc Ninh")
    ours = make.agency("Xã Gia Bình", parent=province, kind="commune")
    theirs = make.agency("Xã Lương Tài", parent=province, kind="commune")
    trainer = make.person("Lê Văn Dạy", agency=province, sex="M")
    make.grant(trainer, "trainer", province)
    course = make_ruled_course(
        make, [{"completion": {"rule": "confirmed"}}, {"required": False}], owner=trainer
    )
    people = {"ours": make.person("Nguyễn Thị An", agency=ours)}
    people["theirs"] = make.person("Phạm Văn Bảo", agency=theirs, sex="M")
    enrolments = {name: make.enrolment(person, course) for name, person in people.items()}
    return {
        "course": course,
        "trainer": trainer,
        "hr": make.hr(ours),
        "enrolments": {name: enrolment.id for name, enrolment in enrolments.items()},
        "people": people,
    }


def _address(course: Course, key: str = "bai-1") -> str:
    return f"/courses/{course.slug}/attendance/{key}"


def _statuses(app: Flask) -> dict[int, str]:
    with app.app_context():
        return {e.id: e.status for e in db.session.scalars(select(Enrolment))}


def test_the_trainer_confirms_everyone_of_the_course(
    app: Flask, client: PageClient, world: dict[str, Any]
) -> None:
    client.sign_in(world["trainer"])
    page = client.get(_address(world["course"])).text
    assert "Nguyễn Thị An" in page
    assert "Phạm Văn Bảo" in page

    ids = list(world["enrolments"].values())
    assert client.post(_address(world["course"]), data={"learner": ids}).status_code == 303

    assert set(_statuses(app).values()) == {"completed"}
    with app.app_context():
        rows = db.session.scalars(select(Evidence)).all()
        assert {(row.kind, row.by_id) for row in rows} == {("in_person", world["trainer"].id)}
    assert 'data-test="learner"' not in client.get(_address(world["course"])).text


def test_hr_sees_and_confirms_its_own_people_only(
    app: Flask, client: PageClient, world: dict[str, Any]
) -> None:
    client.sign_in(world["hr"])
    page = client.get(_address(world["course"])).text
    assert "Nguyễn Thị An" in page
    assert "Phạm Văn Bảo" not in page
    assert 'data-test="open-session"' in client.get("/courses/attendance").text

    ids = list(world["enrolments"].values())
    client.post(_address(world["course"]), data={"learner": ids})

    statuses = _statuses(app)
    assert statuses[world["enrolments"]["ours"]] == "completed"
    assert statuses[world["enrolments"]["theirs"]] == "assigned"


def test_another_trainer_another_hr_and_learners_confirm_nobody(
    app: Flask, make: Factory, client: PageClient, world: dict[str, Any]
) -> None:
    province = make.agency("Sở khác", kind="department", parent=None)
    other = make.person("Người Dạy Khác", agency=province)
    make.grant(other, "trainer", province)
    data = {"learner": list(world["enrolments"].values())}
    for stranger, status in (
        (other, 404),
        (make.hr(province), 404),
        (world["people"]["ours"], 403),
    ):
        client.sign_in(stranger)
        assert client.get(_address(world["course"])).status_code == status
        assert client.post(_address(world["course"]), data=data).status_code == status
    assert set(_statuses(app).values()) == {"assigned"}


def test_nobody_confirms_themselves(
    app: Flask, make: Factory, client: PageClient, world: dict[str, Any]
) -> None:
    own = make.enrolment(world["trainer"], world["course"])
    client.sign_in(world["trainer"])
    answer = client.post(_address(world["course"]), data={"learner": own.id})
    assert answer.status_code == 422
    assert _statuses(app)[own.id] == "assigned"


@pytest.mark.parametrize("learner", ["", "x", "-1", "99999999999999999999", "١"])
def test_a_forged_choice_confirms_nobody(
    app: Flask, client: PageClient, world: dict[str, Any], learner: str
) -> None:
    client.sign_in(world["trainer"])
    answer = client.post(_address(world["course"]), data={"learner": learner})
    assert answer.status_code == 422
    assert set(_statuses(app).values()) == {"assigned"}


def test_only_lessons_that_are_completed_by_taking_part_are_listed(
    client: PageClient, world: dict[str, Any]
) -> None:
    client.sign_in(world["trainer"])
    data = {"learner": list(world["enrolments"].values())}
    assert client.get(_address(world["course"], "bai-2")).status_code == 404
    assert client.post(_address(world["course"], "bai-2"), data=data).status_code == 404


def test_confirming_twice_keeps_one_evidence(
    app: Flask, client: PageClient, world: dict[str, Any]
) -> None:
    client.sign_in(world["trainer"])
    for _time in range(2):
        client.post(_address(world["course"]), data={"learner": world["enrolments"]["ours"]})
    with app.app_context():
        assert len(db.session.scalars(select(Evidence)).all()) == 1


def test_the_list_is_narrowed_by_name_and_agency(client: PageClient, world: dict[str, Any]) -> None:
    client.sign_in(world["trainer"])
    address = _address(world["course"])
    assert "Phạm Văn Bảo" not in client.get(f"{address}?q=nguyen").text
    for strange in (
        "?agency=0",
        "?agency=x&page=-5",
        "?page=99999999999&q=%25",
        "?agency=9999999999999999999999",
    ):
        assert client.get(address + strange).status_code == 200


def test_the_list_costs_the_same_for_many_as_for_few(
    make: Factory, client: PageClient, world: dict[str, Any], count_queries: list[str]
) -> None:
    client.sign_in(world["trainer"])
    counts = []
    for more in (0, 5):
        for _person in range(more):
            make.enrolment(make.person(agency=make.agency()), world["course"])
        for address in (_address(world["course"]), "/courses/attendance"):
            count_queries.clear()
            assert client.get(address).status_code == 200
            counts.append(len(count_queries))
    assert counts[:2] == counts[2:]


def test_home_costs_the_same_with_more_courses_that_ask_for_audiences(
    make: Factory, client: PageClient, count_queries: list[str]
) -> None:
    person = make.person(agency=make.agency(), audiences=["teacher"])
    client.sign_in(person)
    counts = []
    for more in (1, 4):
        for _course in range(more):
            lessons = [{}, {"release": {"audiences": ["teacher"]}}]
            make.enrolment(person, make_ruled_course(make, lessons))
        client.get("/")
        count_queries.clear()
        client.get("/")
        counts.append(len(count_queries))
    assert counts[0] == counts[1]

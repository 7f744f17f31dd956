"""People who stand somewhere in a course, and what a report says of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courses.events import EnrolmentsChanged
from courses.models import Course, Enrolment
from courses.services.enrolling import cell_of
from lms.agencies.models import Agency, AgencyAncestor
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from lms.reports import tallies
from lms.reports.completion import Completion, Figures
from tests.factories import Factory
from tests.reports.trees import Province, Stand, day


@pytest.fixture
def tree(make: Factory) -> Province:
    """Make the small tree."""
    province = make.agency("Tỉnh Bắc Ninh")
    commune = make.agency("Xã Sơn Động", parent=province, kind="commune")
    ward = make.agency("Phường Kinh Bắc", parent=province, kind="ward")
    return Province(
        province=province,
        department=make.agency("Sở Nội vụ", parent=province),
        commune=commune,
        office=make.agency("Ủy ban nhân dân xã Sơn Động", parent=commune, kind="commune_office"),
        ward=ward,
        school=make.agency("Trường THCS Kinh Bắc", parent=ward, kind="school"),
    )


@pytest.fixture
def course(make: Factory) -> Course:
    """Make a course of two lessons."""
    return make.course()


@pytest.fixture
def stand(make: Factory, course: Course) -> Stand:
    """Make a person of an agency who has a status in the course, and count them."""

    def make_one(
        agency: Agency,
        status: str = "assigned",
        *,
        name: str = "Nguyễn Thị Hòa",
        sex: str | None = "F",
        due_in: int | None = None,
        enrolled_ago: int = 100,
        done_ago: int = 0,
        **facts: Any,
    ) -> Person:
        person = make.person(name, agency=agency, sex=sex, **facts)
        moment = now()
        enrolment = make.enrolment(
            person,
            course,
            status=status,
            due_on=None if due_in is None else day(due_in),
            enrolled_at=moment - timedelta(days=enrolled_ago),
            started_at=moment - timedelta(days=done_ago + 5)
            if status in ("started", "completed")
            else None,
            completed_at=moment - timedelta(days=done_ago) if status == "completed" else None,
        )
        with make.writing():
            _count_again(db.session.get_one(Enrolment, enrolment.id))
        return person

    return make_one


@pytest.fixture
def oracle(app: Flask) -> Callable[..., dict[int, Completion]]:
    """Count the enrolments one by one, in plain Python, for every agency of the tree."""

    def count(course: Course) -> dict[int, Completion]:
        with app.app_context():
            above: dict[int, list[int]] = {}
            for row in db.session.scalars(select(AgencyAncestor)):
                above.setdefault(row.agency_id, []).append(row.ancestor_id)
            counted = {agency_id: Completion() for agency_id in above}
            query = select(Enrolment).where(Enrolment.course_id == course.id)
            for enrolment in db.session.scalars(query):
                one = Completion({enrolment.sex or "": _figures(enrolment)})
                for agency_id in above[enrolment.agency_id]:
                    counted[agency_id] += one
        return counted

    return count


def _count_again(enrolment: Enrolment) -> None:
    """Move the person from where enrolling counted them to where they stand."""
    after = cell_of(enrolment)
    before = replace(after, status="assigned", due_on=None)
    tallies.apply_changes(EnrolmentsChanged(((before, -1), (after, 1))))


def _figures(enrolment: Enrolment) -> Figures:
    if enrolment.status == "exempt":
        return Figures(exempt=1)
    done = enrolment.status == "completed"
    late = enrolment.due_on is not None and enrolment.due_on < day() and not done
    return Figures(
        assigned=1,
        started=int(enrolment.status == "started"),
        completed=int(done),
        overdue=int(late),
    )

"""Markers, learners and those who confirm at once: one of each wins, nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses.models import Enrolment, Evidence, HandIn, Lesson
from courses.outline import get_outline
from courses.services import confirming, handing_in, learning
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.reports.tallies import find_differences
from tests.courses.ruled import make_ruled_course
from tests.factories import Factory
from tests.security.world import make_issuer

CROWD = 12
ROUNDS = 4
pytestmark = pytest.mark.xdist_group("parallel")


def _at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(act) for act in acts]]


def test_confirming_a_crowd_twice_while_it_learns_counts_everybody_once(live_app: Flask) -> None:
    make = Factory(live_app)
    make_issuer(make)
    province = make.agency("Tỉnh Bắc Ninh")
    places = [make.agency(parent=province) for _place in range(3)]
    course = make_ruled_course(make, [{}, {"completion": {"rule": "confirmed"}}])
    people = [make.person(agency=places[n % 3], sex="FM"[n % 2]) for n in range(CROWD)]
    ids = sorted(make.enrolment(person, course).id for person in people)
    with live_app.app_context():
        reading, session = db.session.scalars(select(Lesson.id).order_by(Lesson.position))

    def confirm() -> None:
        with make.writing():
            found = select(Enrolment).where(Enrolment.id.in_(ids)).order_by(Enrolment.id)
            rows = [(enrolment, session) for enrolment in db.session.scalars(found)]
            confirming.confirm(rows, people[0].id)

    def learn(enrolment_id: int) -> Callable[[], None]:
        def read() -> None:
            with make.writing():
                learning.complete_step(db.session.get_one(Enrolment, enrolment_id), reading)

        return read

    _at_once([confirm, *(learn(id_) for id_ in reversed(ids)), confirm])

    with live_app.app_context():
        assert find_differences() == []
        statuses = select(Enrolment.status, func.count()).group_by(Enrolment.status)
        assert db.session.execute(statuses).all() == [("completed", CROWD)]
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 2 * CROWD


def test_of_two_markers_and_a_learner_who_takes_back_one_is_first(live_app: Flask) -> None:
    make = Factory(live_app)
    make_issuer(make)
    agency = make.agency()
    course = make_ruled_course(make, [{"kind": "assignment"}])
    marker = make.person("Lê Văn Dạy", agency=agency)
    for _round in range(ROUNDS):
        enrolment_id = make.enrolment(make.person(agency=agency), course).id
        work_id = _hand_in(make, enrolment_id)

        def accept(work_id: int = work_id) -> bool:
            return _try(make, lambda: handing_in.accept(_work(work_id), marker.id, [], ""))

        def back(work_id: int = work_id) -> bool:
            return _try(make, lambda: handing_in.hand_back(_work(work_id), marker.id, [], "Sửa."))

        def take_back(enrolment_id: int = enrolment_id) -> bool:
            return _try(make, lambda: _take_back(enrolment_id))

        assert sorted(_at_once([accept, back, take_back])) == [False, False, True]
        with live_app.app_context():
            accepted = _work(work_id).state == "accepted"
            done = select(func.count()).where(Evidence.enrolment_id == enrolment_id)
            assert db.session.scalar(done) == accepted
    with live_app.app_context():
        assert find_differences() == []


def _hand_in(make: Factory, enrolment_id: int) -> int:
    with make.writing():
        lesson_id = db.session.scalars(select(Lesson.id)).one()
        work = HandIn(
            enrolment_id=enrolment_id,
            lesson_id=lesson_id,
            number=1,
            filename="bai.pdf",
            sha256="0" * 64,
            content_type="application/pdf",
            size=9,
            handed_in_at=now(),
        )
        db.session.add(work)
        db.session.flush()
        return work.id


def _work(work_id: int) -> HandIn:
    return db.session.get_one(HandIn, work_id)


def _take_back(enrolment_id: int) -> None:
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    handing_in.take_back(enrolment, get_outline(enrolment.revision_id).lessons[0])


def _try(make: Factory, act: Callable[[], None]) -> bool:
    """Do it in a transaction of its own; tell whether it was not refused."""
    with make.app.test_request_context():
        try:
            with make.writing():
                act()
        except Refused:
            return False
    return True

"""Several writers at once: one audit chain, tallies that equal the rows."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from psycopg.errors import DeadlockDetected
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from courses.models import Course, Enrolment
from courses.services import enrolling, learning
from lms.agencies.models import Agency
from lms.core import audit
from lms.core.clock import today
from lms.core.db import begin_write, db
from lms.people.models import Person
from lms.reports.tallies import find_differences
from tests.factories import Factory
from tests.security.world import make_issuer

WRITERS = 8
ENTRIES = 5
ROUNDS = 5
CROWD = 24
TRIES = 5
pytestmark = pytest.mark.xdist_group("parallel")


def _at_once(acts: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()


def test_the_audit_chain_begins_once_however_many_write_its_first_entry(live_app: Flask) -> None:
    for _round in range(ROUNDS):
        together = threading.Barrier(WRITERS)
        _at_once([lambda: _record_entries(live_app, together)] * WRITERS)  # noqa: B023 - run now

        with live_app.app_context():
            assert audit.find_break() is None
            entries = select(func.count()).select_from(audit.AuditEntry)
            assert db.session.scalar(entries) == WRITERS * ENTRIES
            assert db.session.scalar(select(func.count()).select_from(audit.AuditHead)) == 1
            begin_write()
            db.session.execute(delete(audit.AuditEntry))
            db.session.execute(delete(audit.AuditHead))
            db.session.commit()


def _record_entries(app: Flask, together: threading.Barrier) -> None:
    """Record some entries in transactions of their own, the first when all are ready."""
    together.wait()
    with app.app_context():
        for number in range(ENTRIES):
            begin_write()
            audit.record("tests.happened", f"thing:{number}")
            db.session.commit()


def test_assigning_and_learning_at_once_counts_everybody_once(live_app: Flask) -> None:
    make = Factory(live_app)
    make_issuer(make)
    province = make.agency("Tỉnh Bắc Ninh")
    places = [make.agency(parent=province) for _place in range(3)]
    course = make.course(lessons=1)
    people = [make.person(agency=places[n % 3], sex="FM"[n % 2]) for n in range(18)]

    acts: list[Callable[[], None]] = [_assigning(make, course, place) for place in places]
    acts[1:1] = [_learning(make, course, person) for person in people[:9]]
    acts += [_learning(make, course, person) for person in people[9:]]
    _at_once(acts)

    with live_app.app_context():
        assert find_differences() == []
        assert audit.find_break() is None
        statuses = select(Enrolment.status, func.count()).group_by(Enrolment.status)
        assert db.session.execute(statuses).all() == [("completed", len(people))]


def test_a_crowd_that_completes_on_the_last_day_never_waits_in_a_circle(live_app: Flask) -> None:
    make = Factory(live_app)
    make_issuer(make)
    agency, course = make.agency(), make.course(lessons=1)
    [lesson] = make.lessons(course)
    people = [make.person(agency=agency) for _n in range(CROWD)]
    _assigning(make, course, agency)()
    with live_app.app_context():
        enrolments = db.session.scalars(select(Enrolment.id).order_by(Enrolment.id)).all()
    with make.writing():  # every other one has looked at the course before
        for enrolment_id in enrolments[::2]:
            learning.start(db.session.get_one(Enrolment, enrolment_id))

    def complete(enrolment_id: int) -> None:
        with make.writing():
            learning.complete_step(db.session.get_one(Enrolment, enrolment_id), lesson.id)

    _at_once([partial(complete, enrolment_id) for enrolment_id in enrolments])

    with live_app.app_context():
        assert find_differences() == []
        completed = select(func.count()).where(Enrolment.status == "completed")
        assert db.session.scalar(completed) == len(people)


def _assigning(make: Factory, course: Course, agency: Agency) -> Callable[[], None]:
    def assign() -> None:
        with make.writing():
            enrolling.assign(
                db.session.get_one(Course, course.id),
                db.session.get_one(Agency, agency.id),
                due_on=today() + timedelta(days=30),
            )

    # Who enrols themselves meanwhile is counted as being in it: that is no reason to fail.
    return lambda: _send_until_done(assign, (OperationalError,))


def _learning(make: Factory, course: Course, person: Person) -> Callable[[], None]:
    [lesson] = make.lessons(course)

    def learn() -> None:
        enrolment = make.enrolment(person, course)
        with make.writing():
            learning.complete_step(db.session.get_one(Enrolment, enrolment.id), lesson.id)

    return lambda: _send_until_done(learn)


def _send_until_done(
    act: Callable[[], None], busy: tuple[type[Exception], ...] = (IntegrityError, OperationalError)
) -> None:
    """Do it again, as a person does who is told that another was faster (409, 503)."""
    for _try in range(TRIES):
        try:
            act()
        except busy as overtaken:
            if isinstance(getattr(overtaken, "orig", None), DeadlockDetected):
                raise
            last = overtaken
        else:
            return
    raise last

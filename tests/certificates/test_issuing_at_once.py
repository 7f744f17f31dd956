"""Many who complete at the same moment: consecutive numbers, none twice, none missing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from certificates.models import Certificate
from courses.events import EnrolmentsChanged
from courses.models import Enrolment, Revision
from courses.services import enrolling, learning
from lms.core import audit
from lms.core.clock import now
from lms.core.db import begin_write, db, end_write
from lms.core.events import publish
from lms.people.models import Person
from tests.certificates.conftest import Certifying

PEOPLE = 200
THREADS = 4


def in_threads(certifying: Certifying, act: Callable[[int], None], items: list[int]) -> None:
    """Do something for each item in its own transaction, several at a time."""

    def run(item: int) -> None:
        with certifying.app.app_context():
            while True:
                try:
                    begin_write()
                    act(item)
                    db.session.commit()
                    break
                except OperationalError:
                    db.session.rollback()  # SQLite was busy for 5 s: a browser tries again
            end_write()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, items))


def ordinals(certifying: Certifying) -> list[int]:
    with certifying.app.app_context():
        return sorted(db.session.scalars(select(Certificate.ordinal)))


def test_200_parallel_completions_get_200_consecutive_numbers(live_certifying: Certifying) -> None:
    make = live_certifying.make
    agency, course = make.agency(), make.course(lessons=1)
    [lesson] = make.lessons(course)
    with make.writing():
        people = [
            Person(
                full_name=f"Nguyễn Thị Hoa {n}",
                sort_key="",
                search="",
                created_at=now(),
            )
            for n in range(PEOPLE)
        ]
        db.session.add_all(people)
        db.session.flush()
        enrolments = _enrol_all(people, agency.id, course.id)

    def complete(enrolment_id: int) -> None:
        learning.complete_step(db.session.get_one(Enrolment, enrolment_id), lesson.id)

    in_threads(live_certifying, complete, enrolments)

    assert ordinals(live_certifying) == list(range(1, PEOPLE + 1))
    with live_certifying.app.app_context():
        assert len(set(db.session.scalars(select(Certificate.token)))) == PEOPLE
        assert audit.find_break() is None


def test_one_completion_sent_by_several_tabs_leaves_one_certificate(
    live_certifying: Certifying,
) -> None:
    make = live_certifying.make
    person, course = make.person(agency=make.agency()), make.course(lessons=1)
    enrolment = make.enrolment(person, course)
    [lesson] = make.lessons(course)

    def complete(enrolment_id: int) -> None:
        learning.complete_step(db.session.get_one(Enrolment, enrolment_id), lesson.id)

    in_threads(live_certifying, complete, [enrolment.id] * THREADS)
    assert ordinals(live_certifying) == [1]


def _enrol_all(people: list[Person], agency_id: int, course_id: int) -> list[int]:
    revision_id = db.session.scalar(select(Revision.id).where(Revision.course_id == course_id))
    enrolments = [
        Enrolment(
            person_id=person.id,
            course_id=course_id,
            period="2026",
            revision_id=revision_id,
            source="self",
            status="assigned",
            agency_id=agency_id,
            enrolled_at=now(),
        )
        for person in people
    ]
    db.session.add_all(enrolments)
    db.session.flush()
    ids = [enrolment.id for enrolment in enrolments]
    publish(EnrolmentsChanged(tuple((enrolling.cell_of(e), 1) for e in enrolments)))
    return ids

"""Tallies equal the rows, whatever happens, and a difference is found."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from courses.events import Cell, EnrolmentsChanged
from courses.models import Course, Enrolment
from courses.services import enrolling, learning
from lms.agencies.models import Agency
from lms.core.db import begin_write, db
from lms.core.events import publish
from lms.people.models import Person
from lms.reports import tallies
from lms.reports.completion import Completion
from lms.reports.models import Tally
from lms.reports.queries.by_agency import get_picture
from lms.reports.queries.by_course import get_course
from lms.reports.queries.question import Question
from tests.factories import Factory
from tests.reports.trees import Province, Stand, day, this_year

Oracle = Callable[[Course], dict[int, Completion]]


def cell(agency: Agency, course: Course, status: str) -> Cell:
    return Cell(agency.id, course.id, "2026", "official", "F", status, None)


def test_a_move_is_counted_in_every_agency_above(
    make: Factory, tree: Province, course: Course
) -> None:
    with make.writing():
        tallies.apply_changes(EnrolmentsChanged(((cell(tree.school, course, "assigned"), 3),)))
        tallies.apply_changes(
            EnrolmentsChanged(
                (
                    (cell(tree.school, course, "assigned"), -1),
                    (cell(tree.school, course, "started"), 1),
                )
            )
        )
        rows = db.session.execute(select(Tally.agency_id, Tally.status, Tally.people)).all()

    for agency in (tree.school, tree.ward, tree.province):
        assert (agency.id, "assigned", 2) in rows
        assert (agency.id, "started", 1) in rows


def test_a_loss_from_a_cell_that_is_not_there_is_an_error(
    app: Flask, tree: Province, course: Course
) -> None:
    event = EnrolmentsChanged(((cell(tree.school, course, "assigned"), -1),))
    with app.app_context():
        begin_write()
        with pytest.raises(tallies.TallyLostError):
            tallies.apply_changes(event)


def test_a_planted_difference_is_found_and_mended(
    make: Factory, tree: Province, stand: Stand
) -> None:
    stand(tree.school, "completed")
    with make.writing():
        planted = update(Tally).where(Tally.agency_id == tree.ward.id, Tally.people == 1)
        db.session.execute(planted.values(people=5))
        ((key, tallied, counted),) = tallies.find_differences()
        assert dict(zip(tallies.KEY, key, strict=True))["agency_id"] == tree.ward.id
        assert (tallied, counted) == (5, 1)
        tallies.rebuild()
        assert tallies.find_differences() == []


def test_a_lost_row_is_found(make: Factory, tree: Province, stand: Stand) -> None:
    stand(tree.school)
    with make.writing():
        db.session.execute(Tally.__table__.delete().where(Tally.agency_id == tree.school.id))

        assert [found[1:] for found in tallies.find_differences()] == [(0, 1)]


def test_the_sums_are_equal_at_every_level(
    app: Flask, tree: Province, course: Course, stand: Stand, oracle: Oracle
) -> None:
    chance = random.Random(5)
    places = [tree.province, tree.department, tree.commune, tree.office, tree.ward, tree.school]
    for _person in range(40):
        stand(
            chance.choice(places),
            chance.choice(["assigned", "started", "completed", "exempt"]),
            sex=chance.choice(["F", "M", None]),
            due_in=chance.choice([None, -3, 0, 4]),
        )
    counted = oracle(course)

    with app.app_context():
        for agency in places:
            picture = get_picture(question(agency, course))
            lines = [picture.asked, *picture.children]
            assert {x.agency_id: x.completion.total for x in lines} == {
                x.agency_id: counted[x.agency_id].total for x in lines
            }
            assert sum((c.completion for c in picture.children), picture.own).total == (
                picture.asked.total
            )
            assert picture.asked.completion.women == counted[agency.id].women
            assert picture.asked.completion.unknown == counted[agency.id].unknown


def question(agency: Agency, course: Course) -> Question:
    year = this_year()
    return Question(get_course(course.slug), agency, year, day(), day())


class Learning(RuleBasedStateMachine):
    """People are enrolled, assigned, learn, complete and are released in any order."""

    app: Flask
    make: Factory
    tree: Province
    course: Course

    @rule(place=st.sampled_from(["department", "office", "school"]), sex=st.sampled_from("FM"))
    def somebody_joins(self, place: str, sex: str) -> None:
        self.make.person(agency=getattr(self.tree, place), sex=sex, audiences=["official"])

    @rule(
        place=st.sampled_from(["province", "ward", "commune"]),
        audience=st.sampled_from([None, "official"]),
    )
    def the_course_is_assigned(self, place: str, audience: str | None) -> None:
        with self.make.writing():
            enrolling.assign(
                db.session.get_one(Course, self.course.id),
                db.session.get_one(Agency, getattr(self.tree, place).id),
                due_on=day(),
                audience_key=audience,
            )

    @rule(place=st.sampled_from(["department", "school"]))
    def somebody_enrols(self, place: str) -> None:
        person = self.make.person(agency=getattr(self.tree, place), sex="F")
        self.make.enrolment(person, self.course)

    @rule(pick=st.randoms(use_true_random=False), lesson=st.integers(0, 1))
    def somebody_reads_a_lesson(self, pick: random.Random, lesson: int) -> None:
        lessons = self.make.lessons(self.course)
        with self.make.writing():
            open_ones = [e for e in self._enrolments() if e.status in ("assigned", "started")]
            if open_ones:
                learning.complete_step(pick.choice(open_ones), lessons[lesson].id)

    @rule(pick=st.randoms(use_true_random=False))
    def somebody_is_released(self, pick: random.Random) -> None:
        with self.make.writing():
            waiting = [e for e in self._enrolments() if e.status == "assigned"]
            if waiting:
                enrolment = pick.choice(waiting)
                before = enrolling.cell_of(enrolment)
                enrolment.status = "exempt"
                publish(EnrolmentsChanged(((before, -1), (enrolling.cell_of(enrolment), 1))))

    @invariant()
    def the_tallies_equal_the_rows(self) -> None:
        with self.app.app_context():
            assert tallies.find_differences() == []

    def _enrolments(self) -> list[Enrolment]:
        query = select(Enrolment).where(Enrolment.course_id == self.course.id)
        return list(db.session.scalars(query.order_by(Enrolment.id)))


def test_no_sequence_of_acts_parts_the_tallies_from_the_rows(
    app: Flask, make: Factory, tree: Province, course: Course
) -> None:
    Learning.app, Learning.make, Learning.tree, Learning.course = app, make, tree, course

    run_state_machine_as_test(
        Learning,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_writers_at_the_same_time_leave_exact_tallies(live_app: Flask) -> None:
    make = Factory(live_app)
    province = make.agency("Tỉnh Bắc Ninh")
    places = [make.agency(parent=province) for _place in range(3)]
    course = make.course()
    people = [make.person(agency=places[n % 3], sex="FM"[n % 2]) for n in range(12)]

    def learn(person: Person) -> None:
        enrolment = make.enrolment(person, course)
        for lesson in make.lessons(course):
            with make.writing():
                learning.complete_step(db.session.get_one(Enrolment, enrolment.id), lesson.id)

    learn(make.person(agency=places[0]))
    with ThreadPoolExecutor(4) as pool:
        learners = [pool.submit(learn, person) for person in people]
        with make.writing():
            tallies.rebuild()
        for learner in learners:
            learner.result()

    with live_app.app_context():
        assert tallies.find_differences() == []
        completed = select(Tally.people).where(
            Tally.agency_id == province.id, Tally.status == "completed"
        )
        assert sum(db.session.scalars(completed)) == 1 + len(people)

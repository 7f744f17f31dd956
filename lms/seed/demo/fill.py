"""Fills an empty database with the demo province."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from flask import current_app
from sqlalchemy import select, update

from courses.models import Course, Revision
from lms.agencies.models import Agency
from lms.core import audit
from lms.core.access import TRAINER
from lms.core.clock import now, start_of, today
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import Person
from lms.reports import tallies
from lms.seed.accounts import ACCOUNT_IDS
from lms.seed.base import fill_base, open_agencies
from lms.seed.demo.calendar import Calendar
from lms.seed.demo.certificates import write_certificates
from lms.seed.demo.facts import published_courses
from lms.seed.demo.fates import fates_of_accounts
from lms.seed.demo.history import Courses, write_enrolments, write_steps
from lms.seed.demo.learning import (
    BASICS,
    COLLABORATORS,
    SCHOOLS,
    Learning,
    LearningDrawer,
    asks,
)
from lms.seed.demo.people import DemoPerson, draw_people
from lms.seed.demo.staff import grant_roles, write_people
from lms.seed.demo.workplaces import SHOWN_WARD, demo_agencies, workplaces
from lms.seed.province.rows import AgencyRow
from lms.seed.province.tree import province_tree

#: One commune in so many begins before the others.
_EARLY = 8


@dataclass(frozen=True)
class DemoOutcome:
    """How many of each there are."""

    agencies: int
    people: int
    courses: int
    enrolments: int
    attempts: int
    certificates: int


def fill_demo(people: int, seed: int) -> DemoOutcome:
    """Fill the database with that many people and their learning, drawn by the seed.

    The same seed on the same day draws the same, save the tokens of certificates: nobody
    may guess those. Raises Refused in production and when people exist.
    """
    _refuse_where_it_would_harm()
    fill_base()
    agencies = _open_all_agencies(people, seed)
    agency_ids = {row.code: row.id for row in db.session.execute(select(Agency.code, Agency.id))}
    courses = _starter_courses()
    calendar = Calendar(now(), today(), start_of)

    chance = Random(seed)
    places = workplaces(agencies, people - len(ACCOUNT_IDS), chance)
    staff = draw_people(places, calendar.today, chance)
    learnings = _draw_learning(staff, agencies, courses, calendar, chance)

    write_people(staff, {x.person.id for x in learnings if x.started_at}, agency_ids)
    _hand_over(courses, calendar)
    grant_roles()
    write_enrolments(learnings, courses, agency_ids)
    attempts = write_steps(learnings, courses, chance)
    certificates = write_certificates(learnings)
    tallies.rebuild()
    audit.record("seed.demo.filled", "agency:24", people=len(staff), seed=seed)
    return DemoOutcome(
        len(agency_ids), len(staff), len(courses), len(learnings), attempts, certificates
    )


def _refuse_where_it_would_harm() -> None:
    if current_app.config["LMS_ENV"] == "production":
        raise Refused("The demo is not for production: its accounts have a known password.")
    if db.session.scalar(select(Person.id).limit(1)) is not None:
        raise Refused("There are people already. The demo fills only a database without people.")


def _open_all_agencies(people: int, seed: int) -> list[AgencyRow]:
    """Open the demo's schools and offices too; return every row of the tree."""
    extra = demo_agencies(people, seed)
    open_agencies(extra)
    tree, _successions = province_tree()
    return [*tree, *extra]


def _starter_courses() -> Courses:
    """Return the courses to be learned. Raises Refused when one is not published."""
    published, wanted = published_courses(), (BASICS, SCHOOLS, COLLABORATORS)
    missing = [slug for slug in wanted if slug not in published]
    if missing:
        raise Refused(f"The demo learns from {', '.join(missing)}: publish it first.")
    return {slug: published[slug] for slug in wanted}


def _draw_learning(
    staff: Sequence[DemoPerson],
    agencies: Iterable[AgencyRow],
    courses: Courses,
    calendar: Calendar,
    chance: Random,
) -> list[Learning]:
    communes = sorted(row.code for row in agencies if row.kind in ("commune", "ward"))
    early = sorted({*communes[::_EARLY], SHOWN_WARD})
    drawer = LearningDrawer(
        asks(calendar, early),
        {slug: len(course.readings) for slug, course in courses.items()},
        {slug: course.audiences for slug, course in courses.items()},
        calendar,
        chance,
    )
    fates = fates_of_accounts(calendar)
    return [x for person in staff for x in drawer.draw(person, fates.get(person.id, {}))]


def _hand_over(courses: Courses, calendar: Calendar) -> None:
    """Make the trainer the owner, and the courses older than what was learned in them."""
    published_at = start_of(calendar.last_opened_on) - timedelta(days=14)
    ids = [course.id for course in courses.values()]
    db.session.execute(
        update(Course)
        .where(Course.id.in_(ids))
        .values(owner_id=ACCOUNT_IDS[TRAINER], created_at=published_at)
    )
    db.session.execute(
        update(Revision)
        .where(Revision.id.in_([course.revision_id for course in courses.values()]))
        .values(published_at=published_at, updated_at=published_at)
    )

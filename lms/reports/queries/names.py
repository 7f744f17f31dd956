"""The people behind the figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, select

from courses.outline import get_outline
from courses.queries import done_by_enrolment
from courses.queries.progress import audiences_by_enrolment
from lms.agencies.models import Agency
from lms.agencies.queries import subtree_ids
from lms.core.db import db
from lms.people.models import Person
from lms.reports.completion import STATUSES, UNFINISHED, Figures
from lms.reports.queries.question import Question
from lms.reports.queries.standing import standings

PAGE_SIZE = 50
#: Rows read from the database at a time while a file is written.
BATCH = 1000


@dataclass(frozen=True)
class PersonLine:
    """A person in a course, as they stood on the day asked about."""

    enrolment_id: int
    revision_id: int
    full_name: str
    staff_code: str | None
    sex: str
    agency_code: str
    agency: str
    status: str
    due_on: date | None
    completed_at: datetime | None

    def is_overdue(self, day: date) -> bool:
        """Tell whether the due date lies before that day and it is not completed."""
        return self.status in UNFINISHED and self.due_on is not None and self.due_on < day


@dataclass(frozen=True)
class Filter:
    """Which people to name: those of one standing, of the agency itself alone."""

    standing: str = "everyone"
    own: bool = False


class Pages:
    """The page asked for among so many people; a page that is none becomes the nearest."""

    def __init__(self, total: int, asked: str) -> None:
        self.total = total
        self.pages = max(-(-total // PAGE_SIZE), 1)
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        self.page = min(max(number, 1), self.pages)


#: The standings one can ask for: each is also the name of the figure that counts it.
STANDINGS = ("everyone", "overdue", "not_begun", "started", "completed", "exempt")


def list_people(question: Question, wanted: Filter, page: int) -> list[PersonLine]:
    """Return a page (counted from 1) of the people, by given name."""
    query = _query(question, wanted).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return [PersonLine(*row) for row in db.session.execute(query)]


def iterate_people(question: Question, wanted: Filter) -> Iterator[PersonLine]:
    """Yield all the people, by given name, without holding them all in memory."""
    query = _query(question, wanted).execution_options(yield_per=BATCH)
    for row in db.session.execute(query):
        yield PersonLine(*row)


def count_steps(people: list[PersonLine]) -> dict[int, tuple[int, int]]:
    """Return for each enrolment how many required lessons are done, and how many there are."""
    done = done_by_enrolment([person.enrolment_id for person in people])
    outlines = {id_: get_outline(id_) for id_ in {person.revision_id for person in people}}
    asking = [x.enrolment_id for x in people if outlines[x.revision_id].names_audiences]
    audiences = audiences_by_enrolment(asking) if asking else {}

    @cache
    def required(revision_id: int, own: frozenset[str]) -> list[int]:
        return [step.id for step in outlines[revision_id].steps_for(own) if step.required]

    counts = {}
    for person in people:
        steps = required(person.revision_id, audiences.get(person.enrolment_id, frozenset()))
        counts[person.enrolment_id] = (
            sum(step_id in done[person.enrolment_id] for step_id in steps),
            len(steps),
        )
    return counts


def count_of(figures: Figures, standing: str) -> int:
    """Return how many people have a standing."""
    count: int = getattr(figures, standing)
    return count


def _query(question: Question, wanted: Filter) -> Select[Any]:
    standing = standings(question)
    query = (
        select(
            standing.c.enrolment_id,
            standing.c.revision_id,
            Person.full_name,
            Person.staff_code,
            standing.c.sex,
            Agency.code,
            Agency.name,
            standing.c.status,
            standing.c.due_on,
            standing.c.completed_at,
        )
        .join(Person, Person.id == standing.c.person_id)
        .join(Agency, Agency.id == standing.c.agency_id)
        .where(_has_standing(standing.c, wanted.standing, question.day))
        .order_by(Person.sort_key, Person.id, standing.c.enrolment_id)
    )
    if wanted.own:
        return query.where(standing.c.agency_id == question.agency.id)
    return query.where(standing.c.agency_id.in_(subtree_ids([question.agency.id])))


def _has_standing(columns: Any, standing: str, day: date) -> Any:
    if standing == "everyone":
        return True
    if standing == "overdue":
        return and_(columns.status.in_(UNFINISHED), columns.due_on < day)
    if standing == "not_begun":
        return columns.status == "assigned"
    return columns.status.in_(STATUSES[standing])

"""Writes what was asked, who learned it, and every step they took."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from random import Random

from courses.models import Assignment, Enrolment, Evidence
from lms.core.access import HR, LEAD
from lms.core.clock import start_of
from lms.core.db import db
from lms.seed.accounts import ACCOUNT_IDS
from lms.seed.demo.attempts import AttemptDrawer
from lms.seed.demo.facts import CourseFacts
from lms.seed.demo.learning import Ask, Learning
from lms.seed.demo.rows import Row, count_on, write
from lms.seed.demo.steps import evidence_rows
from lms.seed.demo.workplaces import SHOWN_WARD
from quizzes.models import Attempt, Response

#: So many learnings are held as rows at a time.
_CHUNK = 2_000

Courses = Mapping[str, CourseFacts]
AgencyIds = Mapping[str, int]


def write_enrolments(
    learnings: Sequence[Learning], courses: Courses, agency_ids: AgencyIds
) -> None:
    """Write the assignments, then the enrolments."""
    asked = list(dict.fromkeys(x.ask for x in learnings if x.ask))
    assignment_ids = {ask: _write_assignment(ask, courses, agency_ids) for ask in asked}
    write(
        Enrolment.__table__,
        (
            _enrolment_row(learning, courses[learning.course], assignment_ids, agency_ids)
            for learning in learnings
        ),
    )
    count_on(Enrolment.__table__)


def write_steps(learnings: Sequence[Learning], courses: Courses, chance: Random) -> int:
    """Write the evidence, the attempts and their answers; return how many attempts."""
    drawer = AttemptDrawer(courses, learnings, chance)
    attempts = 0
    for chunk in _chunks(learnings):
        write(
            Evidence.__table__,
            (row for x in chunk for row in evidence_rows(x, courses[x.course], chance)),
        )
        drawn = [attempt for learning in chunk for attempt in drawer.draw(learning)]
        attempts += write(Attempt.__table__, (x.attempt for x in drawn))
        write(Response.__table__, (row for x in drawn for row in x.responses))
    count_on(Attempt.__table__)
    return attempts


def _write_assignment(ask: Ask, courses: Courses, agency_ids: AgencyIds) -> int:
    assignment = Assignment(
        course_id=courses[ask.course].id,
        agency_id=agency_ids[ask.agency],
        audience_key=ask.audience,
        period=ask.period,
        due_on=ask.due_on,
        created_at=start_of(ask.opened_on) + timedelta(hours=9),
        created_by_id=ACCOUNT_IDS[HR if ask.agency == SHOWN_WARD else LEAD],
    )
    db.session.add(assignment)
    db.session.flush()
    return assignment.id


def _enrolment_row(
    learning: Learning,
    course: CourseFacts,
    assignment_ids: Mapping[Ask, int],
    agency_ids: AgencyIds,
) -> Row:
    ask = learning.ask
    return {
        "id": learning.id,
        "person_id": learning.person.id,
        "course_id": course.id,
        "period": learning.period,
        "revision_id": course.revision_id,
        "assignment_id": assignment_ids[ask] if ask else None,
        "source": "assigned" if ask else "self",
        "due_on": ask.due_on if ask else None,
        "status": learning.status,
        "agency_id": agency_ids[learning.post.agency],
        "audience_key": learning.audience,
        "sex": learning.person.sex,
        "enrolled_at": learning.enrolled_at,
        "started_at": learning.started_at,
        "completed_at": learning.completed_at,
    }


def _chunks(learnings: Sequence[Learning]) -> Iterator[list[Learning]]:
    waiting = iter(learnings)
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk

"""Who is enrolled in what, by themselves or by their agency."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import and_, select

from courses.events import Cell, EnrolmentsChanged
from courses.models import Assignment, Course, Enrolment, Revision
from lms.agencies.models import Agency
from lms.agencies.queries import subtree_ids
from lms.core import audit
from lms.core.clock import now, today
from lms.core.db import db, insert
from lms.core.errors import Refused
from lms.core.events import publish
from lms.people.models import Membership, Person, PersonAudience
from lms.people.queries import find_agency_of, is_current, list_audience_keys_of


@dataclass(frozen=True)
class AssignmentOutcome:
    """What an assignment did: people matched, newly enrolled, enrolled already."""

    matched: int
    enrolled: int
    already: int


def enrol_self(person_id: int, revision: Revision) -> Enrolment:
    """Enrol a person at their own wish, for this year; who is enrolled already stays so.

    Raises Refused when they belong to no agency.
    """
    # Two clicks take turns here on PostgreSQL; the second finds what the first did. The key
    # stays free: an assignment that points to the person must not wait in a circle.
    person = db.session.get_one(Person, person_id, with_for_update={"key_share": True})
    period, agency = str(today().year), find_agency_of(person_id, today())
    held: Enrolment | None = db.session.scalar(
        select(Enrolment).where(
            Enrolment.person_id == person_id,
            Enrolment.course_id == revision.course_id,
            Enrolment.period == period,
        )
    )
    if held is not None:
        return held
    if agency is None:
        raise Refused(_("You belong to no agency at present. Ask HR to add you to its roster."))
    audiences = [key for key in list_audience_keys_of(person_id) if key in revision.audiences]
    enrolment = Enrolment(
        person_id=person_id,
        course_id=revision.course_id,
        period=period,
        revision_id=revision.id,
        source="self",
        status="assigned",
        agency_id=agency.id,
        audience_key=audiences[0] if audiences else None,
        sex=person.sex,
        enrolled_at=now(),
    )
    db.session.add(enrolment)
    db.session.flush()
    publish(EnrolmentsChanged(((cell_of(enrolment), 1),)))
    audit.record("courses.enrolled", f"enrolment:{enrolment.id}", person_id)
    return enrolment


def assign(
    course: Course,
    agency: Agency,
    *,
    due_on: date,
    audience_key: str | None = None,
    assigned_by_id: int | None = None,
) -> AssignmentOutcome:
    """Ask a course of everyone in an agency's subtree (of one audience) by a day.

    Those who are in it for this year already keep their enrolment. Raises Refused when
    the course is not published or the day has passed.
    """
    revision = db.session.scalar(
        select(Revision).where(Revision.course_id == course.id, Revision.state == "published")
    )
    if revision is None:
        raise Refused(_("Publish the course first; only then can it be assigned."))
    if due_on < today():
        raise Refused(_("The due date has passed. Choose a day from today on."))
    assignment = Assignment(
        course_id=course.id,
        agency_id=agency.id,
        audience_key=audience_key,
        period=str(due_on.year),
        due_on=due_on,
        created_at=now(),
        created_by_id=assigned_by_id,
    )
    db.session.add(assignment)
    db.session.flush()
    outcome = _enrol_matching(assignment, revision)
    audit.record(
        "courses.assigned",
        f"course:{course.id}",
        assigned_by_id,
        agency=agency.code,
        audience=audience_key,
        due_on=due_on.isoformat(),
        enrolled=outcome.enrolled,
    )
    return outcome


def cell_of(enrolment: Enrolment) -> Cell:
    """Return where an enrolment is counted as it stands now."""
    return Cell(
        agency_id=enrolment.agency_id,
        course_id=enrolment.course_id,
        period=enrolment.period,
        audience_key=enrolment.audience_key or "",
        sex=enrolment.sex or "",
        status=enrolment.status,
        due_on=enrolment.due_on,
    )


def _enrol_matching(assignment: Assignment, revision: Revision) -> AssignmentOutcome:
    people = _list_matching(assignment)
    held = set(
        db.session.scalars(
            select(Enrolment.person_id).where(
                Enrolment.course_id == assignment.course_id,
                Enrolment.period == assignment.period,
            )
        )
    )
    moment = now()
    rows: list[dict[str, object]] = [
        {
            "person_id": person_id,
            "course_id": assignment.course_id,
            "period": assignment.period,
            "revision_id": revision.id,
            "assignment_id": assignment.id,
            "source": "assigned",
            "due_on": assignment.due_on,
            "status": "assigned",
            "agency_id": agency_id,
            "audience_key": assignment.audience_key,
            "sex": sex,
            "enrolled_at": moment,
        }
        for person_id, (agency_id, sex) in people.items()
        if person_id not in held
    ]
    enrolled = _insert_new(rows)
    if enrolled:
        publish(EnrolmentsChanged(tuple(_count_cells(enrolled).items())))
    return AssignmentOutcome(len(people), len(enrolled), len(people) - len(enrolled))


def _insert_new(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Insert enrolments; return those that were new, as some enrol themselves meanwhile."""
    if not rows:
        return []
    table = Enrolment.__table__
    statement = insert(table).on_conflict_do_nothing().returning(table.c.person_id)
    inserted = set(db.session.scalars(statement, rows))
    return [row for row in rows if row["person_id"] in inserted]


def _list_matching(assignment: Assignment) -> dict[int, tuple[int, str | None]]:
    """Return each matching person once, with the agency and sex to be kept."""
    query = (
        select(Person.id, Membership.agency_id, Person.sex)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            is_current(today()),
            Person.deactivated_at.is_(None),
            Membership.agency_id.in_(subtree_ids([assignment.agency_id])),
        )
        .order_by(Membership.valid_from, Membership.id)
    )
    if assignment.audience_key is not None:
        query = query.join(
            PersonAudience,
            and_(
                PersonAudience.person_id == Person.id,
                PersonAudience.audience_key == assignment.audience_key,
            ),
        )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _count_cells(rows: list[dict[str, object]]) -> Counter[Cell]:
    return Counter(
        Cell(
            agency_id=row["agency_id"],  # type: ignore[arg-type]
            course_id=row["course_id"],  # type: ignore[arg-type]
            period=str(row["period"]),
            audience_key=str(row["audience_key"] or ""),
            sex=str(row["sex"] or ""),
            status=str(row["status"]),
            due_on=row["due_on"],  # type: ignore[arg-type]
        )
        for row in rows
    )

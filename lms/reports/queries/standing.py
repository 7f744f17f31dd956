"""Where each enrolment stood at the end of a day, and in which agency it counts."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Subquery,
    and_,
    case,
    column,
    func,
    or_,
    select,
    values,
)

from courses.models import Enrolment
from lms.core.clock import start_of
from lms.people.models import Membership
from lms.reports.completion import STATUSES, UNFINISHED
from lms.reports.queries.question import NOW, Question
from lms.reports.queries.structure import list_heirs


def figure_columns(status: Any, due_on: Any, people: Any, day: Any) -> list[ColumnElement[int]]:
    """Return the sums that make Figures, in its order, for rows that stand for some people."""
    conditions = [
        *(status.in_(statuses) for statuses in STATUSES.values()),
        and_(status.in_(UNFINISHED), due_on < day),
    ]
    return [func.coalesce(func.sum(case((c, people), else_=0)), 0) for c in conditions]


def standings(question: Question) -> Subquery:
    """Return the enrolments of the course and period as they stood when the day ended.

    Columns: enrolment_id, person_id, revision_id, agency_id, sex, status, due_on and
    completed_at. The day ends at midnight where the users live. Exempt people count as
    exempt from their enrolment on: no row keeps the day on which they were released.
    """
    held = _standings_where_held(question)
    heirs = list_heirs(question.today) if question.structure == NOW else {}
    if not heirs:
        return held
    columns = column("old_id", Integer), column("new_id", Integer)
    # As a CTE, since SQLite cannot name the columns of VALUES elsewhere.
    heir = values(*columns, name="heir").data(sorted(heirs.items())).cte()
    names = [name for name in held.c.keys() if name != "agency_id"]  # noqa: SIM118 - a collection
    return (
        select(
            *(held.c[name] for name in names),
            func.coalesce(heir.c.new_id, held.c.agency_id).label("agency_id"),
        )
        .outerjoin(heir, heir.c.old_id == held.c.agency_id)
        .subquery("standing")
    )


def _standings_where_held(question: Question) -> Subquery:
    until = start_of(question.day + timedelta(days=1))
    status, completed_at = _status(question, until)
    query = select(
        Enrolment.id.label("enrolment_id"),
        Enrolment.person_id,
        Enrolment.revision_id,
        _agency(question).label("agency_id"),
        func.coalesce(Enrolment.sex, "").label("sex"),
        status.label("status"),
        Enrolment.due_on,
        completed_at.label("completed_at"),
    ).where(Enrolment.period == question.period, Enrolment.enrolled_at < until)
    if question.course is not None:
        query = query.where(Enrolment.course_id == question.course.id)
    return query.subquery("held")


def _status(question: Question, until: datetime) -> tuple[Any, Any]:
    """Return the status and the moment of completion as they were known before a moment."""
    if question.is_today:
        return Enrolment.status, Enrolment.completed_at
    status = case(
        (Enrolment.status == "exempt", "exempt"),
        (Enrolment.completed_at < until, "completed"),
        (Enrolment.started_at < until, "started"),
        else_="assigned",
    )
    return status, case((Enrolment.completed_at < until, Enrolment.completed_at))


def _agency(question: Question) -> Any:
    """Return the agency kept on the enrolment, or the one the person belongs to today.

    Someone with several posts stays with the agency of the enrolment while they have a
    post there, so that nobody counts twice; someone who belongs nowhere stays as well.
    """
    if question.structure != NOW:
        return Enrolment.agency_id
    present = (
        select(Membership.agency_id)
        .where(
            Membership.person_id == Enrolment.person_id,
            Membership.valid_from <= question.today,
            or_(Membership.valid_to.is_(None), Membership.valid_to > question.today),
        )
        .order_by(
            (Membership.agency_id == Enrolment.agency_id).desc(),
            Membership.valid_from.desc(),
            Membership.id,
        )
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return func.coalesce(present, Enrolment.agency_id)

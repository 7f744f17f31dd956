"""Figures of an agency and of the agencies directly under it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from lms.agencies.models import Agency, AgencyAncestor
from lms.agencies.queries import subtree_ids
from lms.core.db import db
from lms.reports.completion import NOBODY, AgencyLine, Completion, Figures, Picture
from lms.reports.models import Tally
from lms.reports.queries.question import Question
from lms.reports.queries.standing import figure_columns, standings

#: Figures by sex, by the id of the agency whose subtree they count.
Counted = dict[int, dict[str, Figures]]

_HEAD = (Agency.id, Agency.code, Agency.name, Agency.kind, Agency.valid_from, Agency.valid_to)


class _Head(NamedTuple):
    """An agency as a line of the report needs it."""

    id: int
    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None

    def exists(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def get_picture(question: Question) -> Picture:
    """Return the figures of the asked agency, its children and both sexes.

    Children are listed when they exist today, or when people count in them.
    """
    heads, counted = (_read_tallies if question.is_tallied else _read_enrolments)(question)
    lines = {
        head.id: AgencyLine(*head[:4], completion=Completion(counted.get(head.id, {})))
        for head in heads
    }
    children = tuple(
        lines[head.id]
        for head in heads
        if head.id != question.agency.id
        and (head.exists(question.today) or lines[head.id].total.everyone)
    )
    return Picture(lines[question.agency.id], children)


def _read_tallies(question: Question) -> tuple[Iterable[_Head], Counted]:
    """Read agencies and figures in one grouped SELECT of the tallies."""
    held = [Tally.agency_id == Agency.id, Tally.period == question.period]
    if question.course is not None:
        held.append(Tally.course_id == question.course.id)
    figures = figure_columns(Tally.status, Tally.due_on, Tally.people, question.today)
    query = (
        select(*_HEAD, Tally.sex, *figures)
        .outerjoin(Tally, and_(*held))
        .where(_is_asked_or_child(question))
        .group_by(Agency.id, Tally.sex)
        .order_by(Agency.sort_key, Agency.id)
    )
    heads: dict[_Head, None] = {}
    counted: Counted = defaultdict(dict)
    for row in db.session.execute(query):
        head, sex = _Head(*row[:6]), row[6]
        heads[head] = None
        if sex is not None:
            counted[head.id][sex] = Figures(*map(int, row[7:]))
    return heads, counted


def _read_enrolments(question: Question) -> tuple[Iterable[_Head], Counted]:
    """Read the figures in one grouped SELECT of the enrolments, and roll them up here."""
    standing = standings(question)
    figures = figure_columns(standing.c.status, standing.c.due_on, 1, question.day)
    query = (
        select(standing.c.agency_id, standing.c.sex, *figures)
        .where(standing.c.agency_id.in_(subtree_ids([question.agency.id])))
        .group_by(standing.c.agency_id, standing.c.sex)
    )
    child_above = _children_above(question)
    counted: Counted = defaultdict(lambda: defaultdict(lambda: NOBODY))
    for row in db.session.execute(query):
        agency_id, sex, people = row[0], row[1], Figures(*map(int, row[2:]))
        for line_id in {question.agency.id, child_above.get(agency_id, question.agency.id)}:
            counted[line_id][sex] += people
    agencies = select(*_HEAD).where(_is_asked_or_child(question))
    ordered = agencies.order_by(Agency.sort_key, Agency.id)
    return [_Head(*row) for row in db.session.execute(ordered)], counted


def _children_above(question: Question) -> dict[int, int]:
    """Return, for each agency under the asked one, which of its children it belongs to."""
    query = (
        select(AgencyAncestor.agency_id, AgencyAncestor.ancestor_id)
        .join(Agency, Agency.id == AgencyAncestor.ancestor_id)
        .where(Agency.parent_id == question.agency.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _is_asked_or_child(question: Question) -> Any:
    return or_(Agency.id == question.agency.id, Agency.parent_id == question.agency.id)

"""Tallies: counts kept exact in the transaction that changes them, and checked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from sqlalchemy import Select, bindparam, delete, func, literal, select, text, union_all

from courses.events import Cell, EnrolmentsChanged
from courses.models import Enrolment
from lms.agencies.models import AgencyAncestor
from lms.core.db import db, insert
from lms.reports.models import NO_DUE_DATE, Tally

KEY = ("agency_id", "course_id", "period", "audience_key", "sex", "status", "due_on")
TallyKey = tuple[int, int, str, str, str, str, date]
#: Writers go through the cells with the agency last: the many cells of one move then
#: make two runs, one of gains and one of losses.
ORDER = (*KEY[1:], "agency_id")

_table = Tally.__table__


class TallyLostError(RuntimeError):
    """People left a cell that is not there: the tallies no longer tell the truth."""


def apply_changes(event: EnrolmentsChanged) -> None:
    """Move people between cells, in their agency and in every agency above it.

    Cells are written in one order always, so that two writers on PostgreSQL cannot
    wait for each other. Raises TallyLostError, or the database's error for a count
    below 0: a wrong tally is to be seen, not to be hidden.
    """
    rows = _deltas(event)
    for gains, run in groupby(rows, key=lambda row: row["people"] > 0):  # type: ignore[operator]
        (_add if gains else _take)(list(run))


def find_differences() -> list[tuple[TallyKey, int, int]]:
    """Return each cell where the tally differs from the rows: key, tallied, counted.

    One statement, so that people who learn meanwhile make no difference.
    """
    counted, nobody = _counted_enrolments().subquery(), literal(0)
    both = union_all(
        select(
            *(_table.c[name] for name in KEY),
            _table.c.people.label("tallied"),
            nobody.label("counted"),
        ),
        select(*(counted.c[name] for name in KEY), nobody, counted.c.people),
    ).subquery()
    keys = [both.c[name] for name in KEY]
    tallied, counted_people = func.sum(both.c.tallied), func.sum(both.c.counted)
    query = (
        select(*keys, tallied, counted_people)
        .group_by(*keys)
        .having(tallied != counted_people)
        .order_by(*keys)
    )
    return [(tuple(row[:-2]), int(row[-2]), int(row[-1])) for row in db.session.execute(query)]


def rebuild() -> int:
    """Count every tally anew from the enrolments; return how many cells there are."""
    _wait_for_writers()
    db.session.execute(delete(Tally))
    names = (*KEY, "people")
    db.session.execute(_table.insert().from_select(names, _counted_enrolments()))
    return db.session.scalar(select(func.count()).select_from(_table)) or 0


def _deltas(event: EnrolmentsChanged) -> list[dict[str, object]]:
    ancestors = _ancestors_of({cell.agency_id for cell, _people in event.changes})
    deltas: Counter[tuple[object, ...]] = Counter()
    for cell, people in event.changes:
        for agency_id in ancestors[cell.agency_id]:
            deltas[(*_key_in_a_course(cell), agency_id)] += people
    return [
        dict(zip((*ORDER, "people"), (*key, people), strict=True))
        for key, people in sorted(deltas.items())
        if people
    ]


def _ancestors_of(agency_ids: Iterable[int]) -> dict[int, list[int]]:
    ancestors: dict[int, list[int]] = defaultdict(list)
    query = select(AgencyAncestor.agency_id, AgencyAncestor.ancestor_id)
    for agency_id, ancestor_id in db.session.execute(
        query.where(AgencyAncestor.agency_id.in_(sorted(agency_ids)))
    ):
        ancestors[agency_id].append(ancestor_id)
    return ancestors


def _key_in_a_course(cell: Cell) -> tuple[object, ...]:
    return (
        cell.course_id,
        cell.period,
        cell.audience_key,
        cell.sex,
        cell.status,
        cell.due_on or NO_DUE_DATE,
    )


def _add(rows: list[dict[str, object]]) -> None:
    statement = insert(_table)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=list(KEY),
            set_={"people": _table.c.people + statement.excluded.people},
        ),
        rows,
    )


def _take(rows: list[dict[str, object]]) -> None:
    # Not an upsert too: its row of -1 people would fail the CHECK before the conflict.
    statement = (
        _table.update()
        .where(*(_table.c[name] == bindparam(f"of_{name}") for name in KEY))
        .values(people=_table.c.people + bindparam("delta"))
    )
    changes = [
        {"delta": row["people"], **{f"of_{name}": row[name] for name in KEY}} for row in rows
    ]
    done = db.session.execute(statement, changes)
    if done.rowcount != len(rows):  # type: ignore[attr-defined]
        raise TallyLostError("run `tallies verify` to see where, `tallies rebuild` to mend it")


def _counted_enrolments() -> Select[tuple[object, ...]]:
    """Return the SELECT of every cell, counted from the enrolments."""
    # Grouped outside: PostgreSQL does not see that two bound '' in one query are the same.
    held = (
        select(
            AgencyAncestor.ancestor_id.label("agency_id"),
            Enrolment.course_id,
            Enrolment.period,
            func.coalesce(Enrolment.audience_key, "").label("audience_key"),
            func.coalesce(Enrolment.sex, "").label("sex"),
            Enrolment.status,
            func.coalesce(Enrolment.due_on, NO_DUE_DATE, type_=Enrolment.due_on.type).label(
                "due_on"
            ),
        )
        .join(AgencyAncestor, AgencyAncestor.agency_id == Enrolment.agency_id)
        .subquery()
    )
    keys = [held.c[name] for name in KEY]
    return select(*keys, func.count().label("people")).group_by(*keys)


def _wait_for_writers() -> None:
    """Let the writers at work finish and hold the next ones: on SQLite the writer is alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE"))

"""Reads of the tree of agencies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from werkzeug.exceptions import NotFound

from lms.agencies.models import Agency, AgencyAncestor, AgencySuccession
from lms.core.clock import today
from lms.core.db import db
from lms.core.text import fold

SEARCH_LIMIT = 60


@dataclass(frozen=True)
class AgencyNode:
    """An agency in a listing, with how many it has directly under it."""

    id: int
    code: str
    kind: str
    name: str
    valid_from: date
    valid_to: date | None
    children: int
    parent_name: str | None = None


def get_agency(agency_id: int) -> Agency:
    """Return the agency, or answer 404."""
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound
    return agency


def find_by_code(code: str) -> Agency | None:
    """Return the agency with this code."""
    return db.session.scalar(select(Agency).where(Agency.code == code))


def get_root() -> Agency:
    """Return the province as it stands today, or answer 404."""
    root: Agency | None = db.session.scalar(
        select(Agency).where(Agency.parent_id.is_(None), is_open_on(today())).order_by(Agency.id)
    )
    if root is None:
        raise NotFound
    return root


def is_open_on(on: date) -> ColumnElement[bool]:
    """Return the condition that an agency exists on that day."""
    return and_(Agency.valid_from <= on, or_(Agency.valid_to.is_(None), Agency.valid_to > on))


def subtree_ids(roots: Sequence[int]) -> Select[int]:
    """Return the SELECT of the ids of these agencies and all under them."""
    return select(AgencyAncestor.agency_id).where(AgencyAncestor.ancestor_id.in_(roots))


def in_scope(column: ColumnElement[int] | Any, roots: tuple[int, ...] | None) -> Any:
    """Return the condition that a row's agency lies in the viewer's scope.

    The one scope function: roots is what ``viewer.roots(permission)`` returned.
    """
    return True if roots is None else column.in_(subtree_ids(roots))


def is_within(agency_id: int, roots: tuple[int, ...] | None) -> bool:
    """Tell whether an agency lies in the scope."""
    if roots is None:
        return True
    query = subtree_ids(roots).where(AgencyAncestor.agency_id == agency_id)
    return db.session.scalar(query.limit(1)) is not None


def list_ancestors(agency_id: int) -> list[Agency]:
    """Return the agencies above, from the province down, without the agency itself."""
    query = (
        select(Agency)
        .join(AgencyAncestor, AgencyAncestor.ancestor_id == Agency.id)
        .where(AgencyAncestor.agency_id == agency_id, AgencyAncestor.distance > 0)
        .order_by(AgencyAncestor.distance.desc())
    )
    return list(db.session.scalars(query))


def list_children(parent_id: int | None, on: date) -> list[AgencyNode]:
    """Return the agencies directly under one, open on that day, in Vietnamese order."""
    return _list_nodes(Agency.parent_id == parent_id, on)


def list_roots(on: date) -> list[AgencyNode]:
    """Return the agencies at the top of the tree on that day."""
    return _list_nodes(Agency.parent_id.is_(None), on)


def search(text: str, on: date) -> list[AgencyNode]:
    """Return agencies whose names hold every word, with or without diacritics."""
    words = fold(text).split()
    if not words:
        return []
    holds = and_(*(Agency.search.contains(word, autoescape=True) for word in words))
    return _list_nodes(holds, on, limit=SEARCH_LIMIT)


def list_predecessors(agency_id: int) -> list[tuple[AgencySuccession, Agency]]:
    """Return what this agency carries on, with the successions."""
    query = (
        select(AgencySuccession, Agency)
        .join(Agency, Agency.id == AgencySuccession.from_id)
        .where(AgencySuccession.to_id == agency_id)
    )
    rows = db.session.execute(query.order_by(Agency.sort_key))
    return [(succession, agency) for succession, agency in rows]


def list_successors(agency_id: int) -> list[tuple[AgencySuccession, Agency]]:
    """Return what carries this agency on, with the successions."""
    query = (
        select(AgencySuccession, Agency)
        .join(Agency, Agency.id == AgencySuccession.to_id)
        .where(AgencySuccession.from_id == agency_id)
    )
    rows = db.session.execute(query.order_by(Agency.sort_key))
    return [(succession, agency) for succession, agency in rows]


def list_closed(on: date) -> list[AgencyNode]:
    """Return agencies that no longer exist on that day, the latest closed first."""
    closed = and_(Agency.valid_to.is_not(None), Agency.valid_to <= on)
    rows = db.session.execute(_node_query(on).where(closed).order_by(Agency.valid_to.desc()))
    return [AgencyNode(*row) for row in rows]


def whole_tree(on: date) -> list[dict[str, Any]]:
    """Return the nested tree of a day: code, name, kind, children."""
    query = select(Agency.id, Agency.parent_id, Agency.code, Agency.name, Agency.kind)
    rows = db.session.execute(query.where(is_open_on(on)).order_by(Agency.sort_key)).all()
    nodes = {r.id: {"code": r.code, "name": r.name, "kind": r.kind, "children": []} for r in rows}
    tops: list[dict[str, Any]] = []
    for row in rows:
        parent = nodes.get(row.parent_id)
        (parent["children"] if parent else tops).append(nodes[row.id])
    return tops


def options_under(roots: tuple[int, ...] | None, kinds: Iterable[str]) -> list[Agency]:
    """Return open agencies of these kinds in the scope, for a form's choices."""
    query = select(Agency).where(
        is_open_on(today()), Agency.kind.in_(tuple(kinds)), in_scope(Agency.id, roots)
    )
    return list(db.session.scalars(query.order_by(Agency.sort_key)))


def _node_query(on: date) -> Select[Any]:
    child = Agency.__table__.alias("child")
    children = (
        select(func.count())
        .where(
            child.c.parent_id == Agency.id,
            child.c.valid_from <= on,
            or_(child.c.valid_to.is_(None), child.c.valid_to > on),
        )
        .correlate(Agency)
        .scalar_subquery()
    )
    parent = Agency.__table__.alias("parent")
    return select(
        Agency.id,
        Agency.code,
        Agency.kind,
        Agency.name,
        Agency.valid_from,
        Agency.valid_to,
        children,
        parent.c.name,
    ).outerjoin(parent, parent.c.id == Agency.parent_id)


def _list_nodes(condition: Any, on: date, limit: int | None = None) -> list[AgencyNode]:
    query = _node_query(on).where(condition, is_open_on(on)).order_by(Agency.sort_key)
    rows = db.session.execute(query if limit is None else query.limit(limit))
    return [AgencyNode(*row) for row in rows]

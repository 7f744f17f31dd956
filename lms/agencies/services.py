"""Changes to the tree of agencies. Nothing here commits."""

from collections.abc import Iterable
from datetime import date

from vn_collate import collate_key

from lms.agencies.models import Agency, AgencyAncestor, AgencySuccession
from lms.core.db import db
from lms.core.text import fold


def open_agency(  # noqa: PLR0913 - an agency has these facts
    code: str,
    kind: str,
    name: str,
    *,
    parent: Agency | None,
    valid_from: date,
    name_en: str = "",
    short_name: str | None = None,
    aliases: Iterable[str] = (),
    valid_to: date | None = None,
    opened_by: str = "",
    closed_by: str = "",
) -> Agency:
    """Add an agency under its parent and note all its ancestors."""
    aliases = list(aliases)
    agency = Agency(
        code=code,
        kind=kind,
        parent_id=parent.id if parent else None,
        name=name,
        name_en=name_en or name,
        short_name=short_name,
        aliases=aliases,
        search=fold(" ".join(filter(None, [name, short_name, code, *aliases]))),
        sort_key=collate_key(name),
        valid_from=valid_from,
        valid_to=valid_to,
        opened_by=opened_by,
        closed_by=closed_by,
    )
    db.session.add(agency)
    db.session.flush()
    _note_ancestors(agency, parent)
    return agency


def succeed(
    old: Agency, new: Agency, *, on: date, kind: str, decision: str = ""
) -> AgencySuccession:
    """Note that one agency carries another on from a day."""
    succession = AgencySuccession(from_id=old.id, to_id=new.id, on=on, decision=decision, kind=kind)
    db.session.add(succession)
    return succession


def _note_ancestors(agency: Agency, parent: Agency | None) -> None:
    own = AgencyAncestor(ancestor_id=agency.id, agency_id=agency.id, distance=0)
    db.session.add(own)
    if parent is None:
        return
    above = db.session.query(AgencyAncestor).filter_by(agency_id=parent.id)
    db.session.add_all(
        AgencyAncestor(ancestor_id=row.ancestor_id, agency_id=agency.id, distance=row.distance + 1)
        for row in above
    )

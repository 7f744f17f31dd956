"""Granting and ending roles, and closing accounts."""

from datetime import date

from flask_babel import gettext as _

from lms.agencies.models import Agency
from lms.core import audit
from lms.core.access import HR
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.sessions import end_sessions_of
from lms.people.models import Person, RoleGrant


def grant_role(
    person: Person,
    role: str,
    agency: Agency | None,
    *,
    until: date | None = None,
    granted_by_id: int | None = None,
) -> RoleGrant:
    """Give a person a role in an agency's subtree (None: the province) until a day.

    Raises Refused for HR of no agency: HR looks after the people of one.
    """
    if role == HR and agency is None:
        raise Refused(_("Name the agency whose people this HR officer looks after."))
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        agency_id=agency.id if agency else None,
        until=until,
        granted_at=now(),
        granted_by_id=granted_by_id,
    )
    db.session.add(grant)
    end_sessions_of(person.id)
    audit.record(
        "people.role.granted",
        f"person:{person.id}",
        role=role,
        agency=agency.code if agency else None,
        until=until.isoformat() if until else None,
    )
    return grant


def end_role(grant: RoleGrant) -> None:
    """Take a role away at once."""
    db.session.delete(grant)
    end_sessions_of(grant.person_id)
    audit.record("people.role.ended", f"person:{grant.person_id}", role=grant.role)


def deactivate(person: Person) -> None:
    """Close an account; the person's records stay."""
    person.deactivated_at = now()
    end_sessions_of(person.id)
    audit.record("people.deactivated", f"person:{person.id}")

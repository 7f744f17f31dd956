"""Reads about people. Those that list others take the viewer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from werkzeug.exceptions import NotFound

from lms.agencies.models import Agency
from lms.agencies.queries import in_scope
from lms.core.access import Grant, Viewer
from lms.core.clock import today
from lms.core.db import db
from lms.core.text import fold, given_name
from lms.people.models import (
    ActivationCode,
    Audience,
    Membership,
    Person,
    PersonAudience,
    RoleGrant,
)

PAGE_SIZE = 50


@dataclass(frozen=True)
class PersonRow:
    """A person in a listing."""

    id: int
    full_name: str
    sex: str | None
    birth_date: date | None
    birth_year: int | None
    staff_code: str | None
    position: str
    agency: str
    has_signed_up: bool


def find_viewer(person_id: str) -> Viewer | None:
    """Return the active person with today's roles, in one query."""
    grant = RoleGrant.__table__
    query = (
        select(Person.id, Person.full_name, Person.sex, grant.c.role, grant.c.agency_id)
        .outerjoin(
            grant,
            and_(
                grant.c.person_id == Person.id,
                or_(grant.c.until.is_(None), grant.c.until >= today()),
            ),
        )
        .where(Person.id == int(person_id), Person.deactivated_at.is_(None))
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    first = rows[0]
    grants = tuple(Grant(row.role, row.agency_id) for row in rows if row.role)
    return Viewer(first.id, first.full_name, given_name(first.full_name), first.sex, grants)


def find_by_username(username: str) -> Person | None:
    """Return the person with this staff code, e-mail or phone number."""
    name = username.strip()
    if not name:
        return None
    digits = "".join(c for c in name if c.isdigit())
    keys = [Person.staff_code == name.upper(), Person.email == name.lower()]
    if len(digits) >= 9:
        keys.append(Person.phone == digits)
    # Two people could match by different keys; the staff code then counts.
    found = db.session.scalars(select(Person).where(or_(*keys))).all()
    return min(found, key=lambda p: p.staff_code != name.upper(), default=None)


def get_person_for(viewer: Viewer, person_id: int, permission: str = "people.view") -> Person:
    """Return a person in the viewer's scope, or answer 404."""
    held = select(Membership.person_id).where(
        is_current(today()), in_scope(Membership.agency_id, viewer.roots(permission))
    )
    query = select(Person).where(Person.id == person_id)
    if viewer.roots(permission) is not None:
        query = query.where(Person.id.in_(held))
    person: Person | None = db.session.scalar(query)
    if person is None:
        raise NotFound
    return person


def is_current(on: date) -> ColumnElement[bool]:
    """Return the condition that a membership holds on that day."""
    return and_(
        Membership.valid_from <= on, or_(Membership.valid_to.is_(None), Membership.valid_to > on)
    )


def list_people(
    viewer: Viewer, text: str = "", agency_id: int | None = None, page: int = 1
) -> tuple[list[PersonRow], int]:
    """Return a page of the people in scope, by given name, and how many there are."""
    query = (
        select(
            Person.id,
            Person.full_name,
            Person.sex,
            Person.birth_date,
            Person.birth_year,
            Person.staff_code,
            Membership.position,
            Agency.name,
            Person.password_hash.is_not(None),
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(is_current(today()), in_scope(Agency.id, viewer.roots("people.view")))
    )
    for word in fold(text).split():
        query = query.where(Person.search.contains(word, autoescape=True))
    if agency_id is not None:
        query = query.where(in_scope(Agency.id, (agency_id,)))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Person.sort_key, Person.id)
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [PersonRow(*row) for row in rows], total


def list_without_account(viewer: Viewer, agency_id: int | None, limit: int) -> list[Person]:
    """Return people in scope who have not set a password yet, by given name."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            is_current(today()),
            in_scope(Membership.agency_id, viewer.roots("people.activate")),
            Person.password_hash.is_(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.sort_key, Person.id)
    )
    if agency_id is not None:
        query = query.where(in_scope(Membership.agency_id, (agency_id,)))
    return list(db.session.scalars(query.limit(limit)).unique())


def list_memberships(person_id: int) -> list[Membership]:
    """Return a person's posts, the present ones first."""
    query = (
        select(Membership)
        .join(Membership.agency)
        .where(Membership.person_id == person_id)
        .order_by(Membership.valid_to.is_not(None), Membership.valid_from.desc())
    )
    return list(db.session.scalars(query))


def find_agency_of(person_id: int, on: date) -> Agency | None:
    """Return the agency a person belongs to on that day."""
    query = (
        select(Agency)
        .join(Membership, Membership.agency_id == Agency.id)
        .where(Membership.person_id == person_id, is_current(on))
        .order_by(Membership.valid_from.desc(), Membership.id)
    )
    return db.session.scalar(query.limit(1))


def list_audiences() -> list[Audience]:
    """Return every audience in its order."""
    return list(db.session.scalars(select(Audience).order_by(Audience.position)))


def list_audiences_of(person_id: int) -> list[Audience]:
    """Return a person's audiences in their order."""
    query = (
        select(Audience)
        .join(PersonAudience, PersonAudience.audience_key == Audience.key)
        .where(PersonAudience.person_id == person_id)
    )
    return list(db.session.scalars(query.order_by(Audience.position)))


def list_audience_keys_of(person_id: int) -> list[str]:
    """Return the keys of a person's audiences."""
    return [audience.key for audience in list_audiences_of(person_id)]


def list_grants(person_id: int) -> list[RoleGrant]:
    """Return a person's roles, ended ones too."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id)
    return list(db.session.scalars(query))


def find_open_code(code_hash: str) -> ActivationCode | None:
    """Return the unused activation code with this hash."""
    query = select(ActivationCode).where(
        ActivationCode.code_hash == code_hash, ActivationCode.used_at.is_(None)
    )
    return db.session.scalar(query)

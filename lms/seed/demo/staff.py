"""Writes the people of the demo, with their posts, audiences, roles and passwords."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lms.agencies.queries import find_by_code
from lms.core.access import TRAINEE
from lms.core.clock import start_of
from lms.core.db import db
from lms.core.text import fold, name_sort_key
from lms.people.models import Membership, Person, PersonAudience
from lms.people.services.passwords import hash_password
from lms.people.services.roles import grant_role
from lms.seed.accounts import ACCOUNT_IDS, ACCOUNTS, PASSWORD
from lms.seed.demo.people import DemoPerson
from lms.seed.demo.rows import Row, count_on, write
from lms.seed.province.rows import MERGER_ON


def write_people(
    people: Sequence[DemoPerson], learned: set[int], agency_ids: Mapping[str, int]
) -> None:
    """Write people in bulk; those who ``learned`` something have a password.

    The five of the accounts have the demo's password. The others share one that nobody
    knows: hashing one for each would take longer than all the rest.
    """
    created_at = start_of(MERGER_ON)
    unknown = hash_password(secrets.token_urlsafe(32))
    known = hash_password(PASSWORD)
    hashes = {person.id: unknown for person in people if person.id in learned}
    hashes |= dict.fromkeys(ACCOUNT_IDS.values(), known)
    write(
        Person.__table__,
        (_person_row(person, hashes.get(person.id), created_at) for person in people),
    )
    write(Membership.__table__, _membership_rows(people, agency_ids))
    write(
        PersonAudience.__table__,
        (
            {"person_id": person.id, "audience_key": key}
            for person in people
            for key in person.audiences
        ),
    )
    count_on(Person.__table__)


def grant_roles() -> None:
    """Give the five of the accounts their roles; a trainee needs none."""
    for role, account in ACCOUNTS.items():
        if role != TRAINEE:
            person = db.session.get_one(Person, ACCOUNT_IDS[role])
            agency = find_by_code(account.oversees) if account.oversees else None
            grant_role(person, role, agency)


def _person_row(person: DemoPerson, password_hash: str | None, created_at: datetime) -> Row:
    return {
        "id": person.id,
        "staff_code": person.staff_code,
        "full_name": person.full_name,
        "sort_key": name_sort_key(person.full_name),
        "search": fold(f"{person.full_name} {person.staff_code}"),
        "sex": person.sex,
        "birth_date": person.birth_date,
        "birth_year": person.birth_year,
        "email": person.email,
        "phone": person.phone,
        "password_hash": password_hash,
        "created_at": created_at,
        "deactivated_at": None,
    }


def _membership_rows(people: Sequence[DemoPerson], agency_ids: Mapping[str, int]) -> Iterator[Row]:
    for person in people:
        for post in person.posts:
            yield {
                "person_id": person.id,
                "agency_id": agency_ids[post.agency],
                "position": post.position,
                "is_leader": post.is_leader,
                "valid_from": post.valid_from,
                "valid_to": post.valid_to,
            }

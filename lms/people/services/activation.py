"""One-time activation codes: how a person without a mailbox gets a password."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.sessions import end_sessions_of
from lms.people.models import ActivationCode, Person
from lms.people.queries import find_open_code
from lms.people.services import passwords

VALID_FOR = timedelta(days=30)
#: No letters or digits that are mistaken for one another on paper.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 12


@dataclass(frozen=True)
class Letter:
    """What is printed for one person: the code is shown here once and kept nowhere."""

    person: Person
    code: str
    expires_at: datetime


def issue_codes(people: Sequence[Person]) -> list[Letter]:
    """Make a new code for each person; earlier unused ones stop working."""
    ids = [person.id for person in people]
    unused = ActivationCode.used_at.is_(None)
    db.session.execute(delete(ActivationCode).where(ActivationCode.person_id.in_(ids), unused))
    moment = now()
    letters = []
    for person in people:
        code = "".join(secrets.choice(ALPHABET) for _i in range(LENGTH))
        letters.append(Letter(person, _spaced(code), moment + VALID_FOR))
        db.session.add(
            ActivationCode(
                person_id=person.id,
                code_hash=hash_code(code),
                created_at=moment,
                expires_at=moment + VALID_FOR,
            )
        )
        audit.record("people.activation_code.issued", f"person:{person.id}")
    return letters


def find_person(code: str) -> Person:
    """Return whose code it is. Raises Refused when it is unknown, used or too old."""
    return _get_person(_get_code(code))


def activate(code: str, password: str) -> Person:
    """Use the code up and set the person's password."""
    row = _get_code(code)
    person = _get_person(row)
    set_password(person, password)
    row.used_at = now()
    audit.record("people.activated", f"person:{person.id}", person.id)
    return person


def set_password(person: Person, password: str) -> None:
    """Give the person a new password and end their sessions. Raises Refused if weak."""
    passwords.refuse_weak(person, password)
    person.password_hash = passwords.hash_password(password)
    end_sessions_of(person.id)


def change_password(person: Person, old: str, new: str) -> None:
    """Change one's own password. Raises Refused when the old one is wrong."""
    if not passwords.matches(person.password_hash, old):
        raise Refused(_("The present password is not right."))
    set_password(person, new)
    audit.record("people.password.changed", f"person:{person.id}", person.id)


def hash_code(code: str) -> str:
    """Return how a code is stored: spaces, dashes and case do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _get_code(code: str) -> ActivationCode:
    row = find_open_code(hash_code(code))
    if row is None:
        raise Refused(_("This code is not known or was used already. Check it letter by letter."))
    if row.expires_at < now():
        raise Refused(_("This code is too old. Ask the HR officer of your agency for a new one."))
    return row


def _get_person(row: ActivationCode) -> Person:
    person = db.session.get(Person, row.person_id)
    if person is None or person.deactivated_at is not None:
        raise Refused(_("This account is closed. Ask the HR officer of your agency."))
    return person


def _spaced(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))

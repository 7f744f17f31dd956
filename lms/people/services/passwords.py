"""Passwords: Argon2id, long enough, not a known one, not the person's own name or code."""

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from lms.core.errors import Refused
from lms.core.text import fold
from lms.people.models import Person

MIN_LENGTH = 8
MAX_LENGTH = 128
#: OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Verified when there is no such account, so that both answers take as long.
_NOBODY = _hasher.hash("no such account")
#: Words of this product and place that a guesser tries first.
CONTEXT_WORDS = ("bacninh", "binhdanggioi", "hocbinhdang", "matkhau", "password", "bacgiang")


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether the password is the one; takes as long when there is no account."""
    try:
        found = _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return found and password_hash is not None


def hash_password(password: str) -> str:
    """Return the Argon2id hash to store."""
    return _hasher.hash(password)


def refuse_weak(person: Person, password: str) -> None:
    """Raise Refused, with what to do, when the password would be easy to guess."""
    if len(password) < MIN_LENGTH:
        raise Refused(_("Choose a password of at least %(n)s characters.", n=MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        raise Refused(_("Choose a password of at most %(n)s characters.", n=MAX_LENGTH))
    plain = fold(password).replace(" ", "")
    if plain in _common_passwords() or _is_monotonous(plain):
        raise Refused(_("This password is among the first that are tried. Choose another."))
    if any(own in plain or plain in own for own in _own_words(person)):
        raise Refused(
            _("Choose a password without your name, birth date, codes or the product's name.")
        )


def _own_words(person: Person) -> list[str]:
    words = list(CONTEXT_WORDS)
    words += [fold(value).replace(" ", "") for value in (person.full_name,) if value]
    words += [value.lower() for value in (person.staff_code, person.phone) if value]
    if person.email:
        words.append(person.email.partition("@")[0])
    if person.birth_date:
        words += [person.birth_date.strftime(form) for form in ("%d%m%Y", "%d%m%y", "%Y%m%d")]
    return [word for word in words if len(word) >= 4]


def _is_monotonous(plain: str) -> bool:
    """Tell whether it is one character repeated or a run like 12345678 or abcdefgh."""
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    return len(steps) <= 1 and steps <= {0, 1, -1}


@lru_cache
def _common_passwords() -> frozenset[str]:
    path = Path(__file__).with_name("common_passwords.txt")
    return frozenset(path.read_text().split())

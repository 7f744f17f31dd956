"""Who is known already: the people and agencies that a roster's rows are held against."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from lms.agencies.models import Agency
from lms.agencies.queries import subtree_ids
from lms.core.clock import today
from lms.core.db import db
from lms.core.text import fold
from lms.people.models import Audience, Membership, Person
from lms.people.queries import is_current
from lms.people.roster.matching import AgencyIndex, AgencyName
from lms.people.roster.roster import RosterRow

#: Values bound to one SELECT … IN (…).
CHUNK = 5000
NameAndBirth = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the register has them, with the present post."""

    id: int
    staff_code: str | None
    full_name: str
    sex: str | None
    birth_date: date | None
    birth_year: int | None
    email: str | None
    phone: str | None
    membership_id: int | None
    agency_id: int | None
    position: str | None


class KnownPeople:
    """Finds the person that a row means: by staff code, else by name with birth, e-mail or phone."""

    def __init__(self, agency_id: int, rows: Sequence[RosterRow]) -> None:
        self._by_code: dict[str, KnownPerson] = {}
        self._by_email: dict[str, KnownPerson] = {}
        self._by_phone: dict[str, KnownPerson] = {}
        self._here: dict[NameAndBirth, list[KnownPerson]] = defaultdict(list)
        self.members: dict[int, KnownPerson] = {}
        for person in _read_members(agency_id):
            self.members[person.id] = person
            self._here[_name_and_birth(person)].append(person)
            self._index(person)
        for person in _read_by_keys(rows):
            self._index(person)

    def find_by_code(self, code: str) -> KnownPerson | None:
        """Return whose staff code it is."""
        return self._by_code.get(code)

    def find_here(self, row: RosterRow) -> list[KnownPerson]:
        """Return the members with this name who share the birth, e-mail or phone too.

        A name alone never makes two people one.
        """
        if row.birth_year is not None:
            found = self._here.get(_name_and_birth(row), [])
            return [p for p in found if _births_agree(p, row) and _codes_agree(p, row)]
        same = [self._by_email.get(row.email or ""), self._by_phone.get(row.phone or "")]
        return [p for p in same if p is not None and fold(p.full_name) == fold(row.full_name)][:1]

    def holder_of_email(self, email: str) -> KnownPerson | None:
        """Return who has this e-mail address."""
        return self._by_email.get(email)

    def holder_of_phone(self, phone: str) -> KnownPerson | None:
        """Return who has this phone number."""
        return self._by_phone.get(phone)

    def _index(self, person: KnownPerson) -> None:
        if person.staff_code:
            self._by_code[person.staff_code] = person
        if person.email:
            self._by_email[person.email] = person
        if person.phone:
            self._by_phone[person.phone] = person


class KnownAgencies:
    """Resolves agencies as rosters write them, within the importing agency's subtree."""

    def __init__(self, agency_id: int) -> None:
        agencies = db.session.execute(
            select(
                Agency.id,
                Agency.code,
                Agency.kind,
                Agency.name,
                Agency.short_name,
                Agency.aliases,
                Agency.valid_from,
                Agency.valid_to,
            )
        ).all()
        self._within = set(db.session.scalars(subtree_ids([agency_id])))
        self.kinds = {row.id: row.kind for row in agencies}
        self.names = {row.id: row.name for row in agencies}
        self._all = AgencyIndex(_name(row) for row in agencies)
        self._own = AgencyIndex(_name(row) for row in agencies if row.id in self._within)

    def resolve(self, text: str, kinds: frozenset[str]) -> tuple[int | None, str]:
        """Return the agency's id and '', or None and why: unknown, ambiguous, closed, outside."""
        match = self._own.resolve(text, kinds)
        if match.state == "found" and isinstance(match.id, int):
            return match.id, ""
        if match.state == "ambiguous":
            return None, "agency_ambiguous"
        elsewhere = self._all.resolve(text, kinds)
        if elsewhere.state == "found":
            return None, "agency_outside"
        return None, "agency_closed" if elsewhere.state == "closed" else "agency_unknown"

    def suggest(self, text: str) -> str:
        """Return the names most like the text, the nearest first."""
        return "; ".join(suggestion.name for suggestion in self._own.suggest(text))


def audience_keys() -> dict[str, str]:
    """Return the key of each audience by its folded name and key."""
    keys = {}
    for key, name in db.session.execute(select(Audience.key, Audience.name)):
        keys[fold(name)] = keys[key] = key
    return keys


def _name(row) -> AgencyName:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a result row
    on = today()
    is_open = row.valid_from <= on and (row.valid_to is None or row.valid_to > on)
    return AgencyName(
        row.id, row.code, row.kind, row.name, row.short_name, tuple(row.aliases), is_open
    )


def _person_query():  # type: ignore[no-untyped-def]  # noqa: ANN202 - a SELECT
    return select(
        Person.id,
        Person.staff_code,
        Person.full_name,
        Person.sex,
        Person.birth_date,
        Person.birth_year,
        Person.email,
        Person.phone,
        Membership.id,
        Membership.agency_id,
        Membership.position,
    ).outerjoin(Membership, (Membership.person_id == Person.id) & is_current(today()))


def _read_members(agency_id: int) -> Iterable[KnownPerson]:
    query = _person_query().where(Membership.agency_id.in_(subtree_ids([agency_id])))
    return (KnownPerson(*row) for row in db.session.execute(query))


def _read_by_keys(rows: Sequence[RosterRow]) -> Iterable[KnownPerson]:
    """Read whoever holds a code, e-mail or phone of the file, wherever they belong."""
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        holds = or_(
            Person.staff_code.in_([row.staff_code for row in part if row.staff_code]),
            Person.email.in_([row.email for row in part if row.email]),
            Person.phone.in_([row.phone for row in part if row.phone]),
        )
        for row in db.session.execute(_person_query().where(holds)):
            yield KnownPerson(*row)


def _name_and_birth(person: KnownPerson | RosterRow) -> NameAndBirth:
    year = person.birth_year or (person.birth_date.year if person.birth_date else None)
    return fold(person.full_name), str(year)


def _births_agree(person: KnownPerson, row: RosterRow) -> bool:
    """Tell whether the births can be one: the same date, or the same year where one has no more."""
    if person.birth_date and row.birth_date:
        return person.birth_date == row.birth_date
    return True


def _codes_agree(person: KnownPerson, row: RosterRow) -> bool:
    return not (person.staff_code and row.staff_code) or person.staff_code == row.staff_code

"""The plan of an import: a verdict for every row, before anything is changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from lms.core.clock import today
from lms.core.text import fold
from lms.people.models import RosterBatch
from lms.people.roster.reading import read_roster
from lms.people.roster.reasons import REASONS
from lms.people.roster.roster import Roster, RosterRow, Trouble
from lms.people.services.roster.known import (
    KnownAgencies,
    KnownPeople,
    KnownPerson,
    audience_keys,
)

NEW, CHANGED, MOVED, UNCHANGED = "new", "changed", "moved", "unchanged"
#: What a roster may change of a person it finds.
FACTS = ("staff_code", "full_name", "sex", "birth_date", "birth_year", "email", "phone")


@dataclass(frozen=True)
class RowTrouble:
    """A trouble as people read it: row, column, sentence; an error keeps the row out."""

    row: int
    column: str
    code: str
    reason: str
    is_error: bool


@dataclass(frozen=True)
class Verdict:
    """What one sound row would do."""

    row: int
    kind: str
    full_name: str
    agency_id: int
    agency_name: str
    position: str
    audience_key: str
    person: KnownPerson | None
    #: The facts that would be written.
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A whole import as it would be applied now."""

    roster: Roster
    verdicts: list[Verdict]
    troubles: list[RowTrouble]
    #: Names of present members of the file's agencies who are not in the file.
    left: list[str]

    @property
    def errors(self) -> list[RowTrouble]:
        """Return the troubles that keep rows out."""
        return [trouble for trouble in self.troubles if trouble.is_error]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows fall under each verdict."""
        kinds = Counter(verdict.kind for verdict in self.verdicts)
        counts = {kind: kinds[kind] for kind in (NEW, CHANGED, MOVED, UNCHANGED)}
        return {**counts, "left": len(self.left), "errors": len({t.row for t in self.errors})}


def plan_import(batch: RosterBatch, data: bytes) -> Plan:
    """Read a batch's file and say what each row would do.

    Raises RosterError or TableError when the file is no roster at all.
    """
    roster = read_roster(data, batch.filename, today=today())
    return _Planner(batch.agency_id, roster).plan()


class _Planner:
    def __init__(self, agency_id: int, roster: Roster) -> None:
        self.agency_id = agency_id
        self.roster = roster
        self.agencies = KnownAgencies(agency_id)
        self.people = KnownPeople(agency_id, roster.rows)
        self.audiences = audience_keys()
        self.troubles = [_read_trouble(trouble) for trouble in roster.troubles]
        self._met: dict[int, int] = {}

    def plan(self) -> Plan:
        verdicts = [v for row in self.roster.sound_rows for v in self._judge(row)]
        left = self._list_left(verdicts)
        troubles = sorted(self.troubles, key=lambda trouble: trouble.row)
        return Plan(self.roster, verdicts, troubles, left)

    def _judge(self, row: RosterRow) -> Iterator[Verdict]:
        agency_id = self._resolve_agency(row)
        if agency_id is None:
            return
        person, conflict = self._find_person(row)
        if conflict:
            self._refuse(row, "full_name", conflict, value=row.full_name)
            return
        if person is not None and person.id in self._met:
            other = self._met[person.id]
            self._refuse(row, "full_name", "person_twice", value=row.full_name, other_row=other)
            return
        if person is not None:
            self._met[person.id] = row.row
        facts = self._facts(row, person)
        yield Verdict(
            row=row.row,
            kind=_kind(person, facts, agency_id, row.position),
            full_name=row.full_name,
            agency_id=agency_id,
            agency_name=self.agencies.names[agency_id],
            position=row.position,
            audience_key=self._audience(row, agency_id),
            person=person,
            facts=facts,
        )

    def _resolve_agency(self, row: RosterRow) -> int | None:
        if not row.agency_text:
            return self.agency_id
        agency_id, why = self.agencies.resolve(row.agency_text, self.roster.agency_kinds)
        if agency_id is None:
            near = self.agencies.suggest(row.agency_text)
            self._refuse(row, "agency", why, value=row.agency_text, near=near)
        return agency_id

    def _find_person(self, row: RosterRow) -> tuple[KnownPerson | None, str]:
        """Return the person a row means and '', or None and the conflict."""
        holder = self.people.find_by_code(row.staff_code) if row.staff_code else None
        if holder is not None:
            return (holder, "") if _could_be(holder, row) else (None, "code_of_another")
        found = self.people.find_here(row)
        if len(found) > 1:
            return None, "person_ambiguous"
        return (found[0] if found else None), ""

    def _facts(self, row: RosterRow, person: KnownPerson | None) -> dict[str, Any]:
        """Return what the row tells that differs from what is known."""
        told = {name: getattr(row, name) for name in FACTS if getattr(row, name) is not None}
        for name, holder_of in (
            ("email", self.people.holder_of_email),
            ("phone", self.people.holder_of_phone),
        ):
            holder = holder_of(told[name]) if name in told else None
            if holder is not None and (person is None or holder.id != person.id):
                self._warn(row, name, f"{name}_taken", value=told.pop(name))
        if person is None:
            return told
        return {name: value for name, value in told.items() if getattr(person, name) != value}

    def _audience(self, row: RosterRow, agency_id: int) -> str:
        told = self.audiences.get(fold(row.audience_text)) if row.audience_text else None
        return told or ("teacher" if self.agencies.kinds[agency_id] == "school" else "official")

    def _list_left(self, verdicts: Sequence[Verdict]) -> list[str]:
        here = {verdict.agency_id for verdict in verdicts}
        return [
            person.full_name
            for person in self.people.members.values()
            if person.agency_id in here and person.id not in self._met
        ]

    def _refuse(self, row: RosterRow, name: str, code: str, **values: object) -> None:
        self._note(row, name, code, values, is_error=True)

    def _warn(self, row: RosterRow, name: str, code: str, **values: object) -> None:
        self._note(row, name, code, values, is_error=False)

    def _note(
        self, row: RosterRow, name: str, code: str, values: dict[str, object], *, is_error: bool
    ) -> None:
        header = next((c.header for c in self.roster.columns if c.field == name), "")
        sentence = _sentences()[code].format(**{"near": "", "other_row": "", **values})
        self.troubles.append(RowTrouble(row.row, header, code, sentence, is_error))


def _kind(person: KnownPerson | None, facts: dict[str, Any], agency_id: int, position: str) -> str:
    if person is None:
        return NEW
    if person.agency_id != agency_id:
        return MOVED
    return CHANGED if facts or (position and position != person.position) else UNCHANGED


def _could_be(person: KnownPerson, row: RosterRow) -> bool:
    """Tell whether the holder of a code can be the person in the row: name or birth agrees."""
    same_name = fold(person.full_name) == fold(row.full_name)
    same_birth = row.birth_date is not None and person.birth_date == row.birth_date
    return same_name or same_birth


def _read_trouble(trouble: Trouble) -> RowTrouble:
    sentence = _(REASONS[trouble.reason]).format(**trouble.values)
    is_error = trouble.severity == "error"
    return RowTrouble(trouble.row, trouble.column, trouble.reason, sentence, is_error)


def _sentences() -> dict[str, str]:
    return {
        "agency_unknown": _("No agency of yours is called “{value}”. Nearest: {near}."),
        "agency_ambiguous": _(
            "“{value}” may be several agencies. Write its kind too: xã, phường, trường … ({near})."
        ),
        "agency_outside": _("“{value}” does not belong to the agency you import for."),
        "agency_closed": _("“{value}” has been closed. Write the agency that carries it on."),
        "code_of_another": _(
            "The staff code belongs to someone with another name and birth than “{value}”."
        ),
        "person_ambiguous": _("Several people match “{value}”. Add the staff code."),
        "person_twice": _("Row {other_row} is the same person: “{value}”."),
        "email_taken": _("The e-mail address {value} is someone else's and was left out."),
        "phone_taken": _("The phone number {value} is someone else's and was left out."),
    }

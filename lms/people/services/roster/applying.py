"""Keeping, previewing and applying a roster batch: whole or not at all."""

import secrets
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import insert, update

from lms.agencies.models import Agency
from lms.core import audit, storage
from lms.core.clock import now, today
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.tables import TableError
from lms.core.text import fold, name_sort_key
from lms.people.models import (
    Membership,
    Person,
    PersonAudience,
    RosterBatch,
    RosterChange,
)
from lms.people.roster.reasons import REASONS
from lms.people.services.roster.planning import (
    CHANGED,
    MOVED,
    NEW,
    Plan,
    Verdict,
    plan_import,
)

CHUNK = 2000


def keep_file(agency: Agency, filename: str, data: bytes) -> RosterBatch:
    """Keep an uploaded roster and return its batch, not yet applied."""
    key = f"rosters/{secrets.token_hex(16)}"
    storage.put(key, data)
    batch = RosterBatch(
        agency_id=agency.id,
        filename=filename[:200],
        storage_key=key,
        created_at=now(),
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def preview(batch: RosterBatch) -> Plan:
    """Return what the batch would do now. Raises Refused when the file is no roster."""
    try:
        plan = plan_import(batch, storage.get(batch.storage_key))
    except TableError as error:
        raise Refused(_(REASONS[error.code]).format(**error.values)) from error
    batch.counts = plan.counts
    return plan


def apply_batch(batch: RosterBatch, *, skip_refused: bool = False) -> Plan:
    """Apply a batch in this transaction: every sound row, or nothing.

    Raises Refused when it was applied before, or has refused rows and they are not to
    be skipped.
    """
    if batch.state != "previewed":
        raise Refused(_("This roster was applied already."), 409)
    plan = preview(batch)
    if plan.errors and not skip_refused:
        raise Refused(
            ngettext(
                "%(num)s row is refused; nothing was imported. Mend it and import again.",
                "%(num)s rows are refused; nothing was imported. Mend them and import again.",
                plan.counts["errors"],
            )
        )
    for start in range(0, len(plan.verdicts), CHUNK):
        _apply(batch, plan.verdicts[start : start + CHUNK])
    batch.state, batch.applied_at = "applied", now()
    audit.record("people.roster.applied", f"roster_batch:{batch.id}", **plan.counts)
    return plan


def _apply(batch: RosterBatch, verdicts: list[Verdict]) -> None:
    _add_new(batch, [v for v in verdicts if v.kind == NEW])
    _change(batch, [v for v in verdicts if v.kind in (CHANGED, MOVED)])


def _add_new(batch: RosterBatch, verdicts: list[Verdict]) -> None:
    if not verdicts:
        return
    moment = now()
    rows = [_person_row(verdict, moment) for verdict in verdicts]
    ids = db.session.scalars(
        insert(Person).returning(Person.id, sort_by_parameter_order=True), rows
    )
    pairs = list(zip(ids.all(), verdicts, strict=True))
    db.session.execute(
        insert(Membership), [_membership_row(person_id, v) for person_id, v in pairs]
    )
    db.session.execute(
        insert(PersonAudience),
        [{"person_id": person_id, "audience_key": v.audience_key} for person_id, v in pairs],
    )
    db.session.execute(
        insert(RosterChange),
        [
            _change_row(batch, v, person_id, {}, {"agency_id": v.agency_id})
            for person_id, v in pairs
        ],
    )


def _change(batch: RosterBatch, verdicts: list[Verdict]) -> None:
    notes = []
    for verdict in verdicts:
        person = verdict.person
        assert person is not None
        before: dict[str, Any] = {name: _plain(getattr(person, name)) for name in verdict.facts}
        if verdict.facts:
            db.session.execute(
                update(Person)
                .where(Person.id == person.id)
                .values(**with_keys(verdict.facts, person))
            )
        before |= _post(verdict, person.membership_id, person.agency_id, person.position)
        after = {name: _plain(value) for name, value in verdict.facts.items()}
        notes.append(_change_row(batch, verdict, person.id, before, after))
    if notes:
        db.session.execute(insert(RosterChange), notes)


def _post(
    verdict: Verdict, membership_id: int | None, agency_id: int | None, position: str | None
) -> dict[str, Any]:
    """Move the person's post or rename it; return what it was."""
    assert verdict.person is not None
    if agency_id != verdict.agency_id:
        if membership_id is not None:
            end_membership(membership_id, today())
        db.session.execute(insert(Membership), [_membership_row(verdict.person.id, verdict)])
        return {"membership_id": membership_id, "agency_id": agency_id}
    if verdict.position and verdict.position != position:
        db.session.execute(
            update(Membership)
            .where(Membership.id == membership_id)
            .values(position=verdict.position)
        )
        return {"membership_id": membership_id, "position": position}
    return {}


def end_membership(membership_id: int, on: date | None) -> None:
    """End a post on a day; None takes its end back."""
    db.session.execute(update(Membership).where(Membership.id == membership_id).values(valid_to=on))


def _person_row(verdict: Verdict, moment: Any) -> dict[str, Any]:
    facts = {
        **dict.fromkeys(("staff_code", "sex", "birth_date", "birth_year", "email", "phone")),
        **verdict.facts,
    }
    return {
        **facts,
        "full_name": verdict.full_name,
        "sort_key": name_sort_key(verdict.full_name),
        "search": fold(f"{verdict.full_name} {facts['staff_code'] or ''}"),
        "created_at": moment,
    }


def with_keys(facts: dict[str, Any], person: Any) -> dict[str, Any]:
    """Return the facts with the search and sort keys that follow from them."""
    name = facts.get("full_name", person.full_name)
    code = facts.get("staff_code", person.staff_code)
    keys = {"sort_key": name_sort_key(name), "search": fold(f"{name} {code or ''}")}
    return {**facts, **keys}


def _membership_row(person_id: int, verdict: Verdict) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "agency_id": verdict.agency_id,
        "position": verdict.position,
        "is_leader": False,
        "valid_from": today(),
    }


def _change_row(
    batch: RosterBatch,
    verdict: Verdict,
    person_id: int,
    before: dict[str, Any],
    after: dict[str, Any],
) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "row": verdict.row,
        "person_id": person_id,
        "kind": verdict.kind,
        "before": before,
        "after": after,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

"""Taking a roster batch back: whole or not at all."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import (
    ActivationCode,
    Membership,
    Person,
    PersonAudience,
    RosterBatch,
    RosterChange,
)
from lms.people.services.roster.applying import CHUNK, end_membership, with_keys
from lms.people.services.roster.planning import NEW


def undo_batch(batch: RosterBatch) -> int:
    """Take back what a batch did; return how many changes that were.

    Raises Refused when it is not applied or someone it brought has begun to learn.
    """
    if batch.state != "applied":
        raise Refused(_("Only an applied roster can be undone."), 409)
    changes = db.session.scalars(
        select(RosterChange).where(RosterChange.batch_id == batch.id).order_by(RosterChange.id)
    ).all()
    for change in reversed(changes):
        if change.kind != NEW:
            _restore(change)
    _delete_new([change.person_id for change in changes if change.kind == NEW], batch)
    batch.state, batch.undone_at = "undone", now()
    audit.record("people.roster.undone", f"roster_batch:{batch.id}", changes=len(changes))
    return len(changes)


def _restore(change: RosterChange) -> None:
    before = dict(change.before)
    membership_id, moved = before.pop("membership_id", None), "agency_id" in before
    if moved:
        before.pop("agency_id")
        db.session.execute(
            delete(Membership).where(
                Membership.person_id == change.person_id,
                Membership.valid_to.is_(None),
                Membership.id != (membership_id or 0),
            )
        )
        if membership_id is not None:
            end_membership(membership_id, None)
    elif membership_id is not None:
        position = before.pop("position")
        db.session.execute(
            update(Membership).where(Membership.id == membership_id).values(position=position)
        )
    if before:
        person = db.session.get_one(Person, change.person_id)
        if before.get("birth_date"):
            before["birth_date"] = date.fromisoformat(before["birth_date"])
        for name, value in with_keys(before, person).items():
            setattr(person, name, value)


def _delete_new(person_ids: list[int], batch: RosterBatch) -> None:
    """Delete the people a batch brought, unless something of theirs must be kept."""
    db.session.execute(delete(RosterChange).where(RosterChange.batch_id == batch.id))
    for start in range(0, len(person_ids), CHUNK):
        ids = person_ids[start : start + CHUNK]
        if _any_used(ids):
            raise _in_use()
        _delete_people(ids)


def _delete_people(ids: list[int]) -> None:
    try:
        for model in (Membership, PersonAudience, ActivationCode):
            db.session.execute(delete(model).where(model.person_id.in_(ids)))
        db.session.execute(delete(Person).where(Person.id.in_(ids)))
    except IntegrityError as error:
        # Features above this one may hold records of a person, which the keys protect.
        raise _in_use() from error


def _any_used(person_ids: list[int]) -> bool:
    """Tell whether one of the people has signed up: from then on records may point to them."""
    query = select(Person.id).where(Person.id.in_(person_ids), Person.password_hash.is_not(None))
    return db.session.scalar(query.limit(1)) is not None


def _in_use() -> Refused:
    return Refused(
        _("Someone of this roster has an account or a course already; it cannot be undone."), 409
    )

"""People, where they belong, what they may do, and how they sign in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency
from lms.core.access import ROLES
from lms.core.db import BinaryText, UTCDateTime, db

BATCH_STATES = ("previewed", "applied", "undone")


class Audience(db.Model):  # type: ignore[name-defined,misc]
    """A group that training is meant for: officials, collaborators, teachers."""

    __tablename__ = "audience"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]


class Person(db.Model):  # type: ignore[name-defined,misc]
    """A trainee, and perhaps more. Homonyms are different rows."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_code: Mapped[str | None] = mapped_column(unique=True)
    #: As written in the register: họ, đệm, tên; NFC.
    full_name: Mapped[str]
    #: By tên, then họ, then đệm.
    sort_key: Mapped[str] = mapped_column(BinaryText)
    #: Folded name and codes for search without diacritics.
    search: Mapped[str]
    sex: Mapped[str | None]
    birth_date: Mapped[date | None]
    #: Some people know only the year; no date is invented for them.
    birth_year: Mapped[int | None]
    email: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")

    __table_args__ = (
        CheckConstraint("sex IN ('F', 'M')", "known_sex"),
        CheckConstraint("full_name <> ''", "has_a_name"),
        Index("ix_person_sort_key", "sort_key"),
    )


class Membership(db.Model):  # type: ignore[name-defined,misc]
    """A person's post in an agency, from a day to a day."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    position: Mapped[str] = mapped_column(default="")
    is_leader: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    #: The first day on which the person no longer holds the post.
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    agency: Mapped[Agency] = relationship()

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", "ends_after_start"),
        Index("ix_membership_person_id", "person_id"),
        Index("ix_membership_agency_id", "agency_id", "valid_to"),
    )


class PersonAudience(db.Model):  # type: ignore[name-defined,misc]
    """A person belongs to an audience."""

    __tablename__ = "person_audience"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    audience_key: Mapped[str] = mapped_column(
        ForeignKey("audience.key"), primary_key=True, index=True
    )


class RoleGrant(db.Model):  # type: ignore[name-defined,misc]
    """A role, held in one agency's subtree or the whole province, until a day."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    #: None: the whole province.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    #: The last day on which it holds.
    until: Mapped[date | None]
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    agency: Mapped[Agency | None] = relationship()

    __table_args__ = (
        CheckConstraint(f"role IN {ROLES[1:]}", "known_role"),
        CheckConstraint("role <> 'hr' OR agency_id IS NOT NULL", "hr_has_an_agency"),
    )


class ActivationCode(db.Model):  # type: ignore[name-defined,misc]
    """A one-time code with which a person sets a password."""

    __tablename__ = "activation_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignInFailure(db.Model):  # type: ignore[name-defined,misc]
    """A failed try, counted against the account and the address it came from."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Hash of what was typed as the user name: it may be anything, even a password.
    account_hash: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index("ix_sign_in_failure_account_hash", "account_hash", "at"),
        Index("ix_sign_in_failure_address", "address", "at"),
    )


class RosterBatch(db.Model):  # type: ignore[name-defined,misc]
    """One roster file that an agency sent, previewed, applied and perhaps undone."""

    __tablename__ = "roster_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    filename: Mapped[str]
    storage_key: Mapped[str]
    state: Mapped[str] = mapped_column(default="previewed")
    #: new, changed, moved, left, unchanged, errors.
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    agency: Mapped[Agency] = relationship()

    __table_args__ = (
        CheckConstraint(f"state IN {BATCH_STATES}", "known_state"),
        CheckConstraint("(state = 'previewed') = (applied_at IS NULL)", "applied_at_is_set"),
    )


class RosterChange(db.Model):  # type: ignore[name-defined,misc]
    """What one row of a batch did to one person, enough to take it back."""

    __tablename__ = "roster_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("roster_batch.id"))
    row: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: new, changed or moved.
    kind: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("batch_id", "row", "kind"),)

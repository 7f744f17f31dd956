"""Agencies and what became of them.

An agency row is one name in one place for one stretch of time. A rename or a move
closes the row and opens another, joined by a succession, so the path of a row never
changes and "as of" questions need no history table.
"""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import BinaryText, db

KINDS = (
    "province",
    "department",
    "party_body",
    "mass_organisation",
    "agency",
    "district",
    "commune",
    "ward",
    "commune_office",
    "school",
    "unit",
)
SUCCESSION_KINDS = ("merge", "split", "rename", "move")


class Agency(db.Model):  # type: ignore[name-defined,misc]
    """An organisation that people belong to, with the dates of its life."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The official code where there is one; a bare name never identifies an agency.
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    name_en: Mapped[str]
    short_name: Mapped[str | None]
    #: Other spellings that rosters use for it.
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Folded names for search without diacritics.
    search: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BinaryText)
    valid_from: Mapped[date]
    #: The first day on which it no longer exists; None while it does.
    valid_to: Mapped[date | None]
    #: The decisions that opened and closed it, as cited.
    opened_by: Mapped[str] = mapped_column(default="")
    closed_by: Mapped[str] = mapped_column(default="")

    parent: Mapped["Agency | None"] = relationship(remote_side="Agency.id")

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", "closed_after_opened"),
        CheckConstraint(f"kind IN {KINDS}", "known_kind"),
        Index("ix_agency_sort_key", "sort_key"),
    )

    def is_open(self, on: date) -> bool:
        """Tell whether the agency exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class AgencyAncestor(db.Model):  # type: ignore[name-defined,misc]
    """Every agency with each of its ancestors and itself (distance 0)."""

    __tablename__ = "agency_ancestor"

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    distance: Mapped[int]

    __table_args__ = (
        CheckConstraint(
            "(distance = 0) = (ancestor_id = agency_id)", "own_ancestor_at_distance_zero"
        ),
    )


class AgencySuccession(db.Model):  # type: ignore[name-defined,misc]
    """One agency carried on by another from a day on."""

    __tablename__ = "agency_succession"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    on: Mapped[date]
    decision: Mapped[str]
    kind: Mapped[str]

    __table_args__ = (
        UniqueConstraint("from_id", "to_id", "on"),
        CheckConstraint("from_id <> to_id", "succeeds_another"),
        CheckConstraint(f"kind IN {SUCCESSION_KINDS}", "known_kind"),
    )

"""Practical exercises: handed in, marked by a rubric, handed back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import UTCDateTime, db

HAND_IN_STATES = ("handed_in", "returned", "accepted")


class HandIn(db.Model):  # type: ignore[name-defined,misc]
    """One piece of work as it was handed in; a second try is another row."""

    __tablename__ = "hand_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    number: Mapped[int]
    #: What the learner wrote to the trainer.
    note: Mapped[str] = mapped_column(Text, default="")
    filename: Mapped[str]
    sha256: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    handed_in_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(default="handed_in")
    #: The rubric as it was when marked, with the level and comment given to each criterion.
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    points: Mapped[float | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", "number"),
        CheckConstraint(f"state IN {HAND_IN_STATES}", "known_state"),
        CheckConstraint("(state = 'handed_in') = (marked_at IS NULL)", "marked_at_is_set"),
        Index(
            "ix_hand_in_unmarked",
            "handed_in_at",
            sqlite_where=(state == "handed_in"),
            postgresql_where=(state == "handed_in"),
        ),
    )

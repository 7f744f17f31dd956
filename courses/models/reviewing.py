"""How a draft came to be: who saved what, who let it pass."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import UTCDateTime, db


class LessonVersion(db.Model):  # type: ignore[name-defined,misc]
    """A lesson's text as it once was. It belongs to the course: drafts come and go."""

    __tablename__ = "lesson_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    lesson_key: Mapped[str]
    #: Counts a lesson's versions through all revisions of its course, from 1.
    number: Mapped[int]
    title: Mapped[str]
    source: Mapped[str] = mapped_column(Text)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When its first words were saved: what the page saves within minutes becomes one row.
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Saved by the page itself while its writer went on.
    autosaved: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("course_id", "lesson_key", "number"),)


class Review(db.Model):  # type: ignore[name-defined,misc]
    """A draft put before a second person, and what they decided."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    #: Number of the revision; the draft itself may be thrown away later.
    revision_number: Mapped[int]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: None until it is decided, or when it was taken back.
    approved: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("approved IS NULL OR decided_at IS NOT NULL", "decision_has_its_time"),
        CheckConstraint(
            "decided_by_id IS NULL OR asked_by_id IS NULL OR approved IS NOT TRUE"
            " OR decided_by_id <> asked_by_id",
            "approved_by_another",
        ),
        Index("ix_review_course_id", "course_id", "id"),
        Index(
            "uq_review_one_open",
            "course_id",
            unique=True,
            sqlite_where=(decided_at.is_(None)),
            postgresql_where=(decided_at.is_(None)),
        ),
    )

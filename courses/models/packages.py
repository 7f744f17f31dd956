"""Packages of other systems (SCORM, H5P): their files, and what learners do in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import UTCDateTime, db

STANDARDS = ("scorm12", "scorm2004", "h5p")


class Package(db.Model):  # type: ignore[name-defined,misc]
    """A package unpacked: its files lie in the storage under the hash of its zip."""

    __tablename__ = "package"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    #: Names of all files with their sizes, so that no other is ever asked of the storage.
    files: Mapped[dict[str, int]] = mapped_column(JSON)
    unpacked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why it cannot be unpacked: a key of lms.core.archives.MESSAGES.
    fault: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PackageAttempt(db.Model):  # type: ignore[name-defined,misc]
    """One learner's run through a package lesson, closed and resumed as often as they like."""

    __tablename__ = "package_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    number: Mapped[int]
    #: What the package asked to keep: its CMI data, or H5P's content state.
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Counts commits; an older one never overwrites a newer.
    sequence: Mapped[int] = mapped_column(default=0)
    #: The browser tab that sent the last one: another goes on only from what it last read.
    run: Mapped[str] = mapped_column(default="")
    completed: Mapped[bool] = mapped_column(default=False)
    #: None: the package says nothing about it.
    passed: Mapped[bool | None]
    #: From 0 to 1, as the package reports it.
    score: Mapped[float | None]
    seconds: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def is_finished(self) -> bool:
        """Tell whether the package says that it was gone through, passed or not."""
        return self.completed or self.passed is not None

    @property
    def is_achieved(self) -> bool:
        """Tell whether the package says that its aim is reached."""
        return bool(self.passed) or (self.completed and self.passed is None)

    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", "number"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 1", "score_is_a_share"),
        CheckConstraint("seconds >= 0", "seconds_not_negative"),
    )


class Statement(db.Model):  # type: ignore[name-defined,misc]
    """What H5P content said happened, in the words of xAPI. Rows are added, never changed."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("package_attempt.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    verb: Mapped[str]
    #: What it is about: the id of the activity, and its name.
    activity: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (Index("ix_statement_attempt_id", "attempt_id", "id"),)

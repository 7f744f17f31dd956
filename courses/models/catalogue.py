"""Courses as they are written: revisions, modules, lessons."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import UTCDateTime, db

REVISION_STATES = ("draft", "in_review", "published", "retired")
#: A course has at most one of these.
UNPUBLISHED = ("draft", "in_review")


class Course(db.Model):  # type: ignore[name-defined,misc]
    """A course under its lasting address."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    revisions: Mapped[list["Revision"]] = relationship(back_populates="course")


class Revision(db.Model):  # type: ignore[name-defined,misc]
    """A course as it was, is, or is being written."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text, default="")
    #: Length in tiết, the periods that yearly training hours are counted in.
    periods: Mapped[int]
    language: Mapped[str] = mapped_column(default="vi")
    #: Keys of the audiences it is meant for.
    audiences: Mapped[list[str]] = mapped_column(JSON, default=list)
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Legal sources: title, number, date, note.
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Each lesson opens only when the required ones before it are done.
    in_order: Mapped[bool] = mapped_column(default=False)
    #: Counts edits of a draft; a stale one is refused, never overwritten.
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(back_populates="revisions")
    modules: Mapped[list["Module"]] = relationship(
        back_populates="revision", order_by="Module.position"
    )

    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint(f"state IN {REVISION_STATES}", "known_state"),
        CheckConstraint(
            "(state IN ('draft', 'in_review')) = (published_at IS NULL)", "published_at_is_set"
        ),
        CheckConstraint("periods > 0", "has_length"),
        Index(
            "uq_revision_one_draft",
            "course_id",
            unique=True,
            sqlite_where=state.in_(UNPUBLISHED),
            postgresql_where=state.in_(UNPUBLISHED),
        ),
        Index(
            "uq_revision_one_published",
            "course_id",
            unique=True,
            sqlite_where=(state == "published"),
            postgresql_where=(state == "published"),
        ),
    )


class Module(db.Model):  # type: ignore[name-defined,misc]
    """A chapter of a revision."""

    __tablename__ = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    #: The same in every revision, so that a module can be followed through them.
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    #: The course and module that this one repeats: updated whenever that is published.
    origin_course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    origin_key: Mapped[str | None]

    revision: Mapped[Revision] = relationship(back_populates="modules")
    lessons: Mapped[list["Lesson"]] = relationship(
        back_populates="module", order_by="Lesson.position"
    )

    __table_args__ = (
        UniqueConstraint("revision_id", "key"),
        CheckConstraint(
            "(origin_course_id IS NULL) = (origin_key IS NULL)", "origin_is_whole_or_absent"
        ),
    )


class Lesson(db.Model):  # type: ignore[name-defined,misc]
    """One step of a course."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    #: The same in every revision, so that a lesson can be followed through them.
    key: Mapped[str]
    position: Mapped[int]
    #: A module of courses/kinds.
    kind: Mapped[str]
    title: Mapped[str]
    #: Markdown, for kinds that have a text.
    source: Mapped[str] = mapped_column(Text, default="")
    #: What the kind needs besides, like a video's file: see courses/kinds.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: When it counts as done; empty: as its kind has it. See courses/rules.
    completion: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: When it opens; empty: at once. See courses/rules.
    release: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    minutes: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)
    #: Speaks of violence: the page offers a quick exit and the help lines.
    sensitive: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    module: Mapped[Module] = relationship(back_populates="lessons")

    __table_args__ = (
        UniqueConstraint("revision_id", "key"),
        CheckConstraint("minutes >= 0", "minutes_not_negative"),
    )

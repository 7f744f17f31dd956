"""Courses and learning.

A course is a line of revisions. A published revision never changes; enrolments stay
on the revision they began with, so that what a person completed can always be shown.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency
from lms.core.db import UTCDateTime, db
from lms.people.models import Person

REVISION_STATES = ("draft", "published", "retired")
ENROLMENT_STATUSES = ("assigned", "started", "completed", "exempt")
ENROLMENT_SOURCES = ("self", "assigned")
EVIDENCE_KINDS = ("online", "in_person", "imported", "exempt")


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
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", "published_at_is_set"),
        CheckConstraint("periods > 0", "has_length"),
        Index(
            "uq_revision_one_draft",
            "course_id",
            unique=True,
            sqlite_where=(state == "draft"),
            postgresql_where=(state == "draft"),
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
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]

    revision: Mapped[Revision] = relationship(back_populates="modules")
    lessons: Mapped[list["Lesson"]] = relationship(
        back_populates="module", order_by="Lesson.position"
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


class Media(db.Model):  # type: ignore[name-defined,misc]
    """A picture that a revision's lessons show, kept by its content."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    #: Path inside the course pack, like images/so-do.svg.
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    content_type: Mapped[str]
    size: Mapped[int]

    __table_args__ = (UniqueConstraint("revision_id", "name"),)


class Assignment(db.Model):  # type: ignore[name-defined,misc]
    """A course asked of an agency's subtree (and perhaps one audience) by a day."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    audience_key: Mapped[str | None] = mapped_column(ForeignKey("audience.key"))
    period: Mapped[str]
    due_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Enrolment(db.Model):  # type: ignore[name-defined,misc]
    """A person in a course for a period. A yearly renewal is another row."""

    __tablename__ = "enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    #: The year the learning counts for.
    period: Mapped[str]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    source: Mapped[str]
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="assigned")
    #: Snapshot for reports: where the person belonged, in which audience, and their sex.
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    audience_key: Mapped[str | None] = mapped_column(ForeignKey("audience.key"))
    sex: Mapped[str | None]
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()
    course: Mapped[Course] = relationship()
    revision: Mapped[Revision] = relationship()
    agency: Mapped[Agency] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "period"),
        CheckConstraint(f"status IN {ENROLMENT_STATUSES}", "known_status"),
        CheckConstraint(f"source IN {ENROLMENT_SOURCES}", "known_source"),
        CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)", "completed_at_is_set"
        ),
        Index("ix_enrolment_course_id", "course_id", "period", "agency_id"),
        Index("ix_enrolment_agency_id", "agency_id"),
    )


class Evidence(db.Model):  # type: ignore[name-defined,misc]
    """Proof that a lesson is done. Rows are added, never changed."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    kind: Mapped[str] = mapped_column(default="online")
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", "kind"),
        CheckConstraint(f"kind IN {EVIDENCE_KINDS}", "known_kind"),
    )

"""Who is in which course, and what they have done."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.models.catalogue import Course, Revision
from lms.agencies.models import Agency
from lms.core.db import UTCDateTime, db
from lms.people.models import Person

ENROLMENT_STATUSES = ("assigned", "started", "completed", "exempt")
ENROLMENT_SOURCES = ("self", "assigned")
EVIDENCE_KINDS = ("online", "in_person", "imported", "exempt")


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
    #: Who confirmed it, where that was not the learner's own doing.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("enrolment_id", "lesson_id", "kind"),
        CheckConstraint(f"kind IN {EVIDENCE_KINDS}", "known_kind"),
    )


class LessonProgress(db.Model):  # type: ignore[name-defined,misc]
    """How far a learner is inside one lesson: what resuming and minimum times rest on."""

    __tablename__ = "lesson_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Where to go on: seconds of a video, page of a document.
    position: Mapped[float] = mapped_column(default=0.0)
    #: Stretches of a video that were watched, in seconds: [[0, 42.5], [60, 75]].
    watched: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("enrolment_id", "lesson_id"),)

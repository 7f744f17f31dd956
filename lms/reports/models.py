"""Tallies: counts of people kept exact in the transaction that changes them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import db

#: Stands for "no due date" in a key that may not be NULL.
NO_DUE_DATE = date(9999, 12, 31)


class Tally(db.Model):  # type: ignore[name-defined,misc]
    """How many people of an agency's subtree stand where in a course.

    One row for every ancestor agency too, so a page reads one agency's rows. The due
    date is part of the key because "overdue" changes with the calendar, not with a write.
    """

    __tablename__ = "tally"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    #: '' where the enrolment names none.
    audience_key: Mapped[str] = mapped_column(primary_key=True)
    #: F, M or '' (not recorded).
    sex: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]

    __table_args__ = (
        CheckConstraint("people >= 0", "people_not_negative"),
        Index("ix_tally_course_id", "course_id", "period"),
    )

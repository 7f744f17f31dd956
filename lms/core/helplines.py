"""Help lines shown where a page speaks of violence: dated rows with their source."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.clock import today
from lms.core.db import db


class HelpLine(db.Model):  # type: ignore[name-defined,misc]
    """A number to call. Visits to it are never logged."""

    __tablename__ = "help_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    phone: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str]
    source: Mapped[str]
    #: The day somebody last made sure that it answers.
    checked_on: Mapped[date]
    valid_to: Mapped[date | None]


def list_help_lines() -> list[HelpLine]:
    """Return the lines in force today, in their order."""
    in_force = or_(HelpLine.valid_to.is_(None), HelpLine.valid_to > today())
    return list(db.session.scalars(select(HelpLine).where(in_force).order_by(HelpLine.position)))

"""What a report is asked about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.agencies.models import Agency

#: Where people count: in the agency they belonged to when they enrolled, or in today's.
THEN, NOW = "then", "now"
STRUCTURES = (THEN, NOW)


@dataclass(frozen=True)
class CourseItem:
    """A course that can be reported on."""

    id: int
    slug: str
    title: str


@dataclass(frozen=True)
class Question:
    """A course (None: all of them) in a period, for an agency, as of a day."""

    course: CourseItem | None
    agency: Agency
    #: The year the learning counts for.
    period: str
    today: date
    day: date
    structure: str = THEN

    @property
    def is_today(self) -> bool:
        """Tell whether it asks how things stand now."""
        return self.day >= self.today

    @property
    def is_tallied(self) -> bool:
        """Tell whether the tallies answer it; a past day or today's structure needs the rows."""
        return self.is_today and self.structure == THEN

    def address(self, **changes: Any) -> dict[str, Any]:
        """Return the arguments of url_for that ask the same, with some changed."""
        arguments = {
            "course": self.course.slug if self.course else None,
            "agency": self.agency.id,
            "period": self.period,
            "as_of": None if self.is_today else self.day.isoformat(),
            "structure": None if self.structure == THEN else self.structure,
        }
        return {**arguments, **changes}

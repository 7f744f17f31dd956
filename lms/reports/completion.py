"""The arithmetic of completion. Pure: no database, no clock.

Every page, file and command takes its figures from here; docs/reports.md says the same
in the words of those who read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

#: Women first, men second, then those whose sex is not recorded.
SEXES = ("F", "M", "")
#: Which statuses of an enrolment each figure counts.
STATUSES = {
    "assigned": ("assigned", "started", "completed"),
    "exempt": ("exempt",),
    "started": ("started",),
    "completed": ("completed",),
}
#: Who is overdue once the due date has passed.
UNFINISHED = ("assigned", "started")
#: Below and from these shares a unit has another colour on the map.
LOW, HIGH = 0.5, 0.8


@dataclass(frozen=True)
class Figures:
    """Counts of enrolments that add up: assigned = not begun + started + completed.

    One enrolment is one person in one course for one year; over several courses the
    figures count participations (lượt), not people.
    """

    #: Everyone who is in the course and not exempt: the denominator of the rate.
    assigned: int = 0
    #: Released from the course; in no other figure.
    exempt: int = 0
    #: Under way: begun and not yet completed.
    started: int = 0
    #: Nothing required is missing.
    completed: int = 0
    #: The due date lies before the day of the report, and it is not completed.
    overdue: int = 0

    @property
    def not_begun(self) -> int:
        """Return how many have not begun."""
        return self.assigned - self.started - self.completed

    @property
    def everyone(self) -> int:
        """Return how many are on the list, the exempt too."""
        return self.assigned + self.exempt

    @property
    def rate(self) -> float | None:
        """Return completed ÷ assigned, between 0 and 1; None when nobody is assigned."""
        return self.completed / self.assigned if self.assigned else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.assigned + other.assigned,
            self.exempt + other.exempt,
            self.started + other.started,
            self.completed + other.completed,
            self.overdue + other.overdue,
        )

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(
            self.assigned - other.assigned,
            self.exempt - other.exempt,
            self.started - other.started,
            self.completed - other.completed,
            self.overdue - other.overdue,
        )


NOBODY = Figures()


@dataclass(frozen=True)
class Completion:
    """Figures of women, of men and of people whose sex is not recorded."""

    by_sex: Mapping[str, Figures] = field(default_factory=dict)

    @cached_property
    def total(self) -> Figures:
        """Return the figures of everyone."""
        return sum(self.by_sex.values(), NOBODY)

    def of(self, sex: str) -> Figures:
        """Return the figures of one sex."""
        return self.by_sex.get(sex, NOBODY)

    @property
    def women(self) -> Figures:
        """Return the figures of women."""
        return self.of("F")

    @property
    def men(self) -> Figures:
        """Return the figures of men."""
        return self.of("M")

    @property
    def unknown(self) -> Figures:
        """Return the figures of people whose sex is not recorded."""
        return self.of("")

    def __add__(self, other: "Completion") -> "Completion":
        return Completion({sex: self.of(sex) + other.of(sex) for sex in SEXES})

    def __sub__(self, other: "Completion") -> "Completion":
        return Completion({sex: self.of(sex) - other.of(sex) for sex in SEXES})


class AgencyLine(NamedTuple):
    """An agency with the figures of its whole subtree."""

    agency_id: int
    code: str
    name: str
    kind: str
    completion: Completion

    @property
    def total(self) -> Figures:
        """Return the figures of everyone in the subtree."""
        return self.completion.total


@dataclass(frozen=True)
class Picture:
    """An agency, the agencies directly under it, and who belongs to itself alone."""

    asked: AgencyLine
    children: tuple[AgencyLine, ...]

    @cached_property
    def own(self) -> Completion:
        """Return the figures of those in the asked agency and in none of its children."""
        return self.asked.completion - sum((c.completion for c in self.children), Completion())

    @property
    def overdue_agencies(self) -> int:
        """Return in how many of the children somebody is overdue."""
        return sum(child.total.overdue > 0 for child in self.children)


def find_laggards(picture: Picture, limit: int) -> list[AgencyLine]:
    """Return the children that hold the common rate down most, the heaviest first.

    A child's weight is how many people it is short of the common rate: rate × its
    assigned − its completed. So a unit of two people at 0% comes after one of 400 at
    60%. Only children below the rate where somebody is overdue are named.
    """
    common = picture.asked.total

    def shortfall(child: AgencyLine) -> int:
        # Times the common assigned, which keeps it whole: no rounding decides.
        own = child.total
        return common.completed * own.assigned - own.completed * common.assigned

    late = [child for child in picture.children if child.total.overdue and shortfall(child) > 0]
    return sorted(late, key=shortfall, reverse=True)[:limit]


def band_of(rate: float | None) -> str:
    """Return the colour of a rate on the map: none, low, some or high."""
    if rate is None:
        return "none"
    if rate < LOW:
        return "low"
    return "high" if rate >= HIGH else "some"


def by_rate(lines: Iterable[AgencyLine]) -> list[AgencyLine]:
    """Return the agencies from the lowest rate to the highest; those without people last."""
    return sorted(lines, key=lambda line: 2.0 if line.total.rate is None else line.total.rate)


def by_overdue(lines: Iterable[AgencyLine]) -> list[AgencyLine]:
    """Return the agencies from the most people overdue to the fewest."""
    return sorted(lines, key=lambda line: -line.total.overdue)

"""What courses announce. ``lms/reactions.py`` says what follows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, order=True)
class Cell:
    """Where an enrolment is counted: the key of a tally, before its ancestors."""

    agency_id: int
    course_id: int
    period: str
    audience_key: str
    sex: str
    status: str
    due_on: date | None


@dataclass(frozen=True)
class EnrolmentsChanged:
    """People moved between cells: each with how many it gained (or lost, below 0)."""

    changes: tuple[tuple[Cell, int], ...]


@dataclass(frozen=True)
class CourseCompleted:
    """Every required lesson of an enrolment is done."""

    enrolment_id: int


@dataclass(frozen=True)
class RevisionCopied:
    """A draft was made from a revision: the ids of old lessons with their copies."""

    lessons: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class LessonsRemoved:
    """Lessons of a draft are about to go: what hangs on them goes first."""

    lesson_ids: tuple[int, ...]


@dataclass(frozen=True)
class PackImported:
    """A course pack came in: what its quiz lessons are to hold, by lesson id."""

    course_id: int
    quizzes: dict[int, dict[str, Any]]
    #: Which questions of the course give way when the pack has them no more: those of the
    #: whole "bank", those in the "categories" the pack draws from, or "nothing".
    replaces: str = "bank"


@dataclass(frozen=True)
class PackExporting:
    """A course pack goes out: reactions fill in what its quiz lessons hold, by lesson id."""

    lesson_ids: tuple[int, ...]
    quizzes: dict[int, dict[str, Any]] = field(default_factory=dict)

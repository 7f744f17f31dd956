"""A rubric: what work is marked by. Pure; kept as plain JSON and read without trusting it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_CRITERIA = 12
MOST_LEVELS = 6
MOST_POINTS = 1000


@dataclass(frozen=True)
class Level:
    """How well a criterion may be met."""

    points: float
    text: str = ""


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at, with its levels, the best first."""

    title: str
    levels: tuple[Level, ...]

    @property
    def points(self) -> float:
        """Return the most points that it gives."""
        return max(level.points for level in self.levels)


@dataclass(frozen=True)
class Given:
    """What a marker gave for a criterion: the number of a level, from 0, and a comment."""

    level: int
    comment: str = ""


def read_rubric(settings: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """Return the criteria kept in a lesson's settings.

    A criterion without levels gets two: all of its points, or none. Entries that make no
    sense are passed over.
    """
    entries = settings.get("rubric")
    read = (_criterion(entry) for entry in entries) if isinstance(entries, list) else ()
    return tuple(criterion for criterion in read if criterion is not None)[:MOST_CRITERIA]


def write_rubric(rubric: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Return the criteria as a lesson's settings keep them."""
    return [
        {
            "title": criterion.title,
            "points": criterion.points,
            "levels": [{"points": level.points, "text": level.text} for level in criterion.levels],
        }
        for criterion in rubric
    ]


def read_pass_points(settings: Mapping[str, Any]) -> float:
    """Return how many points accepted work has at least; 0 where nothing is asked."""
    return _points(settings.get("pass_points")) or 0


def most_points(rubric: Sequence[Criterion]) -> float:
    """Return the points of work that is best in everything."""
    return sum(criterion.points for criterion in rubric)


def write_marks(rubric: Sequence[Criterion], given: Sequence[Given]) -> list[dict[str, Any]]:
    """Return the rubric as it was marked, for good: criteria, levels, and what was given.

    Raises ValueError unless there is one level for each criterion, among its own.
    """
    return [
        {
            **kept,
            "level": _in_range(one.level, len(kept["levels"])),
            "given": kept["levels"][one.level]["points"],
            "comment": one.comment,
        }
        for kept, one in zip(write_rubric(rubric), given, strict=True)
    ]


def sum_points(marks: Sequence[Mapping[str, Any]]) -> float:
    """Return the points that were given in all."""
    return float(sum(mark["given"] for mark in marks))


def _criterion(entry: Any) -> Criterion | None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("title"), str):
        return None
    entries = entry.get("levels")
    read = [_level(level) for level in entries] if isinstance(entries, list) else []
    levels = [level for level in read if level is not None][:MOST_LEVELS]
    if not levels:
        levels = [Level(_points(entry.get("points")) or 0), Level(0)]
    return Criterion(entry["title"], tuple(sorted(levels, key=lambda x: -x.points)))


def _level(entry: Any) -> Level | None:
    points = _points(entry.get("points")) if isinstance(entry, Mapping) else None
    if points is None:
        return None
    return Level(points, str(entry.get("text") or ""))


def _points(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MOST_POINTS else None


def _in_range(level: int, levels: int) -> int:
    if not 0 <= level < levels:
        raise ValueError(level)
    return level

"""Which questions an attempt asks. Pure: the same seed draws the same questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random


class TooFewQuestions(ValueError):
    """A category holds fewer questions than the sections draw from it."""

    def __init__(self, category: str, wanted: int, available: int) -> None:
        super().__init__(f"{category!r}: {wanted} wanted, {available} available")
        self.category = category
        self.wanted = wanted
        self.available = available


@dataclass(frozen=True)
class Section:
    """How many questions to draw from a category."""

    category: str
    draw: int


def draw(sections: Iterable[Section], pool: Mapping[str, Sequence[int]], seed: int) -> list[int]:
    """Return the ids of the questions drawn, section by section, none twice.

    ``pool`` holds the ids of each category, in any order. Raises TooFewQuestions.
    """
    sections = list(sections)
    refuse_too_few(sections, {category: len(ids) for category, ids in pool.items()})
    rng = Random(seed)  # noqa: S311 - to be drawn again the same way, not to keep a secret
    left = {category: sorted(ids) for category, ids in pool.items()}
    drawn: list[int] = []
    for section in sections:
        chosen = rng.sample(left[section.category], section.draw)
        drawn += chosen
        left[section.category] = [i for i in left[section.category] if i not in chosen]
    return drawn


def refuse_too_few(sections: Iterable[Section], available: Mapping[str, int]) -> None:
    """Raise TooFewQuestions for the first category that cannot fill its sections."""
    wanted: dict[str, int] = {}
    for section in sections:
        wanted[section.category] = wanted.get(section.category, 0) + section.draw
    for category, number in wanted.items():
        if number > available.get(category, 0):
            raise TooFewQuestions(category, number, available.get(category, 0))

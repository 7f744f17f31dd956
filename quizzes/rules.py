"""The rules of a quiz, checked before they are kept. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.core.text import N_
from quizzes.content import clean_category
from quizzes.types.parts import InvalidQuestion, clean_list, clean_text, only_keys

MOST_ATTEMPTS = 100
#: Minutes.
LONGEST_TIME = 600
MOST_DRAWN = 1000


@dataclass(frozen=True)
class SectionRules:
    """A part of a quiz: its title, and how many questions of which category it asks."""

    title: str
    category: str
    draw: int


@dataclass(frozen=True)
class Rules:
    """What it takes to pass a quiz, and what it asks."""

    #: Per cent of the marks.
    pass_mark: int
    attempts: int
    #: Minutes; None is no limit.
    time_limit: int | None
    sections: Sequence[SectionRules]


def clean_rules(data: Mapping[str, Any]) -> Rules:
    """Return the rules that a quiz file says. Raises InvalidQuestion with the place."""
    sections = [
        _clean_section(section, f"sections[{number}]")
        for number, section in enumerate(clean_list(data, "sections"), 1)
    ]
    if not sections:
        raise InvalidQuestion("sections", N_("The quiz needs a section that draws questions."))
    limit = data.get("time_limit")
    return Rules(
        pass_mark=_whole(data.get("pass_mark"), "pass_mark", 0, 100),
        attempts=_whole(data.get("attempts"), "attempts", 1, MOST_ATTEMPTS),
        time_limit=None if limit is None else _whole(limit, "time_limit", 1, LONGEST_TIME),
        sections=tuple(sections),
    )


def _clean_section(section: object, place: str) -> SectionRules:
    if not isinstance(section, Mapping):
        raise InvalidQuestion(place, N_("A section needs a title, a category and a number."))
    known = (f"{place}.{key}" for key in ("title", "category", "draw"))
    only_keys({f"{place}.{key}": None for key in section}, *known)
    return SectionRules(
        title=clean_text(section.get("title"), f"{place}.title"),
        category=clean_category(section.get("category")),
        draw=_whole(section.get("draw"), f"{place}.draw", 1, MOST_DRAWN),
    )


def _whole(value: object, place: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidQuestion(place, N_("This must be a whole number that makes sense here."))
    return value

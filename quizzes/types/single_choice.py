"""One right answer among several. The answer kept is the option's place in the question."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.text import N_
from quizzes.types import options
from quizzes.types.parts import InvalidAnswer, InvalidQuestion, Presented

LABEL = _l("One right answer")
HINT = _l("Write the options and tick the right one. Empty rows are left out.")
COLUMNS, ROWS = options.COLUMNS, 6
to_rows, from_rows = options.to_rows, options.from_rows


def validate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options cleaned, exactly one of them right. Raises InvalidQuestion."""
    cleaned = options.validate(data)
    if len(options.right_ones(cleaned)) != 1:
        raise InvalidQuestion("options", N_("Exactly one option must be right."))
    return cleaned


def present(data: Mapping[str, Any], rng: Random) -> Presented:
    """Return the options in a random order."""
    return options.present(data, rng, "one")


def parse(values: Sequence[str], presented: Presented) -> int | None:
    """Return the chosen option, or None. Raises InvalidAnswer."""
    if len(values) > 1:
        raise InvalidAnswer(values)
    return presented.index_of(values[0]) if values else None


def fill(answer: Any, presented: Presented) -> list[str]:
    """Return the value that is chosen."""
    return [] if answer is None else [presented.value_of(answer)]


def mark(data: Mapping[str, Any], answer: Any) -> float:
    """Return 1 for the right option, else 0."""
    return float(answer in options.right_ones(data))


def describe(data: Mapping[str, Any], answer: Any) -> list[str]:
    """Return the chosen option's text."""
    return [] if answer is None else options.texts(data, [answer])


def describe_right(data: Mapping[str, Any]) -> list[str]:
    """Return the right option's text."""
    return options.texts(data, options.right_ones(data))

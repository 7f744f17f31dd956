"""Several right answers. The answer kept is the list of the options' places in the question.

Partial credit, so that ticking everything is no way to all the marks: the share of the
right options that were chosen, less as much for each wrong one, never below 0:
(right chosen - wrong chosen) / right.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.text import N_
from quizzes.types import options
from quizzes.types.parts import InvalidQuestion, Presented

LABEL = _l("Several right answers")
HINT = _l(
    "Write the options and tick every right one. Each right choice earns its share, "
    "each wrong one takes as much away."
)
COLUMNS, ROWS = options.COLUMNS, 6
to_rows, from_rows = options.to_rows, options.from_rows


def validate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options cleaned, one or more of them right. Raises InvalidQuestion."""
    cleaned = options.validate(data)
    if not options.right_ones(cleaned):
        raise InvalidQuestion("options", N_("At least one option must be right."))
    return cleaned


def present(data: Mapping[str, Any], rng: Random) -> Presented:
    """Return the options in a random order."""
    return options.present(data, rng, "many")


def parse(values: Sequence[str], presented: Presented) -> list[int] | None:
    """Return the chosen options, or None. Raises InvalidAnswer."""
    return sorted({presented.index_of(value) for value in values}) or None


def fill(answer: Any, presented: Presented) -> list[str]:
    """Return the values that are chosen, as they are shown."""
    return sorted((presented.value_of(index) for index in answer or ()), key=int)


def mark(data: Mapping[str, Any], answer: Any) -> float:
    """Return (right chosen - wrong chosen) / right, at least 0."""
    right, chosen = options.right_ones(data), set(answer or ())
    return max(0.0, (len(chosen & right) - len(chosen - right)) / len(right))


def describe(data: Mapping[str, Any], answer: Any) -> list[str]:
    """Return the chosen options' texts."""
    return options.texts(data, answer or [])


def describe_right(data: Mapping[str, Any]) -> list[str]:
    """Return the right options' texts."""
    return options.texts(data, options.right_ones(data))

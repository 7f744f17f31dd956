"""Options to tick: what one right answer and several have in common."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.text import N_
from quizzes.types.parts import (
    Column,
    InvalidQuestion,
    Presented,
    clean_list,
    clean_text,
    only_keys,
    refuse_doubles,
    shuffled,
)

MOST_OPTIONS = 10
COLUMNS: tuple[Column, ...] = (Column("text", _l("Option")), Column("correct", _l("Right"), "tick"))


def validate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options cleaned. Raises InvalidQuestion."""
    only_keys(data, "options")
    options = [
        _clean_option(option, f"options[{number}]")
        for number, option in enumerate(clean_list(data, "options"), 1)
    ]
    if len(options) < 2:
        raise InvalidQuestion("options", N_("There must be at least two options."))
    if len(options) > MOST_OPTIONS:
        raise InvalidQuestion("options", N_("There are too many options."))
    refuse_doubles([option["text"] for option in options], "options")
    return {"options": options}


def present(data: Mapping[str, Any], rng: Random, widget: str) -> Presented:
    """Return the options in a random order, without what is right."""
    choices, order = shuffled([option["text"] for option in data["options"]], rng)
    return Presented(widget, choices, order=order)


def right_ones(data: Mapping[str, Any]) -> set[int]:
    """Return which options are right."""
    return {index for index, option in enumerate(data["options"]) if option.get("correct")}


def texts(data: Mapping[str, Any], indexes: Sequence[int] | set[int]) -> list[str]:
    """Return the texts of some options, in the order of the question."""
    return [data["options"][index]["text"] for index in sorted(indexes)]


def to_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each option."""
    return [
        {"text": option["text"], "correct": option.get("correct", False)}
        for option in data["options"]
    ]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the options that the rows say; a row without text and tick is none."""
    return {"options": [dict(row) for row in rows if row.get("text") or row.get("correct")]}


def _clean_option(option: object, place: str) -> dict[str, Any]:
    if not isinstance(option, dict):
        raise InvalidQuestion(place, N_("An option needs a text."))
    only_keys({f"{place}.{key}": None for key in option}, f"{place}.text", f"{place}.correct")
    cleaned: dict[str, Any] = {"text": clean_text(option.get("text"), f"{place}.text")}
    correct = option.get("correct", False)
    if not isinstance(correct, bool):
        raise InvalidQuestion(f"{place}.correct", N_("This must be true or false."))
    if correct:
        cleaned["correct"] = True
    return cleaned

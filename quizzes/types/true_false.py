"""A statement that is right or wrong. The answer kept is true or false."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.core.text import N_
from quizzes.types.parts import (
    Choice,
    Column,
    InvalidAnswer,
    InvalidQuestion,
    Presented,
    only_keys,
)

LABEL = _l("True or false")
HINT = _l("Say whether the statement above is true.")
COLUMNS: tuple[Column, ...] = (Column("answer", _l("The statement is"), "truth"),)
ROWS = 1

_VALUES = {"true": True, "false": False}


def validate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer. Raises InvalidQuestion unless it is true or false."""
    only_keys(data, "answer")
    if not isinstance(data.get("answer"), bool):
        raise InvalidQuestion("answer", N_("This must be true or false."))
    return {"answer": data["answer"]}


def present(_data: Mapping[str, Any], _rng: Random) -> Presented:
    """Return true and false, always in this order: everyone expects it."""
    return Presented("one", (Choice("true", _("True")), Choice("false", _("False"))))


def parse(values: Sequence[str], _presented: Presented) -> bool | None:
    """Return what was chosen, or None. Raises InvalidAnswer."""
    if len(values) > 1 or not set(values) <= _VALUES.keys():
        raise InvalidAnswer(values)
    return _VALUES[values[0]] if values else None


def fill(answer: Any, _presented: Presented) -> list[str]:
    """Return the value that is chosen."""
    return [] if answer is None else ["true" if answer else "false"]


def mark(data: Mapping[str, Any], answer: Any) -> float:
    """Return 1 for the right answer, else 0."""
    return float(answer is not None and answer == data["answer"])


def describe(_data: Mapping[str, Any], answer: Any) -> list[str]:
    """Return the word that was chosen."""
    return [] if answer is None else [_("True") if answer else _("False")]


def describe_right(data: Mapping[str, Any]) -> list[str]:
    """Return the right word."""
    return describe(data, data["answer"])


def to_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the one row."""
    return [dict(data)]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answer that the row says."""
    return {"answer": rows[0].get("answer") if rows else None}

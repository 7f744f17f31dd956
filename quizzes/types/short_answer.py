"""A word or two, or a number, to write. The answer kept is the text.

Case, diacritics and extra spaces do not count: "Bac  ninh" answers "Bắc Ninh".
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.text import N_, clean, fold
from quizzes.types.parts import (
    Column,
    InvalidAnswer,
    InvalidQuestion,
    Presented,
    clean_list,
    clean_text,
    only_keys,
)

LABEL = _l("Short answer")
HINT = _l("Write every answer that counts as right. Case, diacritics and spaces do not matter.")
COLUMNS: tuple[Column, ...] = (Column("text", _l("Right answer")),)
ROWS = 6
LONGEST_ANSWER = 200


def validate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the right answers cleaned. Raises InvalidQuestion."""
    only_keys(data, "answers")
    answers = [
        _clean_answer(answer, f"answers[{number}]")
        for number, answer in enumerate(clean_list(data, "answers"), 1)
    ]
    if not answers:
        raise InvalidQuestion("answers", N_("There must be at least one right answer."))
    return {"answers": answers}


def present(_data: Mapping[str, Any], _rng: Random) -> Presented:
    """Return an empty line."""
    return Presented("text")


def parse(values: Sequence[str], _presented: Presented) -> str | None:
    """Return the text, or None when nothing is written. Raises InvalidAnswer when too long."""
    if len(values) > 1 or len("".join(values)) > LONGEST_ANSWER:
        raise InvalidAnswer(values)
    return clean("".join(values)) or None


def fill(answer: Any, _presented: Presented) -> list[str]:
    """Return the text as it was kept."""
    return [] if answer is None else [answer]


def mark(data: Mapping[str, Any], answer: Any) -> float:
    """Return 1 when the text is one of the right answers, else 0."""
    return float(fold(answer or "") in {fold(right) for right in data["answers"]})


def describe(_data: Mapping[str, Any], answer: Any) -> list[str]:
    """Return the text."""
    return fill(answer, Presented("text"))


def describe_right(data: Mapping[str, Any]) -> list[str]:
    """Return the first right answer: the spelling its writer prefers."""
    return [data["answers"][0]]


def to_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each right answer."""
    return [{"text": answer} for answer in data["answers"]]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the right answers that the rows say."""
    return {"answers": [row["text"] for row in rows if row.get("text")]}


def _clean_answer(answer: object, place: str) -> str:
    text = clean_text(answer, place)
    if len(text) > LONGEST_ANSWER:
        raise InvalidQuestion(place, N_("This text is too long."))
    if not fold(text):
        raise InvalidQuestion(place, N_("There must be a text here."))
    return text

"""Pairs to put together. The answer kept names, for each left side, a right side or none.

The right sides to choose from are those of all pairs, each once, and the extra ones that
match nothing. Each pair put together is worth its share.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.core.text import N_
from quizzes.types.parts import (
    Column,
    InvalidAnswer,
    InvalidQuestion,
    Presented,
    clean_list,
    clean_text,
    only_keys,
    refuse_doubles,
    shuffled,
)

LABEL = _l("Matching")
HINT = _l("Write what belongs together. A right side without a left one is a distractor.")
COLUMNS: tuple[Column, ...] = (Column("left", _l("Left side")), Column("right", _l("Right side")))
ROWS = 8
MOST_PAIRS = 10


def validate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return pairs and extra right sides cleaned. Raises InvalidQuestion."""
    only_keys(data, "pairs", "extra")
    pairs = [
        _clean_pair(pair, f"pairs[{number}]")
        for number, pair in enumerate(clean_list(data, "pairs"), 1)
    ]
    if len(pairs) < 2:
        raise InvalidQuestion("pairs", N_("There must be at least two pairs."))
    if len(pairs) > MOST_PAIRS:
        raise InvalidQuestion("pairs", N_("There are too many pairs."))
    refuse_doubles([pair["left"] for pair in pairs], "pairs")
    extra = [
        clean_text(text, f"extra[{number}]")
        for number, text in enumerate(clean_list(data, "extra"), 1)
    ]
    _refuse_extra(extra, {pair["right"].casefold() for pair in pairs})
    return {"pairs": pairs, "extra": extra} if extra else {"pairs": pairs}


def present(data: Mapping[str, Any], rng: Random) -> Presented:
    """Return the left sides, and the right ones in a random order."""
    choices, order = shuffled(_rights(data), rng)
    return Presented("pairs", choices, tuple(pair["left"] for pair in data["pairs"]), order)


def parse(values: Sequence[str], presented: Presented) -> list[int | None] | None:
    """Return the right side chosen for each line, or None. Raises InvalidAnswer."""
    if len(values) > len(presented.lines):
        raise InvalidAnswer(values)
    chosen = [presented.index_of(value) if value else None for value in values]
    if all(index is None for index in chosen):
        return None
    return chosen + [None] * (len(presented.lines) - len(chosen))


def fill(answer: Any, presented: Presented) -> list[str]:
    """Return the value chosen for each line, empty where there is none."""
    if answer is None:
        return [""] * len(presented.lines)
    return ["" if index is None else presented.value_of(index) for index in answer]


def mark(data: Mapping[str, Any], answer: Any) -> float:
    """Return the share of pairs that are put together rightly."""
    rights = _rights(data)
    pairs = zip(data["pairs"], answer or (), strict=False)
    hits = sum(index is not None and rights[index] == pair["right"] for pair, index in pairs)
    return float(hits / len(data["pairs"]))


def describe(data: Mapping[str, Any], answer: Any) -> list[str]:
    """Return each pair as it was put together."""
    rights, nothing = _rights(data), _("no answer")
    return [
        f"{pair['left']} → {nothing if index is None else rights[index]}"
        for pair, index in zip(data["pairs"], answer or (), strict=False)
    ]


def describe_right(data: Mapping[str, Any]) -> list[str]:
    """Return each pair as it belongs together."""
    return [f"{pair['left']} → {pair['right']}" for pair in data["pairs"]]


def to_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each pair, then one for each extra right side."""
    extra = [{"left": "", "right": text} for text in data.get("extra", ())]
    return [dict(pair) for pair in data["pairs"]] + extra


def from_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the pairs and extra right sides that the rows say."""
    return {
        "pairs": [dict(row) for row in rows if row.get("left")],
        "extra": [row["right"] for row in rows if row.get("right") and not row.get("left")],
    }


def _rights(data: Mapping[str, Any]) -> list[str]:
    """Return the right sides to choose from, each once: two pairs may share one."""
    return list(dict.fromkeys([pair["right"] for pair in data["pairs"]] + data.get("extra", [])))


def _clean_pair(pair: object, place: str) -> dict[str, str]:
    if not isinstance(pair, dict):
        raise InvalidQuestion(place, N_("A pair needs a left and a right side."))
    only_keys({f"{place}.{key}": None for key in pair}, f"{place}.left", f"{place}.right")
    return {
        "left": clean_text(pair.get("left"), f"{place}.left"),
        "right": clean_text(pair.get("right"), f"{place}.right"),
    }


def _refuse_extra(extra: list[str], rights: set[str]) -> None:
    refuse_doubles(extra, "extra")
    for number, text in enumerate(extra, 1):
        if text.casefold() in rights:
            reason = N_("This already is the right side of a pair.")
            raise InvalidQuestion(f"extra[{number}]", reason)

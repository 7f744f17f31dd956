"""Answers as people give them, right or wrong, to each type of question. Pure."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Data = Mapping[str, Any]


def give_answer(kind: str, data: Data, *, right: bool, chance: Random) -> Any:
    """Return an answer to keep; None for a type that nobody here knows."""
    answer = _ANSWERS.get(kind)
    return answer(data, right, chance) if answer else None


def _one(data: Data, right: bool, chance: Random) -> int:
    return chance.choice(_options(data, right))


def _many(data: Data, right: bool, chance: Random) -> list[int]:
    chosen = set(_options(data, True))
    wrong = _options(data, False)
    if not right:
        if len(chosen) > 1 and chance.random() < 0.6:
            chosen.discard(chance.choice(sorted(chosen)))
        elif wrong:
            chosen.add(chance.choice(wrong))
    return sorted(chosen)


def _truth(data: Data, right: bool, _chance: Random) -> bool:
    return bool(data["answer"]) == right


def _text(data: Data, right: bool, chance: Random) -> str | None:
    if right:
        return str(chance.choice(data["answers"]))
    return chance.choice((None, "không nhớ", "tùy trường hợp"))


def _pairs(data: Data, right: bool, chance: Random) -> list[int]:
    rights = [pair["right"] for pair in data["pairs"]]
    choices = list(dict.fromkeys([*rights, *data.get("extra", ())]))
    places = [choices.index(text) for text in rights]
    if not right:
        first, second = chance.sample(range(len(places)), 2)
        places[first], places[second] = places[second], places[first]
    return places


def _options(data: Data, right: bool) -> list[int]:
    """Return the places of the right or the wrong options, all when there is none of them."""
    options = data["options"]
    wanted = [i for i, option in enumerate(options) if bool(option.get("correct")) == right]
    return wanted or list(range(len(options)))


_ANSWERS: dict[str, Callable[[Data, bool, Random], Any]] = {
    "single_choice": _one,
    "multiple_choice": _many,
    "true_false": _truth,
    "short_answer": _text,
    "matching": _pairs,
}

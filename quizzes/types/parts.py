"""What every question type works with, and what each module of this folder offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, Protocol

from lms.core.text import N_, clean

LONGEST_TEXT = 1000


class InvalidQuestion(ValueError):
    """A question that cannot be asked: where, and why (a message of the catalogue)."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class InvalidAnswer(ValueError):
    """An answer that the question, as it was shown, does not offer."""


class Choice(NamedTuple):
    """Something to choose. Its value is its place as shown, which tells nothing."""

    value: str
    text: str


@dataclass(frozen=True)
class Presented:
    """A question as the browser may see it: nothing in it tells what is right."""

    #: How it is asked: one, many, text or pairs.
    widget: str
    choices: tuple[Choice, ...] = ()
    #: What to give a choice to, in pairs.
    lines: tuple[str, ...] = ()
    #: For the server alone, never printed: which option each choice is.
    order: tuple[int, ...] = field(default=(), repr=False)

    def index_of(self, value: str) -> int:
        """Return the option behind a choice's value. Raises InvalidAnswer for any other."""
        for choice, index in zip(self.choices, self.order, strict=True):
            if choice.value == value:
                return index
        raise InvalidAnswer(value)

    def value_of(self, index: int) -> str:
        """Return the value of the choice that stands for an option."""
        return self.choices[self.order.index(index)].value


@dataclass(frozen=True)
class Column:
    """One input in each row of the form in which a trainer writes a question."""

    name: str
    label: Any
    #: text, tick or truth (true or false).
    kind: str = "text"


class QuestionType(Protocol):
    """A module of this folder. ``data`` is what ``validate`` returned."""

    LABEL: Any
    #: Told to the trainer above the rows.
    HINT: Any
    COLUMNS: tuple[Column, ...]
    #: How many rows the trainer's form offers at least.
    ROWS: int

    def validate(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data cleaned. Raises InvalidQuestion."""

    def present(self, data: Mapping[str, Any], rng: Random, /) -> Presented:
        """Return what the browser may see, shuffled the same way by the same rng."""

    def parse(self, values: Sequence[str], presented: Presented, /) -> Any:
        """Return the answer to keep, None when there is none. Raises InvalidAnswer."""

    def fill(self, answer: Any, presented: Presented, /) -> list[str]:
        """Return the form's values for a kept answer: the inverse of ``parse``."""

    def mark(self, data: Mapping[str, Any], answer: Any) -> float:
        """Return what the answer is worth, between 0 and 1."""

    def describe(self, data: Mapping[str, Any], answer: Any) -> list[str]:
        """Return the answer in words, a line each."""

    def describe_right(self, data: Mapping[str, Any]) -> list[str]:
        """Return the right answer in words, a line each."""

    def to_rows(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the data as rows of the trainer's form."""

    def from_rows(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the data that rows of the trainer's form say, before it is validated."""


def shuffled(texts: Sequence[str], rng: Random) -> tuple[tuple[Choice, ...], tuple[int, ...]]:
    """Return the texts as choices in a random order, and which text each of them is."""
    order = list(range(len(texts)))
    rng.shuffle(order)
    choices = (Choice(str(place), texts[index]) for place, index in enumerate(order, 1))
    return tuple(choices), tuple(order)


def only_keys(data: Mapping[str, Any], *known: str) -> None:
    """Refuse data with a field that the type does not know. Raises InvalidQuestion."""
    for key in data:
        if key not in known:
            raise InvalidQuestion(str(key), N_("This field is not known here."))


def clean_text(value: object, place: str) -> str:
    """Return the text cleaned; a number, as YAML reads it, too. Raises InvalidQuestion."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise InvalidQuestion(place, N_("There must be a text here."))
    text = clean(str(value))
    if not text:
        raise InvalidQuestion(place, N_("There must be a text here."))
    if len(text) > LONGEST_TEXT:
        raise InvalidQuestion(place, N_("This text is too long."))
    return text


def clean_list(data: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list under a key; none given is an empty one. Raises InvalidQuestion."""
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidQuestion(key, N_("There must be a list here."))
    return value


def refuse_doubles(texts: Sequence[str], place: str) -> None:
    """Refuse two texts that read the same. Raises InvalidQuestion at the second."""
    for index, text in enumerate(texts):
        if text.casefold() in (other.casefold() for other in texts[:index]):
            raise InvalidQuestion(f"{place}[{index + 1}]", N_("The same text stands here twice."))

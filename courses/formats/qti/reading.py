"""Assessments of QTI 1.2 (Common Cartridge's profile and Canvas) to quizzes in plain form.

An item that no question here is made of becomes a warning that names it; the rest of its
assessment comes in. What a quiz is in plain form is said in docs/course-pack.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from courses.formats.course_facts import Keys, shorten
from courses.formats.faults import Fault
from courses.formats.packed import NOTE_LENGTH
from courses.formats.qti.items import Unsupported, has_pictures, line, metadata, read_item
from courses.formats.quiz_file import MOST_ATTEMPTS, MOST_MINUTES, MOST_QUESTIONS, MOST_SECTIONS
from courses.formats.unpacking import attribute, child, children, descendants, local
from lms.core.text import clean

PASS_MARK = 60
ATTEMPTS = 3
CATEGORY_LENGTH = 80
_UNLIMITED = ("unlimited", "-1")

#: Gives the root of the file that holds a bank of questions, None when there is none.
FindBank = Callable[[str], Any]


@dataclass
class Bank:
    """What questions of one course share: their keys and categories, each used once."""

    find: FindBank = lambda _identifier: None
    keys: Keys = field(default_factory=Keys)
    categories: set[str] = field(default_factory=set)

    def give_category(self, wanted: str) -> str:
        """Return the category, with a number where another quiz has it already."""
        stem = shorten(wanted, CATEGORY_LENGTH - 6)
        name, number = stem, 1
        while name.casefold() in self.categories:
            number += 1
            name = f"{stem} ({number})"
        self.categories.add(name.casefold())
        return name


@dataclass(frozen=True)
class Assessment:
    """A quiz that was read; ``quiz`` is empty when no question could be."""

    title: str
    quiz: Mapping[str, Any]
    warnings: tuple[Fault, ...]


def read_assessment(
    root: Any,
    file: str,
    title: str,
    bank: Bank,
    facts: Mapping[str, str] | None = None,
) -> Assessment:
    """Return the quiz of a file's root element.

    ``title`` stands in for a missing one; ``facts`` are entries such as cc_maxattempts and
    qmd_timelimit (minutes) that stand elsewhere and count more.
    """
    found = root if local(root) == "assessment" else next(descendants(root, "assessment"), None)
    if found is None:
        return Assessment(title, {}, (Fault("qti_no_assessment", file, values={"title": title}),))
    name = shorten(attribute(found, "title")) or title
    return _Reading(file, name, bank).assessment(found, facts or {})


class _Reading:
    """One assessment while it is read: questions, sections and warnings gather."""

    def __init__(self, file: str, title: str, bank: Bank) -> None:
        self._file = file
        self._title = title
        self._bank = bank
        self._names: dict[str, str] = {}
        self._questions: list[dict[str, Any]] = []
        self._sections: list[dict[str, Any]] = []
        self._warnings: list[Fault] = []

    def assessment(self, element: Any, given: Mapping[str, str]) -> Assessment:
        for section in _sections(element):
            self._section(section)
        if not self._questions:
            self._warn("qti_nothing", None, title=self._title)
            return Assessment(self._title, {}, tuple(self._warnings))
        facts = {**metadata(element), **given}
        if "pass_mark" not in facts:
            self._warn("qti_pass_mark", element, title=self._title, percent=PASS_MARK)
        quiz = {
            "pass_mark": _whole(facts.get("pass_mark"), 0, 100, PASS_MARK),
            "attempts": _read_attempts(facts.get("cc_maxattempts", "")),
            "sections": self._sections[:MOST_SECTIONS],
            "questions": self._questions,
        }
        minutes = _whole(facts.get("qmd_timelimit"), 0, MOST_MINUTES, 0)
        return Assessment(
            self._title,
            {**quiz, "time_limit": minutes} if minutes else quiz,
            tuple(self._warnings),
        )

    def _section(self, section: Any) -> None:
        before = len(self._questions)
        title = shorten(attribute(section, "title"), NOTE_LENGTH) or self._title
        wanted = metadata(section).get("category") or title
        # Two sections of one quiz may draw from the same questions.
        category = self._names.get(wanted) or self._bank.give_category(wanted)
        self._names[wanted] = category
        for item in self._items(section):
            if len(self._questions) >= MOST_QUESTIONS:
                self._warn("qti_too_many_questions", item, limit=MOST_QUESTIONS)
                break
            self._item(item, category)
        count = sum(question["category"] == category for question in self._questions)
        new = len(self._questions) - before
        draw = min(_draw(section, new), count)
        if draw:
            self._sections.append({"title": title, "category": category, "draw": draw})

    def _items(self, section: Any) -> Iterator[Any]:
        yield from children(section, "item")
        for reference in descendants(section, "sourcebank_ref"):
            root = self._bank.find(line(reference))
            if root is None:
                self._warn("qti_no_bank", reference, title=self._title)
            else:
                yield from descendants(root, "item")

    def _item(self, item: Any, category: str) -> None:
        try:
            question = read_item(item)
        except Unsupported as reason:
            self._warn(reason.code, item, title=_name(item), **reason.values)
            return
        if has_pictures(item):
            self._warn("qti_picture", item, title=_name(item))
        key = self._bank.keys.give(attribute(item, "ident") or question["stem"])
        self._questions.append({"key": key, "category": category, **question})

    def _warn(self, code: str, element: Any, **values: object) -> None:
        number = None if element is None else element.sourceline
        self._warnings.append(Fault(code, self._file, number, self._title, values))


def _sections(element: Any) -> Iterator[Any]:
    """Yield the sections that hold questions, inner ones after the one around them."""
    for section in descendants(element, "section"):
        if children(section, "item") or child(section, "selection_ordering") is not None:
            yield section


def _draw(section: Any, count: int) -> int:
    """Return how many questions the section asks; all of them when it does not say."""
    number = child(section, "selection_ordering", "selection", "selection_number")
    return count if number is None else _whole(line(number), 0, MOST_QUESTIONS, count)


def _name(item: Any) -> str:
    """Return by what a trainer finds the question again: its stem, or its title."""
    presentation = child(item, "presentation")
    stem = "" if presentation is None else line(child(presentation, "material"))
    return shorten(stem or attribute(item, "title") or attribute(item, "ident") or "?", 80)


def _read_attempts(text: str) -> int:
    return MOST_ATTEMPTS if text.lower() in _UNLIMITED else _whole(text, 1, MOST_ATTEMPTS, ATTEMPTS)


def _whole(text: str | None, low: int, high: int, default: int) -> int:
    """Return a whole number held in the bounds; the default for what is none."""
    digits = re.fullmatch(r"([0-9]{1,9})(\.[0-9]{0,9})?", clean(text or ""))
    return min(high, max(low, int(digits[1]))) if digits else default

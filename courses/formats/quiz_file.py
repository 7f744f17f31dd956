"""quiz.yml: its frame is checked here, its questions by their types when the quiz is made."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from courses.formats.packed import KEY_LENGTH, NOTE_LENGTH, TITLE_LENGTH
from courses.formats.yaml_file import Section, Sheet
from lms.core.text import clean

FORMAT = 1
MOST_ATTEMPTS = 100
MOST_MINUTES = 600
MOST_SECTIONS = 50
MOST_QUESTIONS = 1000
#: Characters of one text of a question.
TEXT_LENGTH = 4000


def read_quiz(sheet: Sheet, text: str) -> dict[str, Any]:
    """Return what a quiz file holds, in plain form; faults are noted on the sheet."""
    section = sheet.load(text)
    if section is None:
        return {}
    if section.whole("format", 0, 1000) != FORMAT and section.has("format"):
        section.refuse("format", "format")
    section.text("title", TITLE_LENGTH, optional=True)
    section.whole("pass_mark", 0, 100)
    section.whole("attempts", 1, MOST_ATTEMPTS)
    section.whole("time_limit", 1, MOST_MINUTES, default=1)
    categories = _read_questions(section)
    _read_sections(section, categories)
    section.finish()
    _check_values(sheet, section.data, ())
    return plain_quiz(section.data)


def plain_quiz(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a quiz so that two of the same content are equal.

    Format and title are left out (the lesson has the title), and so is what says nothing:
    empty values and ``correct: false``. Texts stand on one line.
    """
    plain = _plain(data)
    assert isinstance(plain, dict)
    return {key: value for key, value in plain.items() if key not in ("format", "title")}


def _read_questions(section: Section) -> Counter[str]:
    """Check what every type of question has; return how many each category holds."""
    keys: set[str] = set()
    categories: Counter[str] = Counter()
    for question in section.sections("questions", MOST_QUESTIONS):
        key = question.text("key", KEY_LENGTH)
        if key and key in keys:
            question.refuse("question_twice", "key", value=key)
        keys.add(key)
        question.text("type", KEY_LENGTH)
        if not question.has("stem"):
            question.refuse("required", "stem", key="stem")
        categories[question.text("category", KEY_LENGTH, optional=True)] += 1
    return categories


def _read_sections(section: Section, categories: Counter[str]) -> None:
    for part in section.sections("sections", MOST_SECTIONS):
        part.text("title", NOTE_LENGTH)
        category = part.text("category", KEY_LENGTH, optional=True)
        draw = part.whole("draw", 1, MOST_QUESTIONS)
        if draw > categories[category]:
            part.refuse(
                "too_few_questions",
                "draw",
                category=category,
                draw=draw,
                count=categories[category],
            )
        part.finish()


def _check_values(sheet: Sheet, value: Any, path: tuple[str | int, ...]) -> None:
    """Refuse values that no question is made of: endless numbers, bytes, very long texts."""
    if isinstance(value, dict):
        for key, entry in value.items():
            _check_values(sheet, entry, (*path, str(key)))
    elif isinstance(value, list):
        for number, entry in enumerate(value, 1):
            _check_values(sheet, entry, (*path, number))
    elif isinstance(value, str):
        if len(value) > TEXT_LENGTH:
            sheet.refuse("too_long", path, limit=TEXT_LENGTH)
    elif isinstance(value, float):
        if not math.isfinite(value):
            sheet.refuse("not_text", path)
    elif value is not None and not isinstance(value, (bool, int, date)):
        sheet.refuse("not_text", path)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        pairs = ((str(key), _plain(entry)) for key, entry in value.items())
        return {
            key: entry
            for key, entry in pairs
            if entry not in (None, "", [], {}) and (key, entry) != ("correct", False)
        }
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    return clean(value) if isinstance(value, str) else value

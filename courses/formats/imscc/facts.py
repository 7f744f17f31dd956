"""What a cartridge has no words for, in a file beside it that only we read.

So that a course that goes out as a cartridge and comes back has its objectives, its legal
sources, and for each lesson how long it takes, whether it must be taken, whether it speaks
of violence, and its rules.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from courses.formats.pack.lessons import read_key, read_lesson
from courses.formats.packed import (
    KEY_LENGTH,
    MOST_LESSONS,
    MOST_OBJECTIVES,
    MOST_PERIODS,
    MOST_SOURCES,
    NOTE_LENGTH,
    NUMBER_LENGTH,
    OBJECTIVE_LENGTH,
    PackedCourse,
    PackedLesson,
)
from courses.formats.yaml_file import Section, Sheet

FILE = "beside/course.json"
FORMAT = 1
MAX_BYTES = 1024**2
_LESSON = ("minutes", "required", "sensitive", "completion", "release")
_COURSE = ("periods", "in_order", "audiences", "objectives", "sources")


@dataclass(frozen=True)
class Facts:
    """What the file says: fields of the course, and of its lessons by their keys."""

    course: Mapping[str, Any]
    lessons: Mapping[str, PackedLesson]

    def add_to(self, course: PackedCourse) -> PackedCourse:
        """Return the course with these facts; lessons that it does not know are passed over."""
        modules = tuple(
            replace(module, lessons=tuple(self._lesson(lesson) for lesson in module.lessons))
            for module in course.modules
        )
        return replace(course, modules=modules, **self.course)

    def _lesson(self, lesson: PackedLesson) -> PackedLesson:
        known = self.lessons.get(lesson.key)
        if known is None:
            return lesson
        return replace(lesson, **{name: getattr(known, name) for name in _LESSON})


def write_facts(course: PackedCourse) -> bytes:
    """Return the file for a course."""
    facts: dict[str, Any] = {"format": FORMAT, **{name: getattr(course, name) for name in _COURSE}}
    facts["sources"] = [dict(source) for source in course.sources]
    facts["lessons"] = [
        {"key": lesson.key, "title": lesson.title, **_plain(lesson)} for lesson in course.lessons()
    ]
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def read_facts(text: str) -> Facts | None:
    """Return what the file says; None when it is damaged or of another format."""
    # JSON is YAML, and the reader of packs knows what may stand where.
    sheet = Sheet(FILE)
    section = sheet.load(text)
    if section is None or section.whole("format", 0, 1000) != FORMAT:
        return None
    course = {
        "periods": section.whole("periods", 1, MOST_PERIODS),
        "in_order": section.flag("in_order", default=False),
        "audiences": tuple(section.texts("audiences", MOST_OBJECTIVES, KEY_LENGTH)),
        "objectives": tuple(section.texts("objectives", MOST_OBJECTIVES, OBJECTIVE_LENGTH)),
        "sources": tuple(_source(s) for s in section.sections("sources", MOST_SOURCES)),
    }
    lessons = {}
    for entry in section.sections("lessons", MOST_LESSONS):
        lessons[read_key(entry, "key")] = read_lesson(entry, kind="article")
    return None if sheet.faults else Facts(course, lessons)


def _plain(lesson: PackedLesson) -> dict[str, Any]:
    facts = {name: getattr(lesson, name) for name in _LESSON}
    return {name: dict(fact) if isinstance(fact, Mapping) else fact for name, fact in facts.items()}


def _source(section: Section) -> dict[str, str]:
    source = {
        "title": section.text("title", NOTE_LENGTH),
        "number": section.text("number", NUMBER_LENGTH, optional=True),
        "date": section.day("date"),
        "note": section.text("note", NOTE_LENGTH, optional=True),
    }
    return {key: value for key, value in source.items() if value}

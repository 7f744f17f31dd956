"""A course outside the database: what every format is read into and written from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from courses.formats.faults import Fault

TITLE_LENGTH = 200
SUMMARY_LENGTH = 1000
OBJECTIVE_LENGTH = 300
NUMBER_LENGTH = 80
NOTE_LENGTH = 500
#: Characters of a lesson's Markdown: about ten times a long lesson.
SOURCE_LENGTH = 100_000
MOST_PERIODS = 200
MOST_MINUTES = 600
MOST_OBJECTIVES = 12
MOST_SOURCES = 50
MOST_MODULES = 50
MOST_LESSONS = 300
MOST_PICTURES = 300

#: Addresses of courses and keys of lessons.
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY_LENGTH = 80
#: First words of other addresses under /courses/ and /courses/write/.
TAKEN_SLUGS = frozenset({"assign", "attempts", "banks", "import", "media", "new", "write"})
PICTURE_NAME = re.compile(r"images/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class PackedLesson:
    """One step of a course: a reading with its Markdown, or a quiz with its rules."""

    key: str
    title: str
    kind: str = "article"
    source: str = ""
    minutes: int = 0
    required: bool = True
    sensitive: bool = False
    #: What quiz.yml holds, without format and title; None for what is no quiz.
    quiz: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class PackedModule:
    """A chapter."""

    title: str
    lessons: tuple[PackedLesson, ...] = ()


@dataclass(frozen=True)
class PackedPicture:
    """A picture's bytes and type, checked to be harmless."""

    data: bytes
    content_type: str


@dataclass(frozen=True)
class PackedCourse:
    """A whole course. Two are equal when a learner could not tell them apart."""

    slug: str
    title: str
    periods: int
    summary: str = ""
    audiences: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    #: Legal sources: title, and where there is one number, date (ISO 8601) and note.
    sources: tuple[Mapping[str, str], ...] = ()
    modules: tuple[PackedModule, ...] = ()
    #: By their names in the course, like images/so-do.svg.
    pictures: Mapping[str, PackedPicture] = field(default_factory=dict)
    #: What was passed over while reading.
    warnings: tuple[Fault, ...] = field(default=(), compare=False)

    def comparable(self) -> "PackedCourse":
        """Return the course with its questions by key: their order in a bank says nothing."""
        modules = (
            replace(module, lessons=tuple(_sort_questions(lesson) for lesson in module.lessons))
            for module in self.modules
        )
        return replace(self, modules=tuple(modules))

    def lessons(self) -> Iterator[PackedLesson]:
        """Yield every lesson in order."""
        for module in self.modules:
            yield from module.lessons


def _sort_questions(lesson: PackedLesson) -> PackedLesson:
    if lesson.quiz is None:
        return lesson
    questions = sorted(lesson.quiz.get("questions", ()), key=lambda question: question["key"])
    return replace(lesson, quiz={**lesson.quiz, "questions": questions})

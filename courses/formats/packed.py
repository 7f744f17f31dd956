"""A course outside the database: what every format is read into and written from."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

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
MOST_FILES = 500

#: Addresses of courses and keys of lessons.
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY_LENGTH = 80
#: First words of other addresses under /courses/ and /courses/write/.
TAKEN_SLUGS = frozenset(
    {
        "assign",
        "attempts",
        "attendance",
        "banks",
        "hand-ins",
        "import",
        "imports",
        "library",
        "marking",
        "media",
        "new",
        "reviews",
        "uploads",
        "write",
    }
)
FILE_NAME = re.compile(r"(media|packages)/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
PICTURE_NAME = re.compile(r"images/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class PackedLesson:
    """One step of a course: a reading with its Markdown, a quiz with its rules, a video and so on."""

    key: str
    title: str
    kind: str = "article"
    source: str = ""
    minutes: int = 0
    required: bool = True
    sensitive: bool = False
    #: What quiz.yml holds, without format and title; None for what is no quiz.
    quiz: Mapping[str, Any] | None = None
    #: What the kind needs besides, like the file of a video: plain JSON, see courses/kinds.
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: When it counts as done, and when it opens: plain JSON, see courses/rules.
    completion: Mapping[str, Any] = field(default_factory=dict)
    release: Mapping[str, Any] = field(default_factory=dict)


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
class PackedFile:
    """A file that a lesson plays or offers, too large to be held: it is read where it lies."""

    content_type: str
    size: int
    #: Hexadecimal; two files of the same content are equal.
    sha256: str
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)

    @classmethod
    def of(cls, content_type: str, opener: Callable[[], BinaryIO]) -> "PackedFile":
        """Return the file that ``opener`` opens, read through once for its size and hash."""
        digest, size = hashlib.sha256(), 0
        with opener() as stream:
            while block := stream.read(1024**2):
                digest.update(block)
                size += len(block)
        return cls(content_type, size, digest.hexdigest(), opener)

    @classmethod
    def of_bytes(cls, content_type: str, data: bytes) -> "PackedFile":
        """Return a small file."""
        return cls.of(content_type, lambda: io.BytesIO(data))


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
    #: By their names in the course, like media/bai-giang.mp4 or packages/hop-le.zip.
    files: Mapping[str, PackedFile] = field(default_factory=dict)
    #: Whether each lesson opens only when the one before is done.
    in_order: bool = False
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

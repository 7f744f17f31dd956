"""A course pack is read: every file once, every fault told by its file and line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.pack.files import FOLDERS, read_files, read_pictures
from courses.formats.pack.folder import Folder
from courses.formats.pack.lessons import read_key, read_kind, read_lesson, split_front_matter
from courses.formats.packed import (
    KEY_LENGTH,
    MOST_LESSONS,
    MOST_MODULES,
    MOST_OBJECTIVES,
    MOST_PERIODS,
    MOST_SOURCES,
    NOTE_LENGTH,
    NUMBER_LENGTH,
    OBJECTIVE_LENGTH,
    SOURCE_LENGTH,
    SUMMARY_LENGTH,
    TAKEN_SLUGS,
    TITLE_LENGTH,
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
    PackedPicture,
)
from courses.formats.quiz_file import read_quiz
from courses.formats.unpacking import find_root
from courses.formats.yaml_file import Section, Sheet
from courses.lesson_text import list_pictures, normalise
from lms.core.archives import PACKAGE_LIMITS, Archive, ArchiveError, open_archive

KEY = "pack"
LABEL = _l("Course pack")

FORMAT = 1
COURSE_FILE = "course.yml"
MAX_COURSE_BYTES = 256 * 1024
MAX_LESSON_BYTES = 4 * SOURCE_LENGTH
MAX_QUIZ_BYTES = 1024**2


def recognises(brought: Brought) -> bool:
    """Tell whether it is a zip with a course.yml, perhaps in one folder. Raises ArchiveError."""
    return find_root(brought, COURSE_FILE) is not None


def read(source: Brought | Path | bytes) -> PackedCourse:
    """Return the course in a zip, or in a folder on this machine.

    Raises UnreadableCourse with every fault that was found, each by file and line.
    """
    try:
        return _Reading(_open(source)).course()
    except ArchiveError as error:
        raise UnreadableCourse([Fault(error.code, error.entry)]) from None


def _open(source: Brought | Path | bytes) -> Archive | Folder:
    if isinstance(source, Path):
        return Folder(source)
    data = source.file if isinstance(source, Brought) else source
    return open_archive(data, PACKAGE_LIMITS, marker=COURSE_FILE)


class _Reading:
    """One pack while it is read: faults and warnings gather, each file is read once."""

    def __init__(self, files: Archive | Folder) -> None:
        self._files = files
        self._faults: list[Fault] = []
        self._warnings: list[Fault] = []
        self._read: set[str] = set()

    def course(self) -> PackedCourse:
        if COURSE_FILE not in self._files:
            raise UnreadableCourse([Fault("no_course_file")])
        text = self._text(COURSE_FILE, MAX_COURSE_BYTES)
        if text is None:
            raise UnreadableCourse(self._faults)
        section = self._sheet(COURSE_FILE).load(text)
        if section is None:
            raise UnreadableCourse(self._faults)
        facts, modules = self._facts(section), self._modules(section)
        section.finish()
        pictures, files = self._pictures(), self._media()
        self._compare_pictures(modules, pictures)
        self._compare_files(modules, files)
        self._warn_of_unread()
        if self._faults:
            raise UnreadableCourse(self._faults)
        return PackedCourse(
            **facts,
            modules=modules,
            pictures=pictures,
            files=files,
            warnings=tuple(self._warnings),
        )

    # --- course.yml

    def _facts(self, section: Section) -> dict[str, Any]:
        if section.whole("format", 0, 1000) != FORMAT and section.has("format"):
            section.refuse("format", "format")
        return {
            "slug": _read_slug(section),
            "title": section.text("title", TITLE_LENGTH),
            "summary": section.text("summary", SUMMARY_LENGTH, optional=True),
            "periods": section.whole("periods", 1, MOST_PERIODS),
            "audiences": tuple(section.texts("audiences", MOST_OBJECTIVES, KEY_LENGTH)),
            "objectives": tuple(section.texts("objectives", MOST_OBJECTIVES, OBJECTIVE_LENGTH)),
            "sources": tuple(_read_source(s) for s in section.sections("sources", MOST_SOURCES)),
            "in_order": section.flag("in_order", default=False),
        }

    def _modules(self, section: Section) -> tuple[PackedModule, ...]:
        keys: set[str] = set()
        modules = []
        for part in section.sections("modules", MOST_MODULES):
            title = part.text("title", TITLE_LENGTH)
            entries = part.sections("lessons", MOST_LESSONS)
            lessons = [self._lesson(entry, keys) for entry in entries]
            modules.append(PackedModule(title, tuple(x for x in lessons if x is not None)))
            part.finish()
        return tuple(modules)

    def _lesson(self, entry: Section, keys: set[str]) -> PackedLesson | None:
        if entry.has("file") == entry.has("quiz"):
            entry.refuse("lesson_kind")
            return None
        field = "file" if entry.has("file") else "quiz"
        name = entry.text(field, TITLE_LENGTH)
        if name in self._read or name not in self._files:
            code = "file_twice" if name in self._read else "no_such_file"
            entry.refuse(code, field, name=name)
            return None
        lesson = self._quiz(entry, name) if field == "quiz" else self._written(entry, name)
        entry.finish()
        if lesson is not None and lesson.key in keys:
            entry.refuse("key_twice", field, value=lesson.key)
        keys.add(lesson.key if lesson else "")
        return lesson

    def _written(self, entry: Section, name: str) -> PackedLesson | None:
        text = self._text(name, MAX_LESSON_BYTES)
        if text is None:
            return None
        sheet = self._sheet(name)
        front, body = split_front_matter(text)
        if front is None:
            sheet.refuse("front_matter")
            return None
        sheet.first_line = 1
        section = sheet.load(front)
        if section is None:
            return None
        lesson = read_lesson(section, kind=read_kind(section), source=normalise(body))
        section.finish()
        if len(lesson.source) > SOURCE_LENGTH:
            sheet.refuse("too_long", limit=SOURCE_LENGTH)
        return lesson

    def _quiz(self, entry: Section, name: str) -> PackedLesson | None:
        text = self._text(name, MAX_QUIZ_BYTES)
        if text is None:
            return None
        sheet = self._sheet(name)
        return read_lesson(entry, kind="quiz", quiz=read_quiz(sheet, text))

    # --- files

    def _sheet(self, name: str) -> Sheet:
        """Return a sheet whose faults are this reading's."""
        return Sheet(name, self._faults, self._warnings)

    def _text(self, name: str, limit: int) -> str | None:
        """Return a file's text; None, with the fault noted, when it cannot be had."""
        self._read.add(name)
        if self._files.size(name) > limit:
            self._sheet(name).refuse("file_too_large", limit=limit // 1024)
            return None
        try:
            return self._files[name].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            self._sheet(name).refuse("not_utf8")
            return None

    def _pictures(self) -> dict[str, PackedPicture]:
        pictures = read_pictures(self._files, self._faults.append)
        self._read.update(name for name in self._files if name.startswith("images/"))
        return pictures

    def _media(self) -> dict[str, PackedFile]:
        files = read_files(self._files, self._faults.append, self._warnings.append)
        self._read.update(name for name in self._files if name.startswith(FOLDERS))
        return files

    def _compare_pictures(
        self, modules: tuple[PackedModule, ...], pictures: Mapping[str, PackedPicture]
    ) -> None:
        for module in modules:
            for lesson in module.lessons:
                for name in list_pictures(lesson.source):
                    if name not in pictures:
                        self._sheet(lesson.key).warn("picture_missing", name=name)

    def _compare_files(
        self, modules: tuple[PackedModule, ...], files: Mapping[str, PackedFile]
    ) -> None:
        for lesson in (lesson for module in modules for lesson in module.lessons):
            name = lesson.settings.get("file")
            if name and name not in files:
                self._sheet(lesson.key).refuse("no_such_file", ("settings", "file"), name=name)

    def _warn_of_unread(self) -> None:
        for name in sorted(set(self._files) - self._read):
            self._sheet(name).warn("unread_file")


def _read_slug(section: Section) -> str:
    slug = read_key(section, "slug")
    if slug in TAKEN_SLUGS:
        section.refuse("slug_taken", "slug", value=slug)
    return slug


def _read_source(section: Section) -> dict[str, str]:
    source = {
        "title": section.text("title", NOTE_LENGTH),
        "number": section.text("number", NUMBER_LENGTH, optional=True),
        "date": section.day("date"),
        "note": section.text("note", NOTE_LENGTH, optional=True),
    }
    section.finish()
    return {key: value for key, value in source.items() if value}

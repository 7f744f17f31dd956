"""The course pack, format 1: a folder of plain files, or a zip of it. See docs/course-pack.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.folder import Folder
from courses.formats.packed import (
    KEY,
    KEY_LENGTH,
    MOST_LESSONS,
    MOST_MINUTES,
    MOST_MODULES,
    MOST_OBJECTIVES,
    MOST_PERIODS,
    MOST_PICTURES,
    MOST_SOURCES,
    NOTE_LENGTH,
    NUMBER_LENGTH,
    OBJECTIVE_LENGTH,
    PICTURE_NAME,
    SOURCE_LENGTH,
    SUMMARY_LENGTH,
    TAKEN_SLUGS,
    TITLE_LENGTH,
    PackedCourse,
    PackedLesson,
    PackedModule,
    PackedPicture,
)
from courses.formats.picture import PictureError, check_picture
from courses.formats.quiz_file import read_quiz
from courses.formats.yaml_file import Section, Sheet
from courses.lesson_text import list_pictures, normalise
from lms.core.archives import Archive, ArchiveError, open_archive

FORMAT = 1
COURSE_FILE = "course.yml"
MAX_COURSE_BYTES = 256 * 1024
MAX_LESSON_BYTES = 4 * SOURCE_LENGTH
MAX_QUIZ_BYTES = 1024**2
_FENCE = "---"


def read(source: Path | bytes) -> PackedCourse:
    """Return the course in a folder or in the bytes of a zip.

    Raises UnreadableCourse with every fault that was found, each by file and line.
    """
    try:
        files = Folder(source) if isinstance(source, Path) else _unzip(source)
        return _Reading(files).course()
    except ArchiveError as error:
        raise UnreadableCourse([Fault(error.code, error.entry)]) from None


def _unzip(data: bytes) -> Archive:
    return open_archive(data, marker=COURSE_FILE)


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
        pictures = self._pictures()
        self._compare_pictures(modules, pictures)
        self._warn_of_unread()
        if self._faults:
            raise UnreadableCourse(self._faults)
        return PackedCourse(
            **facts, modules=modules, pictures=pictures, warnings=tuple(self._warnings)
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
        lesson = self._quiz(entry, name) if field == "quiz" else self._article(entry, name)
        entry.finish()
        if lesson is not None and lesson.key in keys:
            entry.refuse("key_twice", field, value=lesson.key)
        keys.add(lesson.key if lesson else "")
        return lesson

    def _article(self, entry: Section, name: str) -> PackedLesson | None:
        text = self._text(name, MAX_LESSON_BYTES)
        if text is None:
            return None
        sheet = self._sheet(name)
        front, body = _split_front_matter(text)
        if front is None:
            sheet.refuse("front_matter")
            return None
        sheet.first_line = 1
        section = sheet.load(front)
        if section is None:
            return None
        lesson = _read_lesson(section, kind="article", source=normalise(body))
        section.finish()
        if len(lesson.source) > SOURCE_LENGTH:
            sheet.refuse("too_long", limit=SOURCE_LENGTH)
        return lesson

    def _quiz(self, entry: Section, name: str) -> PackedLesson | None:
        text = self._text(name, MAX_QUIZ_BYTES)
        if text is None:
            return None
        sheet = self._sheet(name)
        return _read_lesson(entry, kind="quiz", quiz=read_quiz(sheet, text))

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
        names = sorted(name for name in self._files if name.startswith("images/"))
        if len(names) > MOST_PICTURES:
            self._sheet("images/").refuse("too_many", limit=MOST_PICTURES)
        pictures = {}
        for name in names[:MOST_PICTURES]:
            self._read.add(name)
            if not PICTURE_NAME.fullmatch(name):
                self._sheet(name).refuse("picture_name")
                continue
            try:
                data = self._files[name]
                pictures[name] = PackedPicture(data, check_picture(name, data))
            except PictureError as error:
                self._sheet(name).refuse(error.code, **error.values)
        return pictures

    def _compare_pictures(
        self, modules: tuple[PackedModule, ...], pictures: Mapping[str, PackedPicture]
    ) -> None:
        for module in modules:
            for lesson in module.lessons:
                for name in list_pictures(lesson.source):
                    if name not in pictures:
                        self._sheet(lesson.key).warn("picture_missing", name=name)

    def _warn_of_unread(self) -> None:
        for name in sorted(set(self._files) - self._read):
            self._sheet(name).warn("unread_file")


def _read_slug(section: Section) -> str:
    slug = _read_key(section, "slug")
    if slug in TAKEN_SLUGS:
        section.refuse("slug_taken", "slug", value=slug)
    return slug


def _read_key(section: Section, key: str) -> str:
    value = section.text(key, KEY_LENGTH)
    if value and not KEY.fullmatch(value):
        section.refuse("bad_key", key, value=value)
    return value


def _read_source(section: Section) -> dict[str, str]:
    source = {
        "title": section.text("title", NOTE_LENGTH),
        "number": section.text("number", NUMBER_LENGTH, optional=True),
        "date": section.day("date"),
        "note": section.text("note", NOTE_LENGTH, optional=True),
    }
    section.finish()
    return {key: value for key, value in source.items() if value}


def _read_lesson(section: Section, *, kind: str, **content: Any) -> PackedLesson:
    """Return the facts that every lesson has, with its content."""
    return PackedLesson(
        key=_read_key(section, "key"),
        title=section.text("title", TITLE_LENGTH),
        kind=kind,
        minutes=section.whole("minutes", 0, MOST_MINUTES, default=0),
        required=section.flag("required", default=True),
        sensitive=section.flag("sensitive", default=False),
        **content,
    )


def _split_front_matter(text: str) -> tuple[str | None, str]:
    """Return what stands between the first two lines of hyphens, and what follows."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, text

"""A course as a SCORM 1.2 package that runs in another learning system.

One thing to open (SCO): a page that holds every lesson, with a small player written for it
(player/). Quizzes are marked in the browser, so their answers lie in the package.
"""

import json
from collections.abc import Iterator
from html import escape
from importlib import resources
from string import Template
from typing import Any, BinaryIO

from courses.formats.faults import Fault
from courses.formats.lesson_pages import captions_of, list_losses, name_of, shown_files, write_body
from courses.formats.manifest import FILE
from courses.formats.packed import PackedCourse, PackedLesson
from courses.formats.scorm.words import player_words
from courses.formats.xml_writing import add, begin
from courses.formats.xml_writing import write as write_xml
from courses.formats.zip_writing import ZipWriter

_CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
_ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_PLAYER = ("player.css", "player.js", "quiz.js")
_LAUNCH = "index.html"
_PLAYED = ("video/", "audio/")


def write(packed: PackedCourse, out: BinaryIO) -> list[Fault]:
    """Write the package; return what could not go, each with the lesson's key as its file.

    Needs an application context, for the words of boxes and player.
    """
    return _Writing(packed, out).write()


class _Writing:
    """One package while it is written."""

    def __init__(self, packed: PackedCourse, out: BinaryIO) -> None:
        self._packed = packed
        self._out = out
        self._words = player_words()
        self._warnings: list[Fault] = []
        self._names: list[str] = []

    def write(self) -> list[Fault]:
        player = resources.files("courses.formats.scorm") / "player"
        with ZipWriter(self._out) as archive:
            self._zip = archive
            index = Template((player / _LAUNCH).read_text("utf-8"))
            self._add(_LAUNCH, index.substitute(self._parts()))
            self._add("course.js", self._data())
            for name in _PLAYER:
                self._add(name, (player / name).read_text("utf-8"))
            self._add_files()
            archive.add(FILE, write_xml(_manifest(self._packed, self._names)))
        return self._warnings

    # --- the page

    def _parts(self) -> dict[str, str]:
        words = {f"word_{name}": escape(text) for name, text in self._words.items()}
        return {
            **words,
            "title": escape(self._packed.title),
            "contents": "\n".join(self._contents()),
            "lessons": "\n".join(self._lesson(lesson) for lesson in self._lessons()),
        }

    def _lessons(self) -> Iterator[PackedLesson]:
        return (lesson for lesson in self._packed.lessons() if lesson.kind != "package")

    def _contents(self) -> Iterator[str]:
        for module in self._packed.modules:
            lessons = [lesson for lesson in module.lessons if lesson.kind != "package"]
            if not lessons:
                continue
            yield f"<h2>{escape(module.title)}</h2>\n<ol>"
            for lesson in lessons:
                yield (
                    f'<li><a href="#lesson-{lesson.key}" data-lesson="{lesson.key}">'
                    f"<span>{escape(lesson.title)}</span>"
                    '<span class="mark" aria-hidden="true"></span><span class="said"></span></a></li>'
                )
            yield "</ol>"

    def _lesson(self, lesson: PackedLesson) -> str:
        body = write_body(lesson, self._packed, lambda name: name)
        return (
            f'<section class="lesson" id="lesson-{lesson.key}">\n'
            f'<h2 tabindex="-1">{escape(lesson.title)}</h2>\n'
            f"{self._played(lesson)}{body}{self._besides(lesson)}"
            '<p class="steps"></p>\n</section>'
        )

    def _played(self, lesson: PackedLesson) -> str:
        """Return the players and links of the files that a lesson is about."""
        names = (name for name in shown_files(lesson) if name in self._packed.files)
        return "".join(self._player(name, lesson) for name in names)

    def _player(self, name: str, lesson: PackedLesson) -> str:
        kind = self._packed.files[name].content_type
        title = escape(lesson.title)
        if not kind.startswith(_PLAYED):
            label = escape(f"{self._words['open_file']}: {name_of(name)}")
            return f'<p><a href="{name}" target="_blank" rel="noopener">{label}</a></p>\n'
        if kind.startswith("audio/"):
            return f'<audio controls preload="none" src="{name}" aria-label="{title}"></audio>\n'
        tracks = "".join(
            f'<track kind="captions" src="{track}" srclang="{_language(track)}">'
            for track in captions_of(name, self._packed)
        )
        return (
            f'<video controls preload="metadata" src="{name}" aria-label="{title}">'
            f"{tracks}</video>\n"
        )

    def _besides(self, lesson: PackedLesson) -> str:
        if lesson.kind == "quiz":
            return f'<div id="quiz-{lesson.key}"></div>\n'
        if lesson.kind == "assignment":
            self._warn("export_task", lesson)
            return f"<p><strong>{escape(self._words['task'])}</strong></p>\n"
        return ""

    # --- what the player reads

    def _data(self) -> str:
        course = {
            "title": self._packed.title,
            "words": self._words,
            "lessons": [self._lesson_data(lesson) for lesson in self._lessons()],
        }
        # No sign of HTML, so that the file is safe to be put anywhere.
        text = json.dumps(course, ensure_ascii=True).replace("<", "\\u003c")
        return f"window.COURSE = {text};\n"

    def _lesson_data(self, lesson: PackedLesson) -> dict[str, Any]:
        data: dict[str, Any] = {"key": lesson.key, "required": lesson.required}
        if lesson.quiz is not None:
            data["quiz"] = {
                name: lesson.quiz.get(name, default)
                for name, default in (
                    ("pass_mark", 0),
                    ("attempts", 1),
                    ("sections", []),
                    ("questions", []),
                )
            }
            if lesson.quiz.get("time_limit"):
                self._warn("export_time_limit", lesson)
        return data

    # --- files

    def _add(self, name: str, text: str) -> None:
        self._names.append(name)
        self._zip.add(name, text)

    def _add_files(self) -> None:
        for name, picture in self._packed.pictures.items():
            self._names.append(name)
            self._zip.add(name, picture.data, picture.content_type)
        for name, file in self._packed.files.items():
            if name.startswith("media/"):
                self._names.append(name)
                self._zip.add_file(name, file)
        for lesson in self._packed.lessons():
            if lesson.kind == "package":
                self._warn("export_package", lesson)
            for code in list_losses(lesson):
                self._warn(code, lesson)

    def _warn(self, code: str, lesson: PackedLesson) -> None:
        self._warnings.append(Fault(code, lesson.key, values={"title": lesson.title}))


def _manifest(packed: PackedCourse, names: list[str]) -> Any:
    root = begin("manifest", _CP, {"adlcp": _ADLCP})
    root.set("identifier", f"course-{packed.slug}")
    root.set("version", "1.1")
    metadata = add(root, "metadata")
    add(metadata, "schema", text="ADL SCORM")
    add(metadata, "schemaversion", text="1.2")
    organizations = add(root, "organizations", {"default": "contents"})
    organization = add(organizations, "organization", {"identifier": "contents"})
    add(organization, "title", text=packed.title)
    item = add(organization, "item", {"identifier": "course", "identifierref": "player"})
    add(item, "title", text=packed.title)
    resource = add(
        add(root, "resources"),
        "resource",
        {"identifier": "player", "type": "webcontent", "href": _LAUNCH},
    )
    resource.set(f"{{{_ADLCP}}}scormtype", "sco")
    for name in names:
        add(resource, "file", {"href": name})
    return root


def _language(track: str) -> str:
    """Return the language in a caption file's name: vi of media/x.vi.vtt."""
    language = track.removesuffix(".vtt").rpartition(".")[2]
    return language if 2 <= len(language) <= 3 else "vi"

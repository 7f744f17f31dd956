"""Each resource of a cartridge to a lesson: by its type, page, file, link, quiz or task."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from courses.formats.course_facts import Keys, minutes_to_read, shorten
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.html.markdown_writing import escape, guard, write_address
from courses.formats.html.markdown_writing import picture as show_file
from courses.formats.imscc.assignment import read_rubrics, read_task
from courses.formats.imscc.files import PICTURES, CartridgeFiles
from courses.formats.imscc.pages import page_title, read_page
from courses.formats.manifest import Manifest, Resource
from courses.formats.packed import PackedLesson
from courses.formats.qti.reading import Bank, read_assessment
from courses.formats.unpacking import attribute, child, descendants, ending, local, text_of
from lms.core.text import clean

MAX_PAGE_BYTES = 4 * 1024**2
_PAGES = ("html", "htm", "xhtml")
_WEB = ("http://", "https://", "mailto:", "tel:")
_CANVAS_PREFIXES = ("Assignment: ", "Topic: ")


class Lessons:
    """Makes the lessons of one cartridge; warnings gather."""

    def __init__(self, manifest: Manifest, files: CartridgeFiles) -> None:
        self._manifest = manifest
        self._files = files
        self._unpacked = manifest.files
        self._bank = Bank(find=self._find_bank)
        self.keys = Keys()
        self.warnings: list[Fault] = []
        #: Files of the cartridge that a lesson was made of.
        self.used: set[str] = set()

    def make(self, resource: Resource, title: str, key: str = "") -> PackedLesson | None:
        """Return the lesson for a resource; None, with a warning, when there can be none."""
        name = self._unpacked.find(resource.href) if resource.href else self._first_file(resource)
        shown = title or (name or resource.href or resource.identifier).rpartition("/")[2]
        if name is None:
            self._warn("cc_missing", resource.href, title=shown)
            return None
        self.used.add(name)
        try:
            lesson = self._by_type(resource, name, title, shown)
        except UnreadableCourse as error:
            # The rest of the cartridge is worth having.
            self.warnings += error.faults
            self._warn("cc_unreadable", name, title=shown)
            return None
        return lesson and self._named(lesson, key)

    def _named(self, lesson: PackedLesson, key: str) -> PackedLesson:
        given = self.keys.give(key or lesson.title)
        return PackedLesson(
            key=given,
            title=lesson.title,
            kind=lesson.kind,
            source=lesson.source,
            minutes=minutes_to_read(lesson.source) if lesson.source else lesson.minutes,
            quiz=lesson.quiz,
            settings=lesson.settings,
        )

    def _by_type(
        self, resource: Resource, name: str, title: str, shown: str
    ) -> PackedLesson | None:
        kind, _underscore, detail = resource.type.partition("_")
        if kind == "imsqti" and detail.endswith("/assessment"):
            return self._quiz(resource, name, shown)
        if kind in ("imswl", "imsdt"):
            return (
                self._link(name, shown) if kind == "imswl" else self._topic(resource, name, title)
            )
        if kind == "assignment":
            return self._task(self._unpacked.xml(name), name, "", title)
        if settings := self._settings_of(resource):
            html = self._html(name, shown) or ""
            return self._task(self._unpacked.xml(settings), name, html, title)
        if kind == "webcontent" or ending(name) in _PAGES:
            return self._web_content(name, title)
        self._warn_of_kind(resource.type, name, shown)
        return None

    def _warn_of_kind(self, kind: str, name: str, shown: str) -> None:
        if "lti" in kind:
            # A tool bears its name in its own file.
            shown = text_of(next(descendants(self._unpacked.xml(name), "title"), None)) or shown
        code = (
            "cc_tool" if "lti" in kind else "cc_bank" if "question-bank" in kind else "cc_unknown"
        )
        self._warn(code, name, title=shown)

    # --- kinds

    def _web_content(self, name: str, title: str) -> PackedLesson | None:
        if ending(name) in _PAGES:
            html = self._html(name, title)
            return None if html is None else self._article(html, name, title)
        shown = shorten(title or name.rpartition("/")[2])
        if ending(name) in PICTURES:
            picture = self._files.picture(name, self._warner(name, shown))
            return (picture and _lesson(shown, source=show_file(picture, shown))) or None
        medium = self._files.medium(name, self._warner(name, shown))
        if medium is None:
            return None
        content_type = self._files.media[medium].content_type
        if content_type.startswith(("video/", "audio/")):
            return _lesson(shown, kind="video", settings={"file": medium})
        if content_type == "application/pdf":
            minutes = self._files.minutes[medium]
            return _lesson(shown, kind="document", settings={"file": medium}, minutes=minutes)
        return _lesson(shown, source=show_file(medium, shown))

    def _article(self, html: str, name: str, title: str) -> PackedLesson:
        named = shorten(title or page_title(html) or name.rpartition("/")[2].rpartition(".")[0])
        for prefix in _CANVAS_PREFIXES:
            named = named.removeprefix(prefix) or named
        page = read_page(html, name, named, self._files)
        self.warnings += page.warnings
        if not page.source:
            self._warn("cc_empty", name, title=named)
        return _lesson(named, source=page.source)

    def _link(self, name: str, shown: str) -> PackedLesson | None:
        root = self._unpacked.xml(name)
        title = shorten(text_of(child(root, "title")) or shown)
        url = child(root, "url")
        address = "" if url is None else attribute(url, "href")
        if not address.lower().startswith(_WEB):
            self._warn("cc_missing", name, title=title)
            return None
        label = guard(f"[{escape(title)}]({write_address(address)})")
        return _lesson(title, source=f"{label}\n\n{guard(escape(clean(address)))}")

    def _topic(self, resource: Resource, name: str, title: str) -> PackedLesson | None:
        root = self._unpacked.xml(name)
        named = shorten(text_of(child(root, "title")) or title or name)
        if self._is_announcement(resource):
            self._warn("cc_announcement", name, title=named)
            return None
        text = child(root, "text")
        self._warn("cc_discussion", name, title=named)
        return self._article("" if text is None else "".join(text.itertext()), name, named)

    def _quiz(self, resource: Resource, name: str, shown: str) -> PackedLesson | None:
        full, meta = self._full_quiz(resource)
        facts, title = _canvas_facts(meta)
        source = full or name
        read = read_assessment(
            self._unpacked.xml(source), source, title or shown, self._bank, facts
        )
        self.warnings += read.warnings
        self.used.update(filter(None, (full, name)))
        if not read.quiz:
            return None
        if meta is not None and text_of(child(meta, "description")):
            self._warn("cc_quiz_text", source, title=read.title)
        return _lesson(shorten(title or read.title), kind="quiz", quiz=read.quiz)

    def _task(self, root: Any, name: str, html: str, title: str) -> PackedLesson:
        task = read_task(root, html, self._rubrics)
        lesson = self._article(task.html, name, shorten(title or task.title or name))
        if task.other_ways:
            self._warn("cc_hand_in", name, title=lesson.title)
        if task.was_cut:
            self._warn("cc_rubric_cut", name, title=lesson.title)
        return _lesson(
            lesson.title, kind="assignment", source=lesson.source, settings=task.settings
        )

    # --- files around a resource

    @cached_property
    def _rubrics(self) -> Mapping[str, Any]:
        return read_rubrics(self._unpacked)

    def _first_file(self, resource: Resource) -> str | None:
        found = (self._unpacked.find(file) for file in resource.files if file)
        # An exam may stand in another form only, as its program's own.
        others = (self._unpacked.find(file) for file in self._files_around(resource) if file)
        return next((name for name in (*found, *others) if name), None)

    def _files_around(self, resource: Resource) -> Iterator[str]:
        for identifier in resource.dependencies:
            if needed := self._manifest.resources.get(identifier):
                yield from needed.files

    def _settings_of(self, resource: Resource) -> str | None:
        """Return the file in which Canvas keeps an assignment's settings."""
        names = (file for file in resource.files if file.endswith("assignment_settings.xml"))
        return next(filter(None, map(self._unpacked.find, names)), None)

    def _full_quiz(self, resource: Resource) -> tuple[str | None, Any]:
        """Return the quiz as its program keeps it, with all that the profile leaves out, and facts."""
        full, meta = None, None
        for file in self._files_around(resource):
            name = self._unpacked.find(file)
            if name and name.endswith(".qti"):
                full = name
            elif name and name.endswith("assessment_meta.xml"):
                meta = self._unpacked.xml(name)
        return full, meta

    def _is_announcement(self, resource: Resource) -> bool:
        """Tell whether Canvas notes beside a discussion that it is news of its day."""
        names = filter(None, map(self._unpacked.find, self._files_around(resource)))
        metas = (self._unpacked.xml(name) for name in names if ending(name) == "xml")
        return any(text_of(child(meta, "type")) == "announcement" for meta in metas)

    def _find_bank(self, identifier: str) -> Any:
        name = self._unpacked.find(f"non_cc_assessments/{identifier}.xml.qti")
        if name is None:
            return None
        self.used.add(name)
        return self._unpacked.xml(name)

    def _html(self, name: str, title: str) -> str | None:
        text = self._unpacked.text(name, MAX_PAGE_BYTES)
        if text is None:
            self._warn("cc_page_large", name, title=title or name)
        return text

    def _warner(self, name: str, place: str) -> Any:
        return lambda code, **values: self.warnings.append(Fault(code, name, None, place, values))

    def _warn(self, code: str, name: str, **values: object) -> None:
        self.warnings.append(Fault(code, name, values=values))


def _lesson(title: str, **given: Any) -> PackedLesson:
    return PackedLesson(key="", title=title, **given)


def _canvas_facts(meta: Any) -> tuple[dict[str, str], str]:
    """Return what Canvas notes of a quiz beside it: entries in QTI's words, and the title."""
    if meta is None or local(meta) != "quiz":
        return {}, ""
    named = {"cc_maxattempts": "allowed_attempts", "qmd_timelimit": "time_limit"}
    found = {label: next(descendants(meta, name), None) for label, name in named.items()}
    return {k: text_of(e) for k, e in found.items() if text_of(e)}, text_of(child(meta, "title"))

"""A Word document read from end to end."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.formats import course_facts, office
from courses.formats.brought import Brought
from courses.formats.docx import lessons, slim
from courses.formats.docx.cleaning import Cleaner
from courses.formats.docx.drawings import Drawings
from courses.formats.docx.inline import Inline, has_text, is_old_font
from courses.formats.docx.lessons import Divided, Part
from courses.formats.docx.numbering import Numbering
from courses.formats.docx.outline import find_outline
from courses.formats.docx.styles import Styles
from courses.formats.docx.words import w
from courses.formats.long_text import split_long
from courses.formats.office.package import Package, refusal
from courses.formats.office.pictures import Pictures
from courses.formats.office.warnings import Warnings
from courses.formats.packed import (
    MOST_LESSONS,
    MOST_MODULES,
    PackedCourse,
    PackedLesson,
    PackedModule,
)
from courses.lesson_text import list_pictures, normalise
from lms.core.text import clean

KEY = "docx"
LABEL = _l("Word document")
#: An opening shorter than this joins the first lesson; it is a letterhead or a date.
SHORT_OPENING = 600
_NOTES = {"footnote": "footnotes", "endnote": "endnotes"}
_EDGES = ("header", "footer")


def recognises(brought: Brought) -> bool:
    """Tell whether this is a Word document, whole or cut short."""
    return office.tell_family(brought) == office.WORD


def read(brought: Brought) -> PackedCourse:
    """Return the course in a Word document. Raises UnreadableCourse with the reason."""
    package = office.open_package(brought)
    return _Reading(package, brought.filename).course()


class _Reading:
    """One document while it is read."""

    def __init__(self, package: Package, filename: str) -> None:
        self._package = package
        self._filename = filename
        self._warnings = Warnings()
        self._pictures = Pictures(package, self._warnings)
        self._styles = Styles(self._part("styles"))

    def course(self) -> PackedCourse:
        divided = lessons.divide(self._html())
        title = course_facts.choose_title(
            (divided.title, self._package.title(), _lone_title(divided)), self._filename
        )
        modules = self._modules(divided, title)
        if not any(module.lessons for module in modules):
            raise refusal("office_empty")
        self._note_headers()
        minutes = sum(lesson.minutes for module in modules for lesson in module.lessons)
        sources = (lesson.source for module in modules for lesson in module.lessons)
        shown = {name for source in sources for name in list_pictures(source)}
        return PackedCourse(
            slug=course_facts.choose_slug(title),
            title=title,
            periods=course_facts.periods_for(minutes),
            modules=modules,
            pictures=self._pictures.shown(shown),
            warnings=self._warnings.faults(),
        )

    # --- the document

    def _html(self) -> str:
        package, main = self._package, self._package.main
        root = package.xml(main)
        body = root.find(w("body"))
        if body is None:
            raise refusal("office_damaged", main)
        for font in sorted(filter(is_old_font, self._styles.fonts())):
            self._warnings.add_once("office_old_font", font=clean(font)[:40])
        drawings = Drawings(package, self._pictures, self._warnings)
        notes = {kind: self._note_nodes(kind) for kind in _NOTES}
        known = {(kind, identifier) for kind in notes for identifier in notes[kind]}
        inline = Inline(drawings, self._warnings, known)
        numbering = Numbering(self._part("numbering"))
        outline = find_outline(body, self._styles, self._warnings)
        cleaner = Cleaner(self._styles, numbering, inline, self._warnings, outline)
        blocks = cleaner.clean(body, dict(package.relations(main)))
        cleaned = list(self._clean_notes(cleaner, notes))
        return slim.to_html(blocks, cleaned, inline.links, drawings.shown)

    def _part(self, kind: str) -> Any | None:
        name = self._package.find(self._package.main, kind)
        return None if name is None else self._package.xml(name)

    def _note_nodes(self, kind: str) -> dict[str, Any]:
        root = self._part(_NOTES[kind])
        if root is None:
            return {}
        return {
            node.get(w("id"), ""): node
            for node in root.iterchildren(w(kind))
            if node.get(w("type"), "normal") == "normal"
        }

    def _clean_notes(
        self, cleaner: Cleaner, notes: dict[str, dict[str, Any]]
    ) -> Iterator[slim.Note]:
        for kind, nodes in notes.items():
            name = self._package.find(self._package.main, _NOTES[kind])
            relations = dict(self._package.relations(name)) if name else {}
            for identifier, node in nodes.items():
                yield kind, identifier, cleaner.clean(node, relations)

    def _note_headers(self) -> None:
        for relation in self._package.relations(self._package.main).values():
            if relation.kind in _EDGES and relation.target in self._package.archive:
                root = self._package.xml(relation.target)
                if has_text(root):
                    self._warnings.add_once("office_headers")

    # --- lessons

    def _modules(self, divided: Divided, title: str) -> tuple[PackedModule, ...]:
        """Return the lessons; a heading with nothing under it names a chapter."""
        keys = course_facts.Keys()
        modules: list[tuple[str, list[PackedLesson]]] = [(title, [])]
        parts = _with_opening(divided, title)
        for index, part in enumerate(parts):
            if part.is_empty():
                if index + 1 < len(parts):
                    modules.append((course_facts.shorten(part.title), []))
                continue
            blocks = lessons.write(part, divided.notes, self._warnings)
            modules[-1][1].extend(self._lessons(part.title or title, blocks, keys))
        filled = [PackedModule(name, tuple(found)) for name, found in modules if found]
        count = sum(len(module.lessons) for module in filled)
        if count > MOST_LESSONS or len(filled) > MOST_MODULES:
            raise refusal("office_too_many_lessons", count=count, limit=MOST_LESSONS)
        return tuple(filled)

    def _lessons(
        self, title: str, blocks: Sequence[str], keys: course_facts.Keys
    ) -> Iterator[PackedLesson]:
        pieces = split_long(blocks)
        if len(pieces) > 1:
            self._warnings.place = title
            self._warnings.add("office_long_lesson", count=len(pieces))
        for number, piece in enumerate(pieces, 1):
            name = f"{title} ({number}/{len(pieces)})" if len(pieces) > 1 else title
            source = normalise(piece)
            yield PackedLesson(
                key=keys.give(title),
                title=course_facts.shorten(name),
                source=source,
                minutes=course_facts.minutes_to_read(source),
            )


def _with_opening(divided: Divided, title: str) -> list[Part]:
    """Return the parts; what stands before the first is put at its head or made a lesson."""
    opening, parts = divided.opening, list(divided.parts)
    if opening.is_empty():
        return parts
    text = sum(len(block.text_content()) for block in opening.blocks)
    if not parts or text > SHORT_OPENING:
        return [Part(title, opening.blocks), *parts]
    parts[0].blocks[:0] = opening.blocks
    return parts


def _lone_title(divided: Divided) -> str | None:
    """Return the only heading there is: it is the document's title."""
    return divided.parts[0].title if len(divided.parts) == 1 else None

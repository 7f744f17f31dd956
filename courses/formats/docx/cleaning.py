"""A Word body made small and plain, for mammoth to read: what it would lose is put in its words.

Changes under review are accepted, text boxes stand after their paragraph, fields are their
results, headings carry Word's own names, and lists their true numbers. What comes out is
built from a handful of elements, whatever went in.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from courses.formats.docx.inline import DELETED, LABEL, MEDIA, WRAPPERS, Inline, add_text, has_text
from courses.formats.docx.numbering import Mark, Numbering
from courses.formats.docx.outline import Outline
from courses.formats.docx.styles import CONTENTS, QUOTE, TITLE, Role, Styles, outline_level
from courses.formats.docx.words import NAMESPACES, is_on, value, w
from courses.formats.office.package import Relation
from courses.formats.office.warnings import Warnings
from lms.core.text import clean

#: Numbers of the two lists that the small document knows.
BULLETS, NUMBERS = "1", "2"
#: Levels of lists that mammoth tells apart.
LIST_LEVELS = 5
MOST_COLUMNS = 60
#: What the small document calls the special paragraphs.
STYLES = {TITLE: "Title", QUOTE: "Quote"}


class Cleaner:
    """One document while its parts are cleaned, the body first."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        inline: Inline,
        warnings: Warnings,
        outline: Outline,
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._inline = inline
        self._warnings = warnings
        self._outline = outline
        self._in_table = False
        #: What cannot stand in a cell and follows the table.
        self._after: list[Any] = []

    def clean(self, container: Any, relations: dict[str, Relation]) -> list[Any]:
        """Return the cleaned paragraphs and tables of a body or note."""
        self._inline.relations = relations
        return list(self._blocks(container))

    def _blocks(self, container: Any) -> Iterator[Any]:
        for child in container:
            if child.tag == w("p"):
                yield from self._paragraph(child)
            elif child.tag == w("tbl"):
                yield from self._table(child)
            elif child.tag == w("sdt"):
                yield from self._sdt(child)
            elif child.tag in WRAPPERS:
                yield from self._blocks(child)
            elif child.tag in DELETED:
                self._warnings.count("office_changes")
            elif child.tag == w("altChunk"):
                self._warnings.add("office_object", kind="altChunk")

    def _sdt(self, node: Any) -> Iterator[Any]:
        gallery = value(node, "sdtPr", "docPartObj", "docPartGallery") or ""
        if gallery == "Table of Contents":
            self._warnings.add_once("office_contents")
            return
        for content in node.iterchildren(w("sdtContent")):
            yield from self._blocks(content)

    # --- paragraphs

    def _paragraph(self, node: Any) -> Iterator[Any]:
        style_id = value(node, "pPr", "pStyle")
        role = self._styles.role(style_id)
        if node is self._outline.title:
            role = Role(special=TITLE)
        if role.special == CONTENTS:
            if has_text(node):
                self._warnings.add_once("office_contents")
            return
        level = self._level(node, role)
        if level == 1:
            self._warnings.place = clean("".join(node.itertext(w("t"))))[:80]
        mark = self._mark(node, role, style_id)
        paragraph = _new_paragraph(_style(role, level), mark if not level else None)
        if is_on(node, "pPr", "rPr", "del"):
            # The end of this paragraph was deleted: mammoth joins it with the next.
            properties = paragraph.find(w("pPr"))
            properties.append(_nested("rPr", "del"))
        if mark and (level or mark.kind != "bullet"):
            add_text(paragraph, _label(mark, level))
        self._inline.copy(node, paragraph, plain=bool(level) or role.special == TITLE)
        boxes = self._inline.take_boxes()
        yield paragraph
        for box in boxes:
            yield from self._blocks(box)

    def _level(self, node: Any, role: Role) -> int:
        if self._in_table:
            return 0
        if node in self._outline.guessed:
            return 1
        level = role.level or (0 if role.special else outline_level(node))
        return max(1, level - self._outline.shift) if level else 0

    def _mark(self, node: Any, role: Role, style_id: str | None) -> Mark | None:
        """Count the paragraph in its list. An empty one is not shown, so it does not count."""
        if not has_text(node) and next(node.iter(*MEDIA), None) is None:
            return None
        list_id = value(node, "pPr", "numPr", "numId") or role.list_id
        level = value(node, "pPr", "numPr", "ilvl") or role.list_level
        mark = self._numbering.mark(list_id, level, style_id)
        # A cell holds no list, so its numbers are written out.
        if mark and self._in_table:
            return replace(mark, kind="label", label=mark.label or "•")
        return mark

    # --- tables

    def _table(self, node: Any) -> Iterator[Any]:
        inner, self._in_table = self._in_table, True
        outer, self._after = self._after, []
        table = etree.Element(w("tbl"), nsmap=NAMESPACES)
        for row in _wrapped(node, w("tr")):
            if row.find(f"{w('trPr')}/{w('del')}") is not None:
                self._warnings.count("office_changes")
                continue
            table.append(self._row(row))
        self._in_table = inner
        after, self._after = self._after, outer
        yield table
        yield from after

    def _row(self, node: Any) -> Any:
        row = etree.Element(w("tr"))
        if is_on(node, "trPr", "tblHeader"):
            row.append(_nested("trPr", "tblHeader"))
        for cell in _wrapped(node, w("tc")):
            row.append(self._cell(cell))
        return row

    def _cell(self, node: Any) -> Any:
        cell = etree.Element(w("tc"))
        properties = etree.SubElement(cell, w("tcPr"))
        span = value(node, "tcPr", "gridSpan") or ""
        if re.fullmatch(r"[0-9]{1,3}", span) and 1 < int(span) <= MOST_COLUMNS:
            etree.SubElement(properties, w("gridSpan")).set(w("val"), span)
        merge = value(node, "tcPr", "vMerge")
        if merge is not None:
            kept = "restart" if merge == "restart" else "continue"
            etree.SubElement(properties, w("vMerge")).set(w("val"), kept)
        for block in self._blocks(node):
            if block.tag == w("tbl"):
                self._warnings.add("office_inner_table", text=_beginning(block))
                self._after.append(block)
            else:
                cell.append(block)
        return cell


def _wrapped(node: Any, tag: str) -> Iterator[Any]:
    """Yield the rows or cells of a node, also where they are wrapped."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS or child.tag == w("sdt"):
            yield from _wrapped(child, tag)


def _style(role: Role, level: int) -> str:
    return f"Heading{level}" if level else STYLES.get(role.special, "")


def _new_paragraph(style: str, mark: Mark | None) -> Any:
    paragraph = etree.Element(w("p"), nsmap=NAMESPACES)
    properties = etree.SubElement(paragraph, w("pPr"))
    if style:
        etree.SubElement(properties, w("pStyle")).set(w("val"), style)
    if mark and mark.kind != "label":
        numbers = etree.SubElement(properties, w("numPr"))
        level = str(min(mark.level, LIST_LEVELS - 1))
        etree.SubElement(numbers, w("ilvl")).set(w("val"), level)
        list_id = BULLETS if mark.kind == "bullet" else NUMBERS
        etree.SubElement(numbers, w("numId")).set(w("val"), list_id)
    return paragraph


def _label(mark: Mark, level: int) -> str:
    """Return what is to stand before the text: words for people, or a number for lessons.py."""
    if level or mark.kind == "label":
        return f"{mark.label} " if mark.label else ""
    return f"{LABEL[0]}{mark.number}{LABEL[1]}"


def _nested(outer: str, inner: str) -> Any:
    element = etree.Element(w(outer))
    etree.SubElement(element, w(inner))
    return element


def _beginning(table: Any) -> str:
    return clean(" ".join(table.itertext(w("t"))))[:60]

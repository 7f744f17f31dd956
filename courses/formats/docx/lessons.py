"""mammoth's HTML divided at its first headings, each part as the Markdown of a lesson."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from courses.formats.docx.inline import LABEL
from courses.formats.office.text import write_markdown
from courses.formats.office.warnings import Warnings
from lms.core.text import clean

_NUMBER = re.compile(f"{LABEL[0]}(\\d{{1,6}}){LABEL[1]}")
MOST_COLUMNS = 60


@dataclass
class Part:
    """A stretch of the document under one heading of the first level."""

    title: str
    blocks: list[Any] = field(default_factory=list)

    def is_empty(self) -> bool:
        """Tell whether nothing stands under the heading."""
        return not any(_has_content(block) for block in self.blocks)


@dataclass(frozen=True)
class Divided:
    """A document in its parts."""

    #: The first paragraph in the style Title; "" when there is none.
    title: str
    #: What stands before the first heading.
    opening: Part
    parts: tuple[Part, ...]
    #: Blocks of each footnote by its identifier.
    notes: dict[str, Any]


def divide(source: str) -> Divided:
    """Return the parts of mammoth's HTML."""
    body = _parse(source)
    notes = _take_notes(body)
    title = ""
    opening = Part("")
    parts = [opening]
    for block in list(body):
        if block.get("class") == "title":
            if not title and len(parts) == 1:
                title = clean(block.text_content())
                continue
            block.tag = "h1"
        if block.tag == "h1" and clean(block.text_content()):
            parts.append(Part(clean(block.text_content()), _left_over(block)))
        else:
            parts[-1].blocks.append(block)
    return Divided(title, opening, tuple(parts[1:]), notes)


def write(part: Part, notes: dict[str, Any], warnings: Warnings) -> list[str]:
    """Return the Markdown of a part, block by block, its notes numbered from 1 at the end."""
    warnings.place = part.title
    called = _number_notes(part.blocks, notes)
    blocks = [*part.blocks, *_notes_list(called)]
    for block in blocks:
        _settle_tables(block, warnings)
        _settle_lists(block)
    written = [_write(block, warnings) for block in _tidy(blocks)]
    return [text for text in written if text]


def _parse(source: str) -> Any:
    if not source.strip():
        return html.fragment_fromstring("<div></div>")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    return html.document_fromstring(f"<body>{source}</body>".encode(), parser=parser).body


def _left_over(heading: Any) -> list[Any]:
    """Return a heading's pictures as a paragraph, since a title is text."""
    pictures = heading.xpath(".//img")
    if not pictures:
        return []
    paragraph = etree.Element("p")
    paragraph.extend(copy.copy(picture) for picture in pictures)
    return [paragraph]


def _has_content(block: Any) -> bool:
    return bool(clean(block.text_content())) or block.xpath("boolean(descendant-or-self::img)")


# --- footnotes


def _take_notes(body: Any) -> dict[str, Any]:
    """Take mammoth's list of notes off the end; return its items by identifier."""
    notes = {}
    for last in body.xpath(
        "./ol[li[starts-with(@id, 'footnote-') or starts-with(@id, 'endnote-')]]"
    ):
        for item in last.xpath("./li[@id]"):
            for back in item.xpath(".//a[starts-with(@href, '#')][. = '↑']"):
                back.text = ""
            notes[item.get("id")] = item
        body.remove(last)
    return notes


def _number_notes(blocks: Sequence[Any], notes: dict[str, Any]) -> list[Any]:
    """Number the calls of notes from 1 within these blocks; return the notes in that order."""
    called: dict[Any, int] = {}
    for block in blocks:
        for link in block.xpath(".//sup/a[starts-with(@href, '#')]"):
            note = notes.get(link.get("href")[1:])
            if note is None:
                continue
            number = called.setdefault(note, len(called) + 1)
            link.text = f"[{number}]"
    return list(called)


def _notes_list(called: Sequence[Any]) -> list[Any]:
    if not called:
        return []
    numbered = etree.Element("ol")
    numbered.extend(copy.deepcopy(note) for note in called)
    return [etree.Element("hr"), numbered]


# --- tables and lists


def _settle_tables(block: Any, warnings: Warnings) -> None:
    """Take merged cells apart, so that every row has the same columns."""
    for table in block.xpath("descendant-or-self::table"):
        rows = table.xpath(".//tr")
        if not table.xpath(".//*[@colspan or @rowspan]"):
            continue
        warnings.add("office_merged_cells", text=clean(" ".join(table.itertext()))[:60])
        filled: dict[tuple[int, int], bool] = {}
        for down, row in enumerate(rows):
            _settle_row(row, down, filled)


def _settle_row(row: Any, down: int, filled: dict[tuple[int, int], bool]) -> None:
    across = 0
    for cell in list(row):
        while filled.get((down, across)):
            cell.addprevious(etree.Element("td"))
            across += 1
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        for below in range(1, height):
            for beside in range(width):
                filled[down + below, across + beside] = True
        for _column in range(width - 1):
            cell.addnext(etree.Element("td"))
        across += width
    while filled.get((down, across)):
        etree.SubElement(row, "td")
        across += 1


def _span(cell: Any, name: str) -> int:
    text = cell.attrib.pop(name, "1")
    return min(int(text), MOST_COLUMNS) if text.isdecimal() else 1


def _settle_lists(block: Any) -> None:
    """Give numbered lists their true numbers; a jump in them begins a list of its own."""
    for numbered in block.xpath("descendant-or-self::ol"):
        expected = 0
        current = numbered
        for item in list(numbered):
            number = _take_number(item)
            if number is None or number == expected + 1 == 1:
                pass
            elif expected == 0:
                current.set("start", str(number))
            elif number != expected + 1:
                current = _begin_anew(current, number)
            expected = number if number is not None else expected + 1
            if current is not numbered:
                current.append(item)


def _begin_anew(before: Any, number: int) -> Any:
    anew = etree.Element("ol")
    anew.set("start", str(number))
    if before.getparent() is not None:
        before.addnext(anew)
    return anew


def _take_number(item: Any) -> int | None:
    """Take the sign with the number off an item; None when it has none."""
    for element in item.iter():
        if element is not item and element.tag == "li":
            break
        match = _NUMBER.search(element.text or "")
        if match:
            element.text = _NUMBER.sub("", element.text, count=1)
            return int(match[1])
    return None


def _tidy(blocks: Sequence[Any]) -> list[Any]:
    """Return the blocks with the lists that were begun anew beside them."""
    tidy: list[Any] = []
    own = set(blocks)
    for block in blocks:
        tidy.append(block)
        following = block.getnext()
        while following is not None and following.tag == "ol" and following not in own:
            tidy.append(following)
            following = following.getnext()
    return tidy


def _write(block: Any, warnings: Warnings) -> str:
    block.tail = None
    return write_markdown(html.tostring(block, encoding="unicode"), warnings, level=1)

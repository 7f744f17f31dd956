"""HTML of elsewhere (cartridges, Word) to the Markdown of lessons: its text, never its power.

Parsed tolerantly, with caps on size and depth. Scripts, forms, frames and the like are
left out and named to the caller; text stays text, whatever signs it holds.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from courses.formats.html import elements as tree
from courses.formats.html import markdown_writing as md
from courses.formats.html.boxes import read_box
from courses.formats.html.markdown_writing import PLAIN, Block, Run, Style

MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 60
#: Rows of one table; a longer one is no reading.
MAX_ROWS = 1000

Picture = Callable[[str, str], str | None]
Link = Callable[[str], str | None]
Dropped = Callable[[str], None]


def to_markdown(
    html: str,
    *,
    picture: Picture,
    link: Link,
    dropped: Dropped = lambda _what: None,
    level: int | None = None,
) -> str:
    """Return the Markdown of an HTML page or piece.

    ``picture(src, alt)`` names the course's file for a picture, video or sound, or None:
    its alternative text then stands as text. ``link(href)`` gives the address to write,
    or None: the text then stays without a link. ``dropped`` is told of what is left out,
    once for each: an element's name, ``merged`` for joined cells, ``long`` and ``deep``
    for what went over a cap. Headings are moved so that the highest becomes ##, or so
    that h1 becomes ``level``.
    """
    if len(html) > MAX_CHARACTERS:
        dropped("long")
        html = html[:MAX_CHARACTERS]
    root = tree.parse(html)
    if root is None:
        return ""
    shift = md.HIGHEST_HEADING - tree.highest_heading(root) if level is None else level - 1
    reading = _Reading(picture, link, dropped, shift)
    return md.join_blocks(reading.blocks_of(root, PLAIN, 0))


class _Reading:
    """One page while it is walked: runs gather to a paragraph, paragraphs to blocks."""

    def __init__(self, picture: Picture, link: Link, dropped: Dropped, shift: int) -> None:
        self._picture = picture
        self._link = link
        self._dropped = dropped
        self._shift = shift
        self._runs: list[Run] = []
        self._blocks: list[Block] = []
        #: Within a table's cell, where everything stands on one line.
        self._flat = False

    def blocks_of(self, element: Any, style: Style, depth: int) -> list[Block]:
        """Return the blocks within an element, apart from those around it."""
        return self._apart(lambda: self._children(element, style, depth))[0]

    def _apart(self, walk: Callable[[], None], *, flat: bool = False) -> tuple[list[Block], str]:
        """Return the blocks that a walk makes, or what stands in its one line when flat."""
        outer = self._runs, self._blocks, self._flat
        self._runs, self._blocks, self._flat = [], [], flat
        walk()
        text = md.write_runs(self._runs)
        inner = self._blocks + ([Block("p", text)] if text else [])
        self._runs, self._blocks, self._flat = outer
        return inner, text

    # --- walking

    def _children(self, element: Any, style: Style, depth: int) -> None:
        self._text(element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, child.tag.lower(), style, depth + 1)
            self._text(child.tail, style)

    def _text(self, text: str | None, style: Style) -> None:
        if text:
            self._runs.append(Run(text, style))

    def _element(self, element: Any, tag: str, style: Style, depth: int) -> None:
        if tag in tree.SILENT or element.get("hidden") is not None:
            return
        if tag in tree.DROPPED:
            self._dropped(tag)
        elif depth > MAX_DEPTH:
            self._dropped("deep")
            # Without its shape.
            self._runs += [Run(text, style) for text in tree.texts_of(element)]
        elif self._flat and (tag in tree.BLOCKS or tag in tree.FLATTENED):
            self._runs.append(Run(" • " if tag == "li" else " "))
            self._children(element, style, depth)
            self._runs.append(Run(" "))
        elif tag in tree.HEADINGS:
            self._heading(element, tag, depth)
        elif handler := getattr(self, f"_on_{tag}", None):
            handler(element, style, depth)
        elif tag in tree.BLOCKS:
            self._paragraph(element, style, depth)
        else:
            self._children(element, tree.restyle(element, tag, style), depth)

    def _paragraph(self, element: Any, style: Style, depth: int) -> None:
        self._end_paragraph()
        self._children(element, style, depth)
        self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = md.write_runs(self._runs)
        self._runs = []
        if text:
            self._blocks.append(Block("p", text))

    def _add(self, kind: str, text: str) -> None:
        self._end_paragraph()
        self._blocks.append(Block(kind, text))

    # --- blocks

    def _heading(self, element: Any, tag: str, depth: int) -> None:
        blocks = self.blocks_of(element, PLAIN, depth)
        text = " ".join(block.text for block in blocks if block.kind == "p")
        if text:
            self._add("h", md.write_heading(int(tag[1]) + self._shift, text))
        self._blocks += [block for block in blocks if block.kind != "p"]

    def _on_ul(self, element: Any, style: Style, depth: int) -> None:
        self._list(element, None, style, depth)

    def _on_ol(self, element: Any, style: Style, depth: int) -> None:
        start = element.get("start", "")
        number = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
        self._list(element, number, style, depth)

    def _list(self, element: Any, start: int | None, style: Style, depth: int) -> None:
        self._end_paragraph()
        items = self._loose_item(element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                blocks = self._item(child, style, depth)
                if child.tag in ("ul", "ol") and items:
                    # Old editors put a list beside its item instead of in it.
                    items[-1] += blocks
                elif blocks:
                    items.append(blocks)
            items += self._loose_item(child.tail, style)
        if items:
            previous = self._blocks[-1].kind if self._blocks else ""
            self._blocks.append(md.write_list(items, start, previous))

    def _loose_item(self, text: str | None, style: Style) -> list[list[Block]]:
        blocks, _text = self._apart(lambda: self._text(text, style))
        return [blocks] if blocks else []

    def _item(self, child: Any, style: Style, depth: int) -> list[Block]:
        if child.tag == "li":
            return self.blocks_of(child, style, depth + 1)
        return self._apart(lambda: self._element(child, child.tag, style, depth + 1))[0]

    def _on_blockquote(self, element: Any, style: Style, depth: int) -> None:
        if blocks := self.blocks_of(element, style, depth):
            self._add("quote", md.write_quote(blocks))

    def _on_pre(self, element: Any, style: Style, depth: int) -> None:
        text = "".join(element.itertext())
        if text.strip():
            self._add("code", md.write_code_block(text))

    def _on_hr(self, element: Any, style: Style, depth: int) -> None:
        self._add("rule", "***")

    def _on_dt(self, element: Any, style: Style, depth: int) -> None:
        self._paragraph(element, replace(style, strong=True), depth)

    def _on_figcaption(self, element: Any, style: Style, depth: int) -> None:
        self._paragraph(element, replace(style, em=True), depth)

    def _on_section(self, element: Any, style: Style, depth: int) -> None:
        box = read_box(element, lambda part: self.blocks_of(part, style, depth))
        if box is None:
            self._paragraph(element, style, depth)
        else:
            self._end_paragraph()
            self._blocks += box

    # --- tables

    def _on_table(self, element: Any, style: Style, depth: int) -> None:
        self._strays(element, style, depth)
        rows = [row for row in element.iter("tr") if tree.own_table(row) is element]
        if len(rows) > MAX_ROWS:
            self._dropped("long")
        grid = [row for row in self._grid(rows[:MAX_ROWS], style, depth) if any(row)]
        if not grid:
            return
        self._end_paragraph()
        if max(map(len, grid)) == 1:
            # One column is a frame around text, not a table.
            for cell in (cell for row in rows[:MAX_ROWS] for cell in tree.cells(row)):
                self._blocks += self.blocks_of(cell, style, depth + 1)
            return
        for caption in element.iterchildren("caption"):
            self._on_dt(caption, style, depth)
        self._blocks.append(Block("table", md.write_table(grid)))

    def _strays(self, element: Any, style: Style, depth: int) -> None:
        """Put before the table what stands in it outside of cells, as browsers do."""
        self._text(element.text, style)
        for child in element:
            if child.tag in tree.STRUCTURE and depth < MAX_DEPTH:
                self._strays(child, style, depth + 1)
            elif isinstance(child.tag, str) and child.tag not in ("td", "th", "caption"):
                self._element(child, child.tag, style, depth + 1)
            self._text(child.tail, style)

    def _grid(self, rows: list[Any], style: Style, depth: int) -> list[list[str]]:
        """Return the cells row by row; those that a joined cell covers are empty."""
        covered: dict[int, int] = {}
        grid = []
        for row in rows:
            line: list[str] = []
            below: dict[int, int] = {}
            for cell in tree.cells(row):
                tree.skip_covered(line, covered)
                across, down = tree.span(cell, "colspan"), tree.span(cell, "rowspan")
                if across > 1 or down > 1:
                    self._dropped("merged")
                below.update(dict.fromkeys(range(len(line), len(line) + across), down))
                line += [self._cell(cell, style, depth), *[""] * (across - 1)]
            tree.skip_covered(line, covered)
            covered = {at: left - 1 for at, left in {**covered, **below}.items() if left > 1}
            grid.append(line)
        return grid

    def _cell(self, cell: Any, style: Style, depth: int) -> str:
        """Return a cell on one line; what stood under one another stands in a row."""
        _blocks, text = self._apart(lambda: self._children(cell, style, depth + 1), flat=True)
        return text.replace(md.BREAK, " ")

    # --- within a line

    def _on_br(self, element: Any, style: Style, depth: int) -> None:
        self._runs.append(Run(" " if self._flat else "\n"))

    def _on_a(self, element: Any, style: Style, depth: int) -> None:
        href = (element.get("href") or "").strip()
        address = self._link(href) if href and not style.href else None
        self._children(element, replace(style, href=address or style.href), depth)

    def _on_img(self, element: Any, style: Style, depth: int) -> None:
        self._picture_or_text(element.get("src"), element.get("alt") or "", style)

    def _on_video(self, element: Any, style: Style, depth: int) -> None:
        source = element.find(".//source")
        address = element.get("src") or (source.get("src") if source is not None else None)
        label = element.get("aria-label") or element.get("title") or ""
        self._picture_or_text(address, label, style)

    _on_audio = _on_video

    def _picture_or_text(self, address: str | None, alt: str, style: Style) -> None:
        name = self._picture(address.strip(), alt) if address else None
        # A picture that stays behind leaves its words, when they are words.
        if name or not tree.is_file_name(alt):
            self._runs.append(Run(alt, style, name or ""))

    def _on_iframe(self, element: Any, style: Style, depth: int) -> None:
        """Turn a page within the page, mostly a video elsewhere, into a link to it."""
        source = (element.get("src") or "").strip()
        address = self._link(source) if source else None
        self._dropped("iframe")
        if address:
            label = element.get("title") or address
            self._runs.append(Run(label, replace(style, href=address)))

"""Styles of paragraphs: which are titles, headings and contents, in whatever language Word spoke."""

import re
from dataclasses import dataclass
from typing import Any

from courses.formats.docx.words import value, w
from lms.core.text import fold

LOWEST_LEVEL = 6
TITLE, CONTENTS, QUOTE = "title", "contents", "quote"

#: Folded names. Word keeps English names inside, other programs keep what the user reads.
_HEADING = re.compile(r"(?:heading|tieu de|dau de|de muc) ?([1-9])")
_TITLE = re.compile(r"title|tieu de|ten tai lieu|ten van ban")
_QUOTE = re.compile(r"(?:intense )?quote|(?:doan )?trich dan(?: dam)?|block text|quotations")
#: With their numbers only: “Nội dung” and “Contents” are what people call a style for text.
_CONTENTS = re.compile(r"(?:toc|contents|muc luc) ?\d|(?:toc|contents) heading|muc luc")


@dataclass(frozen=True)
class Role:
    """What a style makes of its paragraphs."""

    #: 1 to LOWEST_LEVEL for headings, else 0.
    level: int = 0
    #: TITLE, CONTENTS, QUOTE or "".
    special: str = ""
    #: The list that the style puts them in: numId and ilvl as they are written.
    list_id: str | None = None
    list_level: str | None = None


class Styles:
    """The styles of a document, given its styles part or None."""

    def __init__(self, root: Any | None) -> None:
        found = () if root is None else root.iterchildren(w("style"))
        self._styles = {style.get(w("styleId"), ""): style for style in found}
        self._roles: dict[str, Role] = {}

    def role(self, style_id: str | None) -> Role:
        """Return what a style means, by its name, its identifier and those it is based on."""
        if not style_id:
            return Role()
        if style_id not in self._roles:
            self._roles[style_id] = self._find_role(style_id)
        return self._roles[style_id]

    def fonts(self) -> set[str]:
        """Return the fonts that styles name."""
        return {
            name
            for style in self._styles.values()
            for fonts in style.iter(w("rFonts"))
            for name in (fonts.get(w("ascii")), fonts.get(w("hAnsi")))
            if name
        }

    def _find_role(self, style_id: str) -> Role:
        level, special = _tell(style_id)
        list_id = list_level = None
        for style in self._chain(style_id):
            if not level and not special:
                level, special = _tell(value(style, "name") or "")
            if not level and not special:
                level = outline_level(style)
            list_id = list_id or value(style, "pPr", "numPr", "numId")
            list_level = list_level or value(style, "pPr", "numPr", "ilvl")
        return Role(level, special, list_id, list_level)

    def _chain(self, style_id: str) -> list[Any]:
        chain, seen = [], set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            chain.append(self._styles[style_id])
            style_id = value(self._styles[style_id], "basedOn") or ""
        return chain


def outline_level(element: Any) -> int:
    """Return the heading level that a style's or paragraph's properties ask for; 0 for text."""
    outline = value(element, "pPr", "outlineLvl") or ""
    if not re.fullmatch(r"[0-8]", outline):
        return 0
    return min(int(outline) + 1, LOWEST_LEVEL)


def _tell(name: str) -> tuple[int, str]:
    folded = fold(name)
    if heading := _HEADING.fullmatch(folded):
        return min(int(heading[1]), LOWEST_LEVEL), ""
    if _TITLE.fullmatch(folded):
        return 0, TITLE
    if _QUOTE.fullmatch(folded):
        return 0, QUOTE
    return 0, CONTENTS if _CONTENTS.fullmatch(folded) else ""

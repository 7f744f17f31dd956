"""The numbers that Word writes before paragraphs: counted here, since the file holds only rules."""

import re
from dataclasses import dataclass, field
from typing import Any

from courses.formats.docx.words import value, w

LEVELS = 9
#: Above it a number is a mistake of the file.
HIGHEST = 100_000
#: "1." and "1)": what a list of the web writes by itself.
_PLAIN = re.compile(r"%\d[.)]?")
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What stands before a paragraph."""

    #: "bullet", "number" for one that a list of the web writes, "label" for any other.
    kind: str
    #: From 0.
    level: int
    number: int = 0
    #: As it is to be read, like ``Điều 5.`` or ``a)``.
    label: str = ""


@dataclass
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document while its paragraphs are counted, given its part or None."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        #: Level of the list that a style stands for, by the style's identifier.
        self._levels_of_styles: dict[str, int] = {}
        if root is None:
            return
        abstract = {
            node.get(w("abstractNumId"), ""): self._read_list(node)
            for node in root.iterchildren(w("abstractNum"))
        }
        for node in root.iterchildren(w("num")):
            self._lists[node.get(w("numId"), "")] = _override(
                node, abstract.get(value(node, "abstractNumId") or "", _List())
            )

    def mark(self, list_id: str | None, level: str | None, style_id: str | None) -> Mark | None:
        """Return the mark of the next paragraph of a list; None when it has none."""
        found = self._lists.get(list_id or "")
        if found is None:
            return None
        at = _whole(level, self._levels_of_styles.get(style_id or "", 0), LEVELS - 1)
        form = found.levels.get(at, _Level("bullet"))
        if form.form == "bullet":
            return Mark("bullet", at)
        number = found.counts.get(at, form.start - 1) + 1
        found.counts[at] = number
        for deeper in [other for other in found.counts if other > at]:
            del found.counts[deeper]
        if form.form == "decimal" and _PLAIN.fullmatch(form.text):
            return Mark("number", at, number, _write(found, form.text))
        label = _write(found, form.text)
        return Mark("label", at, number, label) if label else None

    def _read_list(self, node: Any) -> _List:
        levels = {}
        for child in node.iterchildren(w("lvl")):
            at = _whole(child.get(w("ilvl")), 0, LEVELS - 1)
            levels[at] = _read_level(child)
            if style := value(child, "pStyle"):
                self._levels_of_styles[style] = at
        return _List(levels)


def _read_level(node: Any) -> _Level:
    return _Level(
        value(node, "numFmt") or "decimal",
        value(node, "lvlText") or "",
        _whole(value(node, "start"), 1, HIGHEST),
    )


def _override(node: Any, abstract: _List) -> _List:
    """Return the list of a number: it counts with all others of its kind unless it starts anew."""
    overrides = list(node.iterchildren(w("lvlOverride")))
    if not overrides:
        return abstract
    levels = dict(abstract.levels)
    for override in overrides:
        at = _whole(override.get(w("ilvl")), 0, LEVELS - 1)
        own = override.find(w("lvl"))
        level = levels.get(at, _Level()) if own is None else _read_level(own)
        start = _whole(value(override, "startOverride"), level.start, HIGHEST)
        levels[at] = _Level(level.form, level.text, start)
    return _List(levels)


def _write(found: _List, text: str) -> str:
    """Return the label: its places filled with the numbers of the levels they name."""

    def fill(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        level = found.levels.get(at, _Level())
        return write_number(found.counts.get(at, level.start), level.form)

    return _PLACE.sub(fill, text).strip()


def write_number(number: int, form: str) -> str:
    """Return a number in one of Word's forms; in figures when the form is none of these."""
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        text = _roman(number)
    elif form in ("lowerLetter", "upperLetter") and number > 0:
        # Word goes on with aa, bb, cc after z.
        text = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
    elif form == "none":
        return ""
    else:
        return f"{number:02}" if form == "decimalZero" else str(number)
    return text.upper() if form.startswith("upper") else text


def _roman(number: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (number // size)
        number %= size
    return text


def _whole(text: str | None, default: int, most: int) -> int:
    if text is None or not re.fullmatch(r"[0-9]{1,6}", text):
        return default
    return min(int(text), most)

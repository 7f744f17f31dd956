"""Sets a line of text in a font that is already inside a PDF: letters, widths, kerning.

Glyph numbers and widths come from the embedded font itself, kerning from the font's
file, so a line looks as if it had been laid out with the rest of the page.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pikepdf import Object, String

from certificates.pdf.layout import FONTS

#: The files behind the names that embedded fonts carry.
FILES = {
    "Be-Vietnam-Pro": "BeVietnamPro-Regular.ttf",
    "Be-Vietnam-Pro-Semi-Bold": "BeVietnamPro-SemiBold.ttf",
}
_SECTION = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")

#: How much closer (below 0) the second of two glyphs stands, in thousandths of the size.
Kerning = Callable[[int, int], float]


@dataclass(frozen=True)
class Line:
    """A text ready to be shown: what stands in the brackets of TJ, and its width."""

    glyphs: bytes
    #: In multiples of the type size.
    width: float


class Typeface:
    """An embedded font, able to set the letters it holds."""

    def __init__(self, font: Object) -> None:
        self._numbers = {letter: cid for cid, letter in letters_of(font).items()}
        self._widths = _widths_of(font)
        name = str(font.BaseFont).partition("+")[2]
        self._kern = _kerning(FILES[name]) if name in FILES else _no_kerning

    def set(self, text: str) -> Line:
        """Set a text. Raises KeyError on a letter that is not inside."""
        numbers = [self._numbers[letter] for letter in text]
        parts, width = [], 0.0
        for number, after in zip(numbers, [*numbers[1:], None], strict=True):
            kern = 0.0 if after is None else self._kern(number, after)
            width += self._widths[number] + kern
            parts.append(b"<%04x>" % number + (b"%d" % -round(kern) if round(kern) else b""))
        return Line(b"".join(parts), width / 1000)


def letters_of(font: Object) -> dict[int, str]:
    """Return the text of each glyph number of an embedded font, from its ToUnicode map."""
    if "/ToUnicode" not in font:
        return {}
    return {
        int(number, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for section in _SECTION.findall(font.ToUnicode.read_bytes())
        for number, text in _PAIR.findall(section)
    }


def text_of(shown: Any, letters: Mapping[int, str]) -> str:
    """Return the text of a TJ operand: strings of two-byte glyph numbers, and moves."""
    glyphs = b"".join(bytes(part) for part in shown if isinstance(part, String))
    numbers = (int.from_bytes(glyphs[i : i + 2]) for i in range(0, len(glyphs), 2))
    return "".join(letters.get(number, "") for number in numbers)


def _widths_of(font: Object) -> dict[int, float]:
    """Return the widths of the glyphs: runs of ``first [width …]`` in the W array."""
    runs = list(font.DescendantFonts[0].W)
    return {
        int(first) + place: float(width)
        for first, widths in zip(runs[::2], runs[1::2], strict=True)
        for place, width in enumerate(widths)
    }


def _no_kerning(_left: int, _right: int) -> float:
    return 0.0


@cache
def _kerning(file: str) -> Kerning:
    """Return the kerning of two glyph numbers as the font's GPOS table has it."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - for workers only, like WeasyPrint

    font = TTFont(FONTS / file)
    tables = _pair_tables(font["GPOS"].table)
    scale: float = 1000 / font["head"].unitsPerEm

    @cache
    def kern(left: int, right: int) -> float:
        first, second = font.getGlyphName(left), font.getGlyphName(right)
        for table in tables:
            value = _kern_in(table, first, second)
            if value is not None:
                return scale * value
        return 0.0

    return kern


def _pair_tables(gpos: Any) -> list[Any]:
    """Return the PairPos tables of the feature ``kern``, in the order they are asked."""
    indexes = {
        index
        for record in gpos.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    tables = [t for i in sorted(indexes) for t in gpos.LookupList.Lookup[i].SubTable]
    return [getattr(table, "ExtSubTable", table) for table in tables]


def _kern_in(table: Any, first: str, second: str) -> float | None:
    """Return how much one PairPos table moves the second glyph, None when it says nothing."""
    if first not in table.Coverage.glyphs:
        return None
    if table.Format == 1:
        pairs = table.PairSet[table.Coverage.glyphs.index(first)].PairValueRecord
        found = [pair.Value1 for pair in pairs if pair.SecondGlyph == second]
        return (found[0].XAdvance or 0) if found else None
    row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)]
    value = row.Class2Record[table.ClassDef2.classDefs.get(second, 0)].Value1
    return getattr(value, "XAdvance", 0) if value else 0

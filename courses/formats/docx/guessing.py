"""Where a document without heading styles is divided: lines like CHƯƠNG I, Phần 1, Bài 2, Điều 5.

Pure: it looks at lines and says which begin a part, and only when that is clear.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.text import fold

#: A title is short; a sentence that begins like one is not.
LONGEST = 150
FEWEST, MOST = 2, 150
#: Words that begin a part, the larger before the smaller.
_WORDS = ("phan", "chuong", "chuyen de", "bai", "hoc phan", "mo dun", "module", "muc", "dieu")
_NUMBER = r"(?:\d{1,3}|[ivxlc]{1,7}|thu (?:nhat|hai|ba|tu|nam|sau|bay|tam|chin|muoi)|[a-h])"
#: "CHƯƠNG I", "Bài 2. Giới và giới tính", "Phần thứ nhất: …", "Điều 5. …".
_BEGINNING = re.compile(rf"({'|'.join(_WORDS)}) {_NUMBER}(?:\W.*)?")


@dataclass(frozen=True)
class Line:
    """A paragraph as it looks."""

    text: str
    bold: bool = False
    centred: bool = False


def guess_beginnings(lines: Sequence[Line]) -> list[int]:
    """Return the places of the lines that begin a part; none when it is not clear.

    The largest word that is used at least twice decides. Lines that stand out, bold,
    centred or in capitals, are wanted; where none stands out, "Bài" in running text is
    only running text.
    """
    found: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        word = _word_of(line)
        if word:
            found.setdefault(word, []).append(place)
    for word in _WORDS:
        places = found.get(word, [])
        if FEWEST <= len(places) <= MOST:
            return places
    return _capitals(lines)


def _word_of(line: Line) -> str | None:
    text = line.text.strip()
    if not text or len(text) > LONGEST or not _stands_out(line):
        return None
    match = _BEGINNING.fullmatch(fold(text))
    return match[1] if match else None


def _stands_out(line: Line) -> bool:
    return line.bold or line.centred or _is_upper(line.text)


def _capitals(lines: Sequence[Line]) -> list[int]:
    """Return the lines that are bold, centred and in capitals: titles, when there are several."""
    places = {
        place
        for place, line in enumerate(lines)
        if line.bold and line.centred and _is_upper(line.text) and 8 <= len(line.text) <= LONGEST
    }
    # One under the other they are a title page, not titles.
    apart = sorted(place for place in places if place - 1 not in places)
    return apart if len(places) == len(apart) and FEWEST <= len(apart) <= MOST else []


def _is_upper(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) >= 3

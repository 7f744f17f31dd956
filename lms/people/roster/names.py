"""Reads a person's name out of cells."""

import re
import unicodedata
from collections.abc import Sequence

from lms.core.tables import Cell
from lms.core.text import clean
from lms.people.roster.lines import looks_like_agency

_LONGEST = 100
_FORMULA = re.compile(r"\s*[=+\-@]")
#: Letters and signs that TCVN3 fonts show as Vietnamese ones and that no such name has.
_TCVN3 = re.compile("[¡-¿ÇÞßåæøþ]")
#: Forms of address. "Ông" is also a family name, so it goes only before another one.
_TITLE = re.compile(
    r"(?:(?:đ/c|đồng chí|bà|mr\.?|mrs\.?|ms\.?)\s+"
    r"|ông(?:/bà)?\s+(?=(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương"
    r"|lý|giáp|thân|chu|tạ|lương|nông|hà|trịnh|đào|đinh|mai|trương|đoàn|cao)\s)"
    r"|ông/bà\s+)",
    re.IGNORECASE,
)
#: The ordinal of a list typed into the name's own cell.
_ORDINAL = re.compile(r"\d{1,4}\s*[.)]\s*(?=[^\W\d])")
_WORD = re.compile(r"[^\W\d_]+")
#: Signs within names: of compounds, of initials, and the two apostrophes.
_SIGNS = " -.'’"


def read_name(cells: Sequence[Cell]) -> tuple[str, list[str]]:
    """Return the whole name from one cell or several in order, and the reasons of trouble."""
    raw = " ".join(str(cell) for cell in cells if cell is not None)
    name = _ORDINAL.sub("", clean(raw), count=1).strip(" ,;:*")
    refusal = _refusal(raw, name)
    if refusal:
        return name[:_LONGEST], [refusal]
    reasons = []
    title = _TITLE.match(name)
    if title:
        name = name[title.end() :]
        reasons.append("name_title_dropped")
    if len(name) > 1 and (name.isupper() or name.islower()):
        name = _WORD.sub(lambda word: word.group().capitalize(), name)
        reasons.append("name_recased")
    if " " not in name:
        reasons.append("name_single_word")
    return name, reasons


def _refusal(raw: str, name: str) -> str | None:
    """Return the first reason for which this is no person's name."""
    bare = _TITLE.sub("", name, count=1)
    checks = {
        "name_missing": not name,
        "name_formula": _FORMULA.match(raw),
        "name_digits": any(letter.isdigit() for letter in name),
        "name_too_long": len(name) > _LONGEST,
        "name_is_agency": looks_like_agency(name),
        "name_legacy_font": _TCVN3.search(name),
        "name_symbols": not (_is_spelled(bare) and any(letter.isalpha() for letter in bare)),
    }
    return next((reason for reason, refused in checks.items() if refused), None)


def _is_spelled(name: str) -> bool:
    return all(c.isalpha() or c in _SIGNS or unicodedata.combining(c) for c in name)

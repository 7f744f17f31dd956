"""How the names of places and bodies are spelled, in Vietnamese and in English."""

from __future__ import annotations

import re
import unicodedata

#: The kinds of place, longest first where one begins like another.
PLACE_KINDS = ("Thành phố", "Thị xã", "Thị trấn", "Huyện", "Phường", "Xã")

# "Hoà" and "Hòa" are one name. Official papers put the tone on the first vowel (hòa, thủy), the
# lists of units mix both. A 'u' after 'q' belongs to the consonant: Quý stays Quý.
_NEW_STYLE = re.compile(r"(o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def official_spelling(name: str) -> str:
    """The name in NFC with the tone mark where official papers put it: Hiệp Hoà gives Hiệp Hòa."""
    return _NEW_STYLE.sub(_tone_on_first_vowel, unicodedata.normalize("NFC", name))


def without_marks(name: str) -> str:
    """The name in plain Latin letters, case kept: Đông Cứu gives Dong Cuu."""
    plain = name.replace("đ", "d").replace("Đ", "D")
    letters = unicodedata.normalize("NFD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def bare_name(name: str) -> str:
    """The name of a place without its kind: Thị xã Quế Võ gives Quế Võ."""
    for kind in PLACE_KINDS:
        if name.startswith(f"{kind} "):
            return name.removeprefix(f"{kind} ")
    return name


def within_sentence(name: str) -> str:
    """The name of a place as it stands inside another name: Xã Gia Bình gives xã Gia Bình."""
    return name[:1].lower() + name[1:]


def of_province(name: str, place: str) -> str:
    """The name of a provincial body with its province: Sở Nội vụ gives Sở Nội vụ tỉnh Bắc Giang."""
    joint = " " if name.endswith(("tỉnh", "Tỉnh ủy")) else " tỉnh "
    return f"{name}{joint}{place}"


def _tone_on_first_vowel(match: re.Match[str]) -> str:
    vowels = match.group()
    letters = unicodedata.normalize("NFD", vowels[1])
    tone = next(letter for letter in letters if letter in _TONES)
    return unicodedata.normalize("NFC", vowels[0] + tone + letters.replace(tone, ""))

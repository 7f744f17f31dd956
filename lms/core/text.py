"""Vietnamese text: cleaned on the way in, folded for search, keyed for order.

Folding is done here and kept in a shadow column, because no database setting turns
đ into d, and Unicode does not decompose it.
"""

import re
import unicodedata

from vn_collate import collate_key

#: Letters that look like Đ and đ and stand for them in files typed with a wrong keyboard:
#: the Icelandic eth and the African D with tail.
_LOOK_ALIKES = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})
#: What the eye cannot see: controls (white space aside), zero-width and direction marks,
#: soft hyphens, halves of surrogate pairs and non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def N_(msgid: str) -> str:  # noqa: N802 - the name that the catalogue's extractor knows
    """Mark a message for the catalogue in a module that knows no gettext; return it as it is."""
    return msgid


def clean(text: str) -> str:
    """Return the text as it should be kept.

    NFC; no control, zero-width or direction characters; runs of white space, line breaks
    included, as one space; Ð and ð typed for Đ and đ put right.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = text if text.isprintable() else _UNSEEN.sub("", text)
    plain = visible.translate(_LOOK_ALIKES)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def fold(text: str) -> str:
    """Return the text for comparison and search without diacritics: "Đặng  Hòa" is "dang hoa".

    Equal for NFC and NFD, and unchanged when folded again.
    """
    if text.isascii():
        return clean(text).lower()
    lowered = unicodedata.normalize("NFD", clean(text)).lower()
    letters = (c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return clean("".join(letters).replace("đ", "d"))


def given_name(full_name: str) -> str:
    """Return the tên, by which a person is greeted: "Hoa" of "Nguyễn Thị Hoa"."""
    return clean(full_name).rpartition(" ")[2]


def name_sort_key(full_name: str) -> str:
    """Return a key that orders people by tên, then họ, then đệm, as Vietnamese lists do.

    A hex string for a column compared byte by byte. Each word has its own collation key
    with its levels closed by terminators, so a tone in the tên outweighs any họ, and
    the key of a shorter word never runs into the next word. Case does not count.
    """
    *before, given = clean(full_name).lower().split() or [""]
    family, middle = (before[0], before[1:]) if before else ("", [])
    return "".join(collate_key(word) for word in (given, family, *middle))


def slugify(text: str, fallback: str = "", longest: int = 80) -> str:
    """Return an ASCII slug of at most that many characters for addresses and file names.

    ``fallback`` stands for a text with no Latin letter and no digit.
    """
    slug = _NOT_SLUG.sub("-", fold(text)).strip("-")
    return slug[:longest].rstrip("-") or fallback

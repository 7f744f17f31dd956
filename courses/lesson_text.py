"""A lesson's Markdown as it is kept: one way to write line ends, nothing unseen in it."""

import re
import unicodedata
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Controls, direction marks that reorder what is read, and non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def normalise(source: str) -> str:
    """Return the text with one kind of line end, NFC, no unseen signs, no outer blank lines."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    visible = unicodedata.normalize("NFC", _UNSEEN.sub("", lines))
    # Spaces at a line's end stay: two of them are a line break.
    return visible.strip("\n")


def list_pictures(source: str) -> list[str]:
    """Return the names of the course's pictures that a text shows, each once, in order."""
    return [name for name in list_files(source) if name.startswith("images/")]


def list_files(source: str) -> list[str]:
    """Return the names of all files of the course that a text shows, pictures included."""
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    names = (str(image.attrs.get("src", "")) for image in _images(tokens))
    return list(dict.fromkeys(name for name in names if name.startswith(("images/", "media/"))))


def list_silent_pictures(source: str) -> list[str]:
    """Return the names of the pictures that a text shows without saying what they show."""
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    return [
        str(image.attrs.get("src", "")) for image in _images(tokens) if not image.content.strip()
    ]


def _images(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield token
        yield from _images(token.children or [])

"""HTML of a cartridge to a lesson's Markdown: pages, and the texts of discussions and tasks."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass

from courses.formats.faults import Fault
from courses.formats.html.elements import is_file_name, parse
from courses.formats.html.markdown_writing import picture as show_file
from courses.formats.html.text import to_markdown
from courses.formats.imscc.files import PICTURES, CartridgeFiles
from courses.formats.packed import SOURCE_LENGTH
from courses.formats.unpacking import ending
from courses.lesson_text import normalise
from lms.core.text import clean

_WEB = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
#: Canvas writes addresses within the course with these words.
_INTERNAL = re.compile(r"\$(WIKI|CANVAS)[A-Z_]*\$|%24(WIKI|CANVAS)", re.IGNORECASE)
#: How LaTeX begins, once escaped.
_FORMULA_MARKS = ("\\\\(", "\\\\\\[", "$$")


@dataclass(frozen=True)
class Page:
    """A page that was read."""

    title: str
    source: str
    warnings: tuple[Fault, ...]


def read_page(html: str, name: str, title: str, files: CartridgeFiles) -> Page:
    """Return a page's title and Markdown; ``name`` is its file, from which addresses count.

    Files that it links to are shown at its end.
    """
    return _Reading(name, title, files).page(html)


def page_title(html: str) -> str:
    """Return what the page's head calls it."""
    root = parse(html[:20_000])
    found = None if root is None else root.find(".//title")
    return "" if found is None else clean("".join(found.itertext()))


class _Reading:
    """One page while it is read."""

    def __init__(self, name: str, title: str, files: CartridgeFiles) -> None:
        self._name = name
        self._title = title
        self._files = files
        self._attached: dict[str, str] = {}
        #: Pictures described by their file's name, and how they are written instead.
        self._wordless: dict[str, str] = {}
        self._warnings: dict[tuple[str, str], Fault] = {}

    def page(self, html: str) -> Page:
        source = to_markdown(
            html,
            picture=self._picture,
            link=self._link,
            dropped=lambda what: self._warn(_DROPPED.get(what, "cc_dropped"), name=what),
        )
        for described, plain in self._wordless.items():
            source = source.replace(described, plain)
        if any(mark in source for mark in _FORMULA_MARKS):
            self._warn("cc_formula")
        shown = [
            show_file(file, label) for file, label in self._attached.items() if file not in source
        ]
        source = normalise("\n\n".join([source, *shown]).strip())
        if len(source) > SOURCE_LENGTH:
            self._warn("cc_page_cut", limit=SOURCE_LENGTH)
            source = source[:SOURCE_LENGTH].rpartition("\n\n")[0]
        return Page(self._title, source, tuple(self._warnings.values()))

    def _picture(self, address: str, alt: str) -> str | None:
        if address.startswith("data:"):
            return self._embedded(address)
        file = self._files.locate(address, self._name)
        if file is None:
            self._warn(
                "cc_picture_away" if _WEB.match(address) else "cc_file_missing",
                name=_short(address),
            )
            return None
        if ending(file) in PICTURES:
            known = self._files.picture(file, self._warn)
            if known and (not clean(alt) or is_file_name(alt)):
                self._warn("cc_no_alt", name=known)
                self._wordless[show_file(known, alt)] = show_file(known, "")
            return known
        return self._files.medium(file, self._warn)

    def _embedded(self, address: str) -> str | None:
        """Take a picture that is written into the page itself."""
        _head, _mark, data = address.partition(";base64,")
        try:
            return self._files.embedded(b64decode(data, validate=False), self._warn)
        except (Base64Error, ValueError):
            self._warn("cc_picture", name="data:")
            return None

    def _link(self, address: str) -> str | None:
        if _WEB.match(address):
            return address
        if address.startswith("#"):
            return None
        if _INTERNAL.match(address):
            self._warn("cc_internal_link", name=_short(address))
            return None
        file = self._files.locate(address, self._name)
        if file is None:
            self._warn("cc_file_missing", name=_short(address))
        elif ending(file) in ("html", "htm", "xhtml"):
            self._warn("cc_internal_link", name=_short(address))
        else:
            self._attach(file)
        return None

    def _attach(self, file: str) -> None:
        take = self._files.picture if ending(file) in PICTURES else self._files.medium
        known = take(file, self._warn)
        if known:
            self._attached.setdefault(known, file.rpartition("/")[2])

    def _warn(self, code: str, **values: object) -> None:
        fault = Fault(code, self._name, None, self._title, values)
        self._warnings.setdefault((code, str(values)), fault)


#: What the converter leaves out, by the words for it.
_DROPPED = {
    "iframe": "cc_frame",
    "merged": "cc_merged",
    "long": "cc_long",
    "deep": "cc_deep",
    "script": "cc_script",
}


def _short(address: str) -> str:
    text = clean(address)
    return text if len(text) <= 120 else f"{text[:119]}…"

"""Which format a file is of, by its content; what is of none is refused with what to do."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, cast

from courses.formats import FORMATS
from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.imaging import clean_pictures
from lms.core.archives import ArchiveError

#: The harmless file with which virus scanners are tested (EICAR).
_TEST_VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
)
_WEB_PAGES = (b"<!doctype html", b"<html", b"<script", b"<?php", b"<body", b"<iframe")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_ZIP = b"PK\x03\x04"


class Format(Protocol):
    """A module of courses/formats."""

    KEY: str
    LABEL: Any

    def recognises(self, brought: Brought) -> bool:
        """Tell by content whether the file is of this format."""

    def read(self, brought: Brought) -> PackedCourse:
        """Return what the file holds. Raises UnreadableCourse."""


@lru_cache
def find_format(key: str) -> Format | None:
    """Return the format of a key."""
    return next((one for one in _load_formats() if key == one.KEY), None)


def recognise(brought: Brought) -> Format:
    """Return the format of a file. Raises UnreadableCourse when it is of none."""
    _refuse_dangerous(brought)
    damage: ArchiveError | None = None
    for one in _load_formats():
        try:
            if one.recognises(brought):
                return one
        except ArchiveError as error:
            # A zip that cannot be opened: a later format may still know what it was.
            damage = error
    if damage is not None:
        raise UnreadableCourse([Fault(damage.code, damage.entry)])
    raise UnreadableCourse([Fault(_tell_unknown(brought))])


def read_any(brought: Brought) -> tuple[Format, PackedCourse]:
    """Return the format of a file and what it holds, its pictures cleaned. Raises UnreadableCourse."""
    one = recognise(brought)
    try:
        return one, clean_pictures(one.read(brought))
    except ArchiveError as error:
        raise UnreadableCourse([Fault(error.code, error.entry)]) from None


@lru_cache
def _load_formats() -> tuple[Format, ...]:
    return tuple(_load())


def _load() -> Iterator[Format]:
    for name in FORMATS:
        yield cast(Format, import_module(f"courses.formats.{name}"))


def _refuse_dangerous(brought: Brought) -> None:
    if brought.size == 0:
        raise UnreadableCourse([Fault("empty_file")])
    if _TEST_VIRUS in brought.head[:512]:
        raise UnreadableCourse([Fault("virus")])
    if brought.head.startswith(_PROGRAMS):
        raise UnreadableCourse([Fault("program")])


def _tell_unknown(brought: Brought) -> str:
    """Return the code that says best what the file is."""
    head, lowered = brought.head, brought.head[:1024].lower()
    signs = {
        "open_document": _OPEN_DOCUMENT in head[:128],
        "rich_text": head.startswith(b"{\\rtf"),
        "unknown_zip": head.startswith(_ZIP),
        "other_archive": head.startswith(_ARCHIVES),
        "picture_alone": head.startswith(_PICTURES) or _is_svg(lowered),
        "web_page": any(mark in lowered for mark in _WEB_PAGES),
    }
    return next((code for code, fits in signs.items() if fits), "unknown_file")


def _is_svg(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start)

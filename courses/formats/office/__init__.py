"""What Word and PowerPoint files share, and Office files that are refused by cause."""

from courses.formats.office.reading import (
    KEY,
    LABEL,
    SHEET,
    SLIDES,
    WORD,
    open_package,
    read,
    recognises,
    tell_family,
)

__all__ = [
    "KEY",
    "LABEL",
    "SHEET",
    "SLIDES",
    "WORD",
    "open_package",
    "read",
    "recognises",
    "tell_family",
]

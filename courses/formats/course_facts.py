"""What a file that was not written as a course does not say: address, keys, minutes, periods."""

import re
from collections.abc import Iterable
from math import ceil
from pathlib import PurePosixPath

from courses.formats.packed import KEY_LENGTH, MOST_MINUTES, MOST_PERIODS, TAKEN_SLUGS, TITLE_LENGTH
from lms.core.text import clean, slugify

#: Vietnamese is counted by syllables; adults read some two hundred of them a minute on a screen,
#: less when there is something to learn.
SYLLABLES_A_MINUTE = 160
#: A tiết.
PERIOD_MINUTES = 45

#: Titles that programs fill in by themselves.
_FILLED_IN = re.compile(
    r"(microsoft word - .*|(powerpoint |slide ?)?presentation\d*|(untitled|document) ?\d*"
    r"|slide \d+|powerpoint|word document|bản trình bày powerpoint|bài thuyết trình( powerpoint)?"
    r"|tài liệu ?\d*|title)",
    re.IGNORECASE,
)
_FALLBACK = "course"


def choose_title(candidates: Iterable[str | None], filename: str) -> str:
    """Return the first candidate that a person wrote, else the file's name without its ending."""
    for candidate in candidates:
        title = clean(candidate or "")
        if title and not _FILLED_IN.fullmatch(title):
            return shorten(title)
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return shorten(clean(stem.replace("_", " "))) or _FALLBACK


def shorten(title: str, longest: int = TITLE_LENGTH) -> str:
    """Return the title, cut at a word with an ellipsis when it is too long."""
    title = clean(title)
    if len(title) <= longest:
        return title
    cut = title[: longest - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def choose_slug(title: str) -> str:
    """Return an address for a course of this title; the importer makes it free of others."""
    slug = slugify(title, _FALLBACK)
    return f"{slug}-{_FALLBACK}" if slug in TAKEN_SLUGS else slug


class Keys:
    """Keys for the lessons of one course, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, title: str) -> str:
        """Return a key like the title; a number stands after it when it was given before."""
        stem = slugify(title, "lesson", KEY_LENGTH - 5)
        key, number = stem, 1
        while key in self._taken:
            number += 1
            key = f"{stem}-{number}"
        self._taken.add(key)
        return key


def minutes_to_read(source: str) -> int:
    """Return how many minutes a text takes, 1 to MOST_MINUTES."""
    return min(MOST_MINUTES, max(1, ceil(len(source.split()) / SYLLABLES_A_MINUTE)))


def periods_for(minutes: int) -> int:
    """Return how many tiết of 45 minutes this is, 1 to MOST_PERIODS."""
    return min(MOST_PERIODS, max(1, ceil(minutes / PERIOD_MINUTES)))

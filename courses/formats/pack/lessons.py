"""A lesson of a course pack: its facts, and what its kind and its rules need besides."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from courses.formats.packed import KEY, KEY_LENGTH, MOST_MINUTES, TITLE_LENGTH, PackedLesson
from courses.formats.yaml_file import Section

_FENCE = "---"
#: Plain values of one mapping: far more than any kind needs.
_MOST_VALUES = 500
_VALUE_LENGTH = 4000
_DEEPEST = 5


def read_key(section: Section, key: str) -> str:
    """Return an address or key: small letters, digits, single hyphens."""
    value = section.text(key, KEY_LENGTH)
    if value and not KEY.fullmatch(value):
        section.refuse("bad_key", key, value=value)
    return value


def read_kind(section: Section) -> str:
    """Return the kind that a lesson file names; a reading when it names none."""
    if not section.has("kind"):
        return "article"
    kind = read_key(section, "kind")
    if kind == "quiz":
        section.refuse("lesson_kind", "kind")
    return kind


def read_lesson(section: Section, *, kind: str, **content: Any) -> PackedLesson:
    """Return the facts that every lesson has, with its content."""
    return PackedLesson(
        key=read_key(section, "key"),
        title=section.text("title", TITLE_LENGTH),
        kind=kind,
        minutes=section.whole("minutes", 0, MOST_MINUTES, default=0),
        required=section.flag("required", default=True),
        sensitive=section.flag("sensitive", default=False),
        settings=_read_plain(section, "settings"),
        completion=_read_plain(section, "completion"),
        release=_read_plain(section, "release"),
        **content,
    )


def split_front_matter(text: str) -> tuple[str | None, str]:
    """Return what stands between the first two lines of hyphens, and what follows."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, text


def _read_plain(section: Section, key: str) -> Mapping[str, Any]:
    """Return a mapping of plain values, dates as ISO 8601; an empty one when it is not there."""
    if not section.has(key):
        return {}
    value = section.data[key]
    if not isinstance(value, dict):
        section.refuse("not_a_mapping", key)
        return {}
    try:
        plain = _Plain().take(value)
    except ValueError:
        section.refuse("not_plain", key)
        return {}
    assert isinstance(plain, dict)
    return plain


class _Plain:
    """Values as JSON has them, counted. Raises ValueError on any other, and on too many."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES

    def take(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            raise ValueError(depth)
        if isinstance(value, dict):
            return {self._name(key): self.take(entry, depth + 1) for key, entry in value.items()}
        if isinstance(value, list):
            return [self.take(entry, depth + 1) for entry in value]
        if type(value) is date:
            return value.isoformat()
        if isinstance(value, str) and len(value) > _VALUE_LENGTH:
            raise ValueError(len(value))
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(value)
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        raise ValueError(type(value))

    def _name(self, key: Any) -> str:
        if not isinstance(key, str) or len(key) > KEY_LENGTH:
            raise ValueError(key)
        return key

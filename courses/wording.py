"""Faults of files in words: what is wrong, where, and what mends it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from courses.formats.faults import MESSAGES, Fault, from_plain
from courses.formats.picture import PictureError


def describe(fault: Fault) -> str:
    """Return one sentence with the file, the line and the place before it."""
    where = fault.file
    if fault.line is not None:
        where = _("%(file)s, line %(line)s", file=fault.file, line=fault.line)
    if fault.place:
        where = f"{where} ({fault.place})"
    sentence = _word(fault.code, dict(fault.values))
    return f"{where}: {sentence}" if where else sentence


def describe_all(faults: Iterable[Fault]) -> list[str]:
    """Return a sentence for each fault."""
    return [describe(fault) for fault in faults]


def describe_kept(kept: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each fault that an import keeps: a fault, or a sentence already."""
    return [
        str(one["sentence"]) if "sentence" in one else describe(from_plain(one)) for one in kept
    ]


def describe_picture(error: PictureError) -> str:
    """Return what is wrong with one picture."""
    return _word(error.code, error.values)


def _word(code: str, values: dict[str, object]) -> str:
    return str(_(MESSAGES[code])).format(**values)

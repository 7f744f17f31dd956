"""Captions: SRT and WebVTT as people bring them, to WebVTT with plain cues.

WebVTT is that of the W3C's recommendation; SRT has no standard, so what its writers do is
read: a number, a line with two times, the text, an empty line. Marks inside the text
(bold, colours, places on the screen) are dropped, since browsers would show them
differently, and none of them is needed to understand what is said.
"""

import codecs
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lms.core.text import N_

MAX_BYTES = 2 * 1024**2
MOST_CUES = 20_000

MESSAGES = {
    "captions_type": N_("The file holds no captions. Send an SRT or WebVTT file."),
    "captions_too_large": N_("The captions are longer than {limit} cues or 2 MB."),
}

CONTENT_TYPE = "text/vtt"

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
#: Tags of SRT and WebVTT, and the braces of SubStation: {\an8}.
_MARKS = re.compile(r"</?[a-zA-Z0-9:.][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class CaptionsError(Exception):
    """Captions that are not taken: ``code`` is a key of MESSAGES, ``values`` fill it in."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(frozen=True, order=True)
class Cue:
    """A text on the screen, from one moment to another, in milliseconds."""

    start: int
    end: int
    text: str


def clean_captions(data: bytes) -> bytes:
    """Return SRT or WebVTT as clean WebVTT in UTF-8. Raises CaptionsError."""
    return write_vtt(read_captions(data)).encode()


def read_captions(data: bytes) -> list[Cue]:
    """Return the cues of an SRT or WebVTT file in order of time. Raises CaptionsError.

    Cues without text, or that end before they begin, are left out.
    """
    if len(data) > MAX_BYTES:
        raise CaptionsError("captions_too_large", limit=MOST_CUES)
    cues = sorted(_read_cues(decode(data)))
    if not cues:
        raise CaptionsError("captions_type")
    if len(cues) > MOST_CUES:
        raise CaptionsError("captions_too_large", limit=MOST_CUES)
    return cues


def write_vtt(cues: Iterable[Cue]) -> str:
    """Return the cues as a WebVTT file."""
    blocks = (
        f"{_write_time(cue.start)} --> {_write_time(cue.end)}\n{html.escape(cue.text, quote=False)}"
        for cue in cues
    )
    return "\n\n".join(("WEBVTT", *blocks)) + "\n"


def decode(data: bytes) -> str:
    """Return a text file's text: UTF-8 or UTF-16 by its marks, else what fits, NFC.

    Old Vietnamese files are in Windows-1258, whose tone marks are signs of their own.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _tidy(data.decode("utf-16", errors="replace"))
    if data[1:400:2].count(0) > len(data[1:400:2]) // 2:
        return _tidy(data.decode("utf-16-le", errors="replace"))
    if data[:400:2].count(0) > len(data[:400:2]) // 2:
        return _tidy(data.decode("utf-16-be", errors="replace"))
    try:
        return _tidy(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _tidy(data.decode("cp1258", errors="replace"))


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", lines))


def _read_cues(text: str) -> Iterable[Cue]:
    """Yield each cue: a line of times, and the lines up to an empty one."""
    lines = iter(text.split("\n"))
    for line in lines:
        times = _TIMES.fullmatch(line)
        if times is None:
            continue  # a header, a number, a note, a style
        start, end = _read_time(times.groups()[:4]), _read_time(times.groups()[4:])
        words = _take_words(lines)
        if words and start < end:
            yield Cue(start, end, words)


def _take_words(lines: Iterable[str]) -> str:
    words = []
    for line in lines:
        if not line.strip():
            break
        words.append(_plain(line))
    return "\n".join(word for word in words if word)


def _plain(line: str) -> str:
    """Return a line's words without marks, spelled out."""
    words = " ".join(html.unescape(_MARKS.sub("", line)).split())
    # Two dashes and an angle would look like a line of times.
    return unicodedata.normalize("NFC", _UNSEEN.sub("", words)).replace("-->", "→")


def _read_time(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _write_time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"

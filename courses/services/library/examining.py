"""What a file for the library is, by its content, and as what it is kept."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from courses.formats.audio import ENDINGS as AUDIO_ENDINGS
from courses.formats.audio import tell_audio_type
from courses.formats.brought import Brought
from courses.formats.captions import CONTENT_TYPE as CAPTIONS_TYPE
from courses.formats.captions import MAX_BYTES as MOST_CAPTION_BYTES
from courses.formats.captions import CaptionsError, clean_captions
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.picture import ENDINGS as PICTURE_ENDINGS
from courses.formats.picture import PictureError
from courses.formats.video import ENDINGS as VIDEO_ENDINGS
from courses.formats.video import tell_video_type
from courses.imaging import MOST_BYTES, clean_picture, is_picture, measure

PDF = "application/pdf"


@dataclass(frozen=True)
class Examined:
    """A file that may be kept."""

    #: One of LIBRARY_KINDS.
    kind: str
    content_type: str
    #: Ending of its name in a course.
    ending: str
    open: Callable[[], IO[bytes]]
    facts: dict[str, Any] = field(default_factory=dict)


def examine(brought: Brought) -> Examined:
    """Return what a file is, cleaned where it has to be. Raises UnreadableCourse with the reason."""
    head = brought.head
    if is_picture(head):
        return _picture(brought)
    if (video := tell_video_type(head)) is not None:
        return Examined("video", video, VIDEO_ENDINGS[video], brought.open)
    if (audio := tell_audio_type(head)) is not None:
        return Examined("audio", audio, AUDIO_ENDINGS[audio], brought.open)
    if b"%PDF-" in head[:1024]:
        return _document(brought)
    if b"-->" in head.replace(b"\0", b""):
        return _captions(brought)
    raise UnreadableCourse([Fault("library_type")])


def _picture(brought: Brought) -> Examined:
    if brought.size > MOST_BYTES:
        raise UnreadableCourse([Fault("picture_too_large")])
    try:
        data, content_type = clean_picture(brought.all_bytes())
    except PictureError as error:
        raise UnreadableCourse([Fault(error.code, values=error.values)]) from None
    width, height = measure(data)
    facts = {"width": width, "height": height} if width else {}
    ending = PICTURE_ENDINGS[content_type][0]
    return Examined("picture", content_type, ending, lambda: io.BytesIO(data), facts)


def _captions(brought: Brought) -> Examined:
    if brought.size > MOST_CAPTION_BYTES:
        raise UnreadableCourse([Fault("captions_too_large", values={"limit": 20_000})])
    try:
        data = clean_captions(brought.all_bytes())
    except CaptionsError as error:
        raise UnreadableCourse([Fault(error.code, values=error.values)]) from None
    return Examined("captions", CAPTIONS_TYPE, ".vtt", lambda: io.BytesIO(data))


def _document(brought: Brought) -> Examined:
    """Return a PDF as the reader of courses makes it harmless. Raises UnreadableCourse."""
    from courses.formats import pdf  # noqa: PLC0415 - loads what takes PDF files apart

    packed = pdf.read(brought)
    file = next(file for file in packed.files.values() if file.content_type == PDF)
    return Examined("document", PDF, ".pdf", file.open)

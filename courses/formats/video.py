"""A video as a trainer brings it: MP4, WebM or QuickTime, told by its first bytes.

The containers are those of ISO/IEC 14496-12 (the file type box comes first) and of
Matroska (RFC 8794: the document type stands in the EBML header). A playlist is never
taken: it would name further files to be opened.
"""

from pathlib import PurePosixPath

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.packed import (
    TITLE_LENGTH,
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
)
from lms.core.text import clean, slugify

KEY = "video"
LABEL = _l("Video")

#: File endings by content type, for names in the course.
ENDINGS = {"video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov"}
#: Smaller ones hold no picture.
FEWEST_BYTES = 64
#: Brands of sound alone (M4A and audiobooks).
AUDIO_BRANDS = (b"M4A ", b"M4B ")


def tell_video_type(head: bytes) -> str | None:
    """Return the content type of a video by its first bytes; None for anything else."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in AUDIO_BRANDS:
            return None
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    if head[4:8] in (b"moov", b"wide") or (head[4:8] == b"mdat" and b"moov" in head):
        return "video/quicktime"  # from before the file type box
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    return None


def recognises(brought: Brought) -> bool:
    """Tell whether the file is a video."""
    return tell_video_type(brought.head) is not None


def read(brought: Brought) -> PackedCourse:
    """Return a course of one lesson that shows the video. Raises UnreadableCourse."""
    content_type = tell_video_type(brought.head)
    if content_type is None:
        raise UnreadableCourse([Fault("media_type")])
    if brought.size < FEWEST_BYTES:
        raise UnreadableCourse([Fault("media_damaged")])
    return pack_player(brought, content_type, ENDINGS[content_type])


def pack_player(brought: Brought, content_type: str, ending: str) -> PackedCourse:
    """Return a course of one lesson that plays a file; its title comes from the file's name."""
    stem = PurePosixPath(brought.filename.replace("\\", "/")).stem
    title = clean(stem.replace("_", " "))[:TITLE_LENGTH] or str(LABEL)
    slug = slugify(stem, fallback="bai-giang", longest=60)
    name = f"media/{slug}{ending}"
    lesson = PackedLesson(key=slug, title=title, kind="video", settings={"file": name})
    return PackedCourse(
        slug=slug,
        title=title,
        periods=1,
        modules=(PackedModule(title, (lesson,)),),
        files={name: PackedFile.of(content_type, brought.open)},
    )

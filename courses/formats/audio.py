"""A recording as a trainer brings it: MP3, M4A, OGG or WAV, told by its first bytes."""

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.formats.video import AUDIO_BRANDS, FEWEST_BYTES, pack_player

KEY = "audio"
LABEL = _l("Recording")

ENDINGS = {"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/ogg": ".ogg", "audio/wav": ".wav"}


def tell_audio_type(head: bytes) -> str | None:
    """Return the content type of a recording by its first bytes; None for anything else."""
    if head[4:8] == b"ftyp" and head[8:12] in AUDIO_BRANDS:
        return "audio/mp4"
    if head.startswith(b"OggS") and any(x in head[:128] for x in (b"vorbis", b"OpusHead")):
        return "audio/ogg"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"ID3") or _is_mpeg_frame(head):
        return "audio/mpeg"
    return None


def recognises(brought: Brought) -> bool:
    """Tell whether the file is a recording."""
    return tell_audio_type(brought.head) is not None


def read(brought: Brought) -> PackedCourse:
    """Return a course of one lesson that plays the recording. Raises UnreadableCourse."""
    content_type = tell_audio_type(brought.head)
    if content_type is None:
        raise UnreadableCourse([Fault("media_type")])
    if brought.size < FEWEST_BYTES:
        raise UnreadableCourse([Fault("media_damaged")])
    return pack_player(brought, content_type, ENDINGS[content_type])


def _is_mpeg_frame(head: bytes) -> bool:
    """Tell whether the bytes begin an MPEG layer III frame (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sampling = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in (0, 15) and sampling != 3

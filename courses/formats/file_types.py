"""What a file of a course is, by its first bytes: recordings, documents, captions, packages."""

from courses.formats.audio import tell_audio_type
from courses.formats.video import tell_video_type

PDF, ZIP, CAPTIONS = "application/pdf", "application/zip", "text/vtt"
HEAD_BYTES = 8192
_ZIP_MARK = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
#: Zips that are something more, by their names' endings: offered to be taken home only.
_OFFICE_TYPES = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}


def tell_file_type(name: str, head: bytes) -> str | None:
    """Return the content type of a file with this beginning; None for what courses do not carry.

    The name decides only between kinds of zip.
    """
    if head.startswith(_ZIP_MARK):
        return _OFFICE_TYPES.get(name.rpartition(".")[2].lower(), ZIP)
    if name.startswith("packages/"):
        return None
    if head.startswith(b"%PDF-"):
        return PDF
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return CAPTIONS
    return tell_video_type(head) or tell_audio_type(head)

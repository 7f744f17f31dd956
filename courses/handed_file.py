"""The file that a learner hands in: told by its content, refused where it could do harm. Pure."""

import re
from pathlib import PurePosixPath
from typing import BinaryIO

from courses.formats import office
from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from lms.core.text import clean

DOCX, PPTX, XLSX, PDF, PICTURE = "docx", "pptx", "xlsx", "pdf", "picture"
FILE_TYPES = (DOCX, PPTX, XLSX, PDF, PICTURE)
MOST_BYTES = 20 * 1024**2

_OFFICE = "application/vnd.openxmlformats-officedocument"
_FAMILIES = {
    office.WORD: (DOCX, f"{_OFFICE}.wordprocessingml.document"),
    office.SLIDES: (PPTX, f"{_OFFICE}.presentationml.presentation"),
    office.SHEET: (XLSX, f"{_OFFICE}.spreadsheetml.sheet"),
}
_ENDINGS = {
    **{content_type: f".{kind}" for kind, content_type in _FAMILIES.values()},
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STEM_LENGTH = 80
#: What some system or other does not allow in a name.
_UNWELCOME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]')
#: Bytes at the end of a PDF among which its last mark stands.
_PDF_END = 2048


class BadFile(Exception):
    """A file that is not taken: ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tell_type(file: BinaryIO, filename: str) -> tuple[str, str]:
    """Return one of FILE_TYPES and the content type of a file that can be sought in.

    Raises BadFile: ``empty``, ``too_large``, ``old_office`` (or behind a password),
    ``macros``, ``damaged``, ``unknown``.
    """
    brought = Brought(file, filename)
    if brought.size == 0:
        raise BadFile("empty")
    if brought.size > MOST_BYTES:
        raise BadFile("too_large")
    head = brought.head
    if head.startswith(_OLE):
        raise BadFile("old_office")
    if head.startswith(b"%PDF-"):
        return PDF, _check_pdf(brought)
    for mark, content_type in _PICTURES:
        if head.startswith(mark):
            return PICTURE, content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PICTURE, "image/webp"
    return _tell_office(brought)


def name_file(filename: str, content_type: str) -> str:
    """Return a name to keep a file under: its own, with the ending that its content has."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    stem = clean(_UNWELCOME.sub("", stem)).strip(". ")[:_STEM_LENGTH]
    return (stem or "bai-nop") + _ENDINGS[content_type]


def _check_pdf(brought: Brought) -> str:
    brought.file.seek(max(0, brought.size - _PDF_END))
    if b"%%EOF" not in brought.file.read():
        raise BadFile("damaged")
    return "application/pdf"


def _tell_office(brought: Brought) -> tuple[str, str]:
    family = office.tell_family(brought)
    if family is None:
        raise BadFile("unknown")
    try:
        office.open_package(brought)
    except UnreadableCourse as unreadable:
        has_macros = any(fault.code == "office_macros" for fault in unreadable.faults)
        raise BadFile("macros" if has_macros else "damaged") from None
    return _FAMILIES[family]

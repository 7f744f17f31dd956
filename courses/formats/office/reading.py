"""Office files: told apart by content, and refused by name of the cause where they cannot be read.

As a format of its own it stands for those that no other module takes: files of the old kind,
files behind a password, and Excel files.
"""

from collections.abc import Iterator
from typing import NoReturn

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from courses.formats.office.package import TYPES, Package, refusal
from lms.core.archives import ArchiveError

KEY = "office"
LABEL = _l("Office file")

WORD, SLIDES, SHEET = "word", "ppt", "xl"
#: What the content type of the main part says of the program.
_FAMILIES = {
    "wordprocessingml": WORD,
    "ms-word": WORD,
    "presentationml": SLIDES,
    "ms-powerpoint": SLIDES,
    "spreadsheetml": SHEET,
    "ms-excel": SHEET,
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
#: Names of streams in files of the old kind, and what each means.
_STREAMS = (
    ("EncryptedPackage", "office_password"),
    ("EncryptedSummary", "office_password"),
    ("WordDocument", "office_old_word"),
    ("PowerPoint Document", "office_old_slides"),
    ("Workbook", "office_old_sheet"),
    ("Book", "office_old_sheet"),
)
_BLOCK = 1024**2
#: The list of streams lies near the beginning or the end.
_BLOCKS = 32
_STRICT = b"http://purl.oclc.org/ooxml/"


def recognises(brought: Brought) -> bool:
    """Tell whether this is an Office file of any kind."""
    return brought.head.startswith(_OLE) or tell_family(brought) is not None


def read(brought: Brought) -> NoReturn:
    """Refuse the file, saying why. Raises UnreadableCourse."""
    if brought.head.startswith(_OLE):
        raise refusal(_tell_old_kind(brought))
    if tell_family(brought) == SHEET:
        raise refusal("office_sheet_macros" if _is_macro_sheet(brought) else "office_sheet")
    raise refusal("office_damaged")


def tell_family(brought: Brought) -> str | None:
    """Return ``word``, ``ppt`` or ``xl`` for an Office zip; None for anything else.

    A file that was cut short is told by the names at its beginning.
    """
    if not brought.head.startswith(_ZIP):
        return None
    try:
        archive = brought.archive
        if archive is None or TYPES not in archive:
            return None
        package = Package(archive)
        return _family_of(package.content_type(package.main)) or _guess_family(brought.head)
    except (ArchiveError, UnreadableCourse):
        return _guess_family(brought.head)


def open_package(brought: Brought) -> Package:
    """Return the parts of a Word or PowerPoint file. Raises UnreadableCourse with the cause."""
    try:
        archive = brought.archive
    except ArchiveError as error:
        code = "office_cut" if error.code == "truncated" else error.code
        raise refusal(code, error.entry) from None
    if archive is None:
        raise refusal("office_damaged")
    package = Package(archive)
    if _holds_macros(package):
        raise refusal("office_macros")
    package.check()
    if package.main not in archive:
        raise refusal("office_damaged")
    if _STRICT in package.head(package.main):
        raise refusal("office_strict")
    return package


def _is_macro_sheet(brought: Brought) -> bool:
    try:
        return brought.archive is not None and _holds_macros(Package(brought.archive))
    except (ArchiveError, UnreadableCourse):
        return False


def _holds_macros(package: Package) -> bool:
    if any(name.lower().endswith("vbaproject.bin") for name in package.archive):
        return True
    return "macroenabled" in package.content_type(package.main).lower()


def _family_of(content_type: str) -> str | None:
    lowered = content_type.lower()
    return next((family for mark, family in _FAMILIES.items() if mark in lowered), None)


def _guess_family(head: bytes) -> str | None:
    for family in (WORD, SLIDES, SHEET):
        if f"{family}/".encode() in head:
            return family
    return None


def _tell_old_kind(brought: Brought) -> str:
    blocks = list(_blocks(brought))
    for name, code in _STREAMS:
        mark = name.encode("utf-16-le")
        if any(mark in block for block in blocks):
            return code
    return "office_old_other"


def _blocks(brought: Brought) -> Iterator[bytes]:
    """Yield the beginning and the end of the file."""
    for start in (0, max(0, brought.size - _BLOCKS * _BLOCK)):
        brought.file.seek(start)
        yield brought.file.read(_BLOCKS * _BLOCK)

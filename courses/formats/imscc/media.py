"""A file of a cartridge that may go into a course: told by its content, without what could act."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from posixpath import basename
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from courses.formats import pdf
from courses.formats.brought import Brought
from courses.formats.captions import MAX_BYTES as MAX_CAPTIONS
from courses.formats.captions import CaptionsError, clean_captions
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.file_types import CAPTIONS, HEAD_BYTES, PDF, ZIP, tell_file_type
from courses.formats.packed import PackedFile
from courses.handed_file import BadFile, tell_type
from lms.core.archives import Archive

#: Bytes of a copy that are held before it goes to disk.
_IN_MEMORY = 4 * 1024**2


@dataclass(frozen=True)
class Medium:
    """A file that is taken, with what was said of it."""

    file: PackedFile
    minutes: int = 0
    warnings: tuple[Fault, ...] = ()


def take_medium(archive: Archive, name: str) -> Medium:
    """Return a video, recording, PDF or Office file. Raises UnreadableCourse for any other."""
    with archive.open(name) as stream:
        content_type = tell_file_type(name, stream.read(HEAD_BYTES))
    if content_type in (None, ZIP, CAPTIONS):
        raise UnreadableCourse([Fault("cc_file", values={"name": basename(name)})])
    whole = _pack(archive, name, str(content_type))
    if content_type == PDF:
        return _take_pdf(archive, name, whole)
    if not str(content_type).startswith(("video/", "audio/")):
        _check_office(archive, name)
    return Medium(whole)


def take_captions(archive: Archive, name: str) -> PackedFile | None:
    """Return captions cleaned; None for what are none."""
    if archive.size(name) > MAX_CAPTIONS:
        return None
    try:
        return PackedFile.of_bytes(CAPTIONS, clean_captions(archive[name]))
    except CaptionsError:
        return None


def _take_pdf(archive: Archive, name: str, whole: PackedFile) -> Medium:
    with _copied(archive, name) as copy:
        course = pdf.read(copy)
    (file,) = course.files.values()
    minutes = sum(lesson.minutes for lesson in course.lessons())
    # Unchanged, it is read from where it lies.
    return Medium(whole if file == whole else file, minutes, course.warnings)


def _check_office(archive: Archive, name: str) -> None:
    """Raise UnreadableCourse for macros, passwords and damage."""
    with _copied(archive, name) as copy:
        try:
            tell_type(copy.file, copy.filename)
        except BadFile:
            raise UnreadableCourse([Fault("cc_file", values={"name": basename(name)})]) from None


@contextmanager
def _copied(archive: Archive, name: str) -> Iterator[Brought]:
    """Give a copy that can be sought in."""
    with SpooledTemporaryFile(_IN_MEMORY) as copy:
        with archive.open(name) as stream:
            shutil.copyfileobj(stream, copy)
        yield Brought(cast("BinaryIO", copy), basename(name))


def _pack(archive: Archive, name: str, content_type: str) -> PackedFile:
    opener = cast("Callable[[], BinaryIO]", partial(archive.open, name))
    return PackedFile.of(content_type, opener)

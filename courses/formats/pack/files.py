"""The pictures and files of a course pack: looked at by content, large ones read where they lie."""

from collections.abc import Callable, Iterator
from functools import partial

from courses.formats.captions import CaptionsError, clean_captions
from courses.formats.faults import Fault
from courses.formats.file_types import CAPTIONS, HEAD_BYTES, tell_file_type
from courses.formats.pack.folder import Folder
from courses.formats.packed import (
    FILE_NAME,
    MOST_FILES,
    MOST_PICTURES,
    PICTURE_NAME,
    PackedFile,
    PackedPicture,
)
from courses.formats.picture import MAX_BYTES, PictureError, check_picture
from lms.core.archives import Archive

Files = Archive | Folder
Note = Callable[[Fault], None]

FOLDERS = ("media/", "packages/")
#: Pictures are held in memory while a course is read.
MAX_PICTURES_BYTES = 200 * 1024**2


def read_pictures(files: Files, refuse: Note) -> dict[str, PackedPicture]:
    """Return the pictures by name; what is wrong with any is told to ``refuse``."""
    names = sorted(name for name in files if name.startswith("images/"))
    if len(names) > MOST_PICTURES:
        refuse(Fault("too_many", "images/", values={"limit": MOST_PICTURES}))
    if sum(files.size(name) for name in names) > MAX_PICTURES_BYTES:
        limit = MAX_PICTURES_BYTES // 1024**2
        refuse(Fault("pictures_too_large", "images/", values={"limit": limit}))
        return {}
    return dict(_read_pictures(files, names[:MOST_PICTURES], refuse))


def _read_pictures(
    files: Files, names: list[str], refuse: Note
) -> Iterator[tuple[str, PackedPicture]]:
    for name in names:
        if not PICTURE_NAME.fullmatch(name):
            refuse(Fault("picture_name", name))
            continue
        if files.size(name) > MAX_BYTES:
            limit = MAX_BYTES // 1024**2
            refuse(Fault("picture_too_large", name, values={"limit": limit}))
            continue
        try:
            data = files[name]
            yield name, PackedPicture(data, check_picture(name, data))
        except PictureError as error:
            refuse(Fault(error.code, name, values=error.values))


def read_files(files: Files, refuse: Note, warn: Note) -> dict[str, PackedFile]:
    """Return the videos, documents and packages by name. A kind that is not carried is a warning."""
    names = sorted(name for name in files if name.startswith(FOLDERS))
    if len(names) > MOST_FILES:
        refuse(Fault("too_many", "media/", values={"limit": MOST_FILES}))
    read = {}
    for name in names[:MOST_FILES]:
        if not FILE_NAME.fullmatch(name):
            refuse(Fault("file_name", name))
            continue
        file = _read_file(files, name, refuse)
        if file is None:
            warn(Fault("file_type", name))
        else:
            read[name] = file
    return read


def _read_file(files: Files, name: str, refuse: Note) -> PackedFile | None:
    with files.open(name) as stream:
        content_type = tell_file_type(name, stream.read(HEAD_BYTES))
    if content_type is None:
        return None
    if content_type != CAPTIONS:
        return PackedFile.of(content_type, partial(files.open, name))
    try:
        return PackedFile.of_bytes(CAPTIONS, clean_captions(files[name]))
    except CaptionsError as error:
        refuse(Fault(error.code, name, values=error.values))
        return PackedFile.of_bytes(CAPTIONS, b"")

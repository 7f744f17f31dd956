"""Files that came with an import stand in their trainer's library as well."""

from pathlib import PurePosixPath

from sqlalchemy import select

from courses.formats.packed import TITLE_LENGTH
from courses.models import LibraryFile, Media
from courses.queries.library import count_bytes
from courses.services.library.keeping import quota
from lms.core.clock import now, today
from lms.core.db import db
from lms.core.text import clean, fold
from lms.people.queries import find_agency_of

#: Kinds of the library by what content types begin with.
_KINDS = {
    "video/": "video",
    "audio/": "audio",
    "application/pdf": "document",
    "text/vtt": "captions",
}


def register_files(owner_id: int, revision_id: int) -> None:
    """Put the videos, recordings and documents of a revision into its trainer's library.

    One that is there is linked to it. What the library has no room for stays in the course
    alone: nobody's import fails for that.
    """
    query = select(Media).where(
        Media.revision_id == revision_id,
        Media.library_file_id.is_(None),
        Media.name.startswith("media/"),
    )
    used = count_bytes(owner_id)
    for media in db.session.scalars(query.order_by(Media.name)):
        kind = next((k for start, k in _KINDS.items() if media.content_type.startswith(start)), "")
        if not kind:
            continue
        file = _find(owner_id, media.sha256)
        if file is None and used + media.size <= quota():
            file = _register(owner_id, media, kind)
            used += media.size
        media.library_file_id = None if file is None else file.id
    db.session.flush()


def _find(owner_id: int, sha256: str) -> LibraryFile | None:
    return db.session.scalar(
        select(LibraryFile).where(LibraryFile.owner_id == owner_id, LibraryFile.sha256 == sha256)
    )


def _register(owner_id: int, media: Media, kind: str) -> LibraryFile:
    agency = find_agency_of(owner_id, today())
    name = media.name.rpartition("/")[2]
    title = clean(PurePosixPath(name).stem.replace("-", " ").replace("_", " "))[:TITLE_LENGTH]
    file = LibraryFile(
        owner_id=owner_id,
        agency_id=agency.id if agency else None,
        kind=kind,
        title=title,
        title_folded=fold(title),
        alt="",
        filename=name,
        sha256=media.sha256,
        content_type=media.content_type,
        size=media.size,
        facts={},
        created_at=now(),
    )
    db.session.add(file)
    db.session.flush()
    return file

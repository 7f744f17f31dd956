"""Files come into the library, and from it into courses."""

from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from courses.files import keep_file
from courses.formats.brought import Brought
from courses.formats.packed import MOST_PICTURES, TITLE_LENGTH
from courses.models import LibraryFile, Media, Revision
from courses.queries.library import count_bytes
from courses.services.authoring.drafts import hold
from courses.services.authoring.files import KeptFile, name_file
from courses.services.library.examining import Examined, examine
from courses.services.renditions import want_renditions
from courses.sizes import MEGABYTE, say_size
from lms.core import audit
from lms.core.clock import now, today
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.text import clean, fold, slugify
from lms.people.queries import find_agency_of

#: Folders of a course: what is drawn in a text, and what is played or opened.
PICTURES, FILES = "images", "media"


def quota() -> int:
    """Return how many bytes a trainer may keep."""
    return int(current_app.config["LMS_LIBRARY_QUOTA_MB"]) * MEGABYTE


@dataclass(frozen=True)
class Stored:
    """A file that lies in the storage already, and that no row names yet."""

    filename: str
    examined: Examined
    sha256: str
    #: Bytes.
    size: int


def store(owner_id: int, brought: Brought, freed: int = 0) -> Stored:
    """Look at a file and put it into the storage: slow work, before anything is written.

    ``freed`` bytes go when it comes. Raises UnreadableCourse for what may not be kept, and
    Refused when the trainer has no room for it.
    """
    examined = examine(brought)
    with examined.open() as stream:
        refuse_overfull(owner_id, stream.seek(0, 2), freed)
        kept = keep_file(stream)
    return Stored(brought.filename, examined, kept.sha256, kept.size)


def keep_in_library(owner_id: int, stored: Stored, title: str = "") -> LibraryFile:
    """Give a trainer's library a stored file; the same file twice is kept once.

    Raises Refused when there is no room.
    """
    refuse_overfull(owner_id, stored.size)
    query = select(LibraryFile).where(
        LibraryFile.owner_id == owner_id, LibraryFile.sha256 == stored.sha256
    )
    known: LibraryFile | None = db.session.scalar(query)
    if known is not None:
        return known
    agency = find_agency_of(owner_id, today())
    title = clean(title)[:TITLE_LENGTH] or _title_of(stored.filename)
    file = LibraryFile(
        owner_id=owner_id,
        agency_id=agency.id if agency else None,
        kind=stored.examined.kind,
        title=title,
        title_folded=fold(title),
        alt="",
        filename=_file_name(stored.filename, stored.examined.ending),
        sha256=stored.sha256,
        content_type=stored.examined.content_type,
        size=stored.size,
        facts=stored.examined.facts,
        created_at=now(),
    )
    db.session.add(file)
    db.session.flush()
    want_renditions(file.sha256, file.content_type)
    audit.record("courses.library.kept", f"library_file:{file.id}", size=file.size)
    return file


def refuse_overfull(owner_id: int, size: int, freed: int = 0) -> None:
    """Raise Refused when so many bytes do not fit; ``freed`` bytes go when they come."""
    used = count_bytes(owner_id) - freed
    if used + size > quota():
        raise Refused(
            _(
                "Your library is full: %(used)s of %(quota)s are used. "
                "Delete files that are used nowhere, then try again.",
                used=say_size(used),
                quota=say_size(quota()),
            )
        )


def use_in_draft(draft: Revision, file: LibraryFile) -> str:
    """Give a draft a file of the library; return its name there. Twice changes nothing."""
    hold(draft)
    rows = db.session.execute(
        select(Media.name, Media.library_file_id).where(Media.revision_id == draft.id)
    ).all()
    known = next((row.name for row in rows if row.library_file_id == file.id), None)
    if known is not None:
        return str(known)
    folder = PICTURES if file.kind == "picture" else FILES
    if file.kind == "picture" and sum(x.name.startswith(PICTURES) for x in rows) >= MOST_PICTURES:
        raise Refused(_("A course holds at most %(limit)s pictures.", limit=MOST_PICTURES))
    name = _free_name(folder, file.filename, {row.name for row in rows})
    name_file(draft, name, KeptFile(file.sha256, file.content_type, file.size, file.id))
    return name


def _free_name(folder: str, filename: str, taken: set[str]) -> str:
    path = PurePosixPath(filename)
    numbered = (f"{folder}/{path.stem}-{number}{path.suffix}" for number in count(2))
    plain = f"{folder}/{path.name}"
    return plain if plain not in taken else next(name for name in numbered if name not in taken)


def _title_of(filename: str) -> str:
    stem = PurePosixPath(filename.replace("\\", "/")).stem.replace("_", " ")
    return clean(stem)[:TITLE_LENGTH] or str(_("File"))


def _file_name(filename: str, ending: str) -> str:
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return slugify(stem, fallback="tep", longest=60) + ending

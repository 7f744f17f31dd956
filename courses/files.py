"""Files of lessons: kept by content, named by the revision that shows them."""

import hashlib
from dataclasses import dataclass
from typing import IO, BinaryIO

from flask import url_for
from sqlalchemy import select

from courses.models import Media, Rendition
from lms.core import storage
from lms.core.db import db


@dataclass(frozen=True)
class ShownFile:
    """A file of a revision as its lessons show it."""

    #: Name inside the course, like media/bai-giang.mp4.
    name: str
    sha256: str
    content_type: str
    #: Bytes.
    size: int

    @property
    def url(self) -> str:
        """Return its address, under which it never changes."""
        return url_for("courses.media", sha256=self.sha256, name=self.name.rpartition("/")[2])


@dataclass(frozen=True)
class KeptFile:
    """A file in storage."""

    sha256: str
    #: Bytes.
    size: int

    @property
    def key(self) -> str:
        """Return where it is kept."""
        return storage_key(self.sha256)


def keep_file(stream: IO[bytes]) -> KeptFile:
    """Keep a file by its content, read from its beginning; one that is there stays as it is.

    The stream is read twice, so it has to be seekable: first for its hash, then into storage.
    """
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while block := stream.read(storage.BLOCK):
        digest.update(block)
        size += len(block)
    kept = KeptFile(digest.hexdigest(), size)
    if not storage.exists(kept.key):
        stream.seek(0)
        storage.put_file(kept.key, stream)
    return kept


def open_kept(sha256: str) -> BinaryIO:
    """Return a kept file, to be read and sought in. Raises FileNotFoundError."""
    return storage.open_file(storage_key(sha256))


def find_content_type(sha256: str) -> str | None:
    """Return the type of a file that a course shows, or that was made of one for it.

    Packages are not among them: they are programs, served from another origin only.
    """
    shown = select(Media.content_type).where(
        Media.sha256 == sha256, ~Media.name.startswith("packages/")
    )
    made = select(Rendition.content_type).where(Rendition.sha256 == sha256)
    return db.session.scalar(shown.limit(1)) or db.session.scalar(made.limit(1))


def find_version(sha256: str, profile: str) -> str | None:
    """Return the SHA-256 of a version made of a file; None while there is none."""
    if not profile:
        return None
    rows = db.session.execute(
        select(Rendition.profile, Rendition.sha256).where(
            Rendition.source_sha256 == sha256, Rendition.state == "done"
        )
    )
    made: dict[str, str] = {row.profile: row.sha256 for row in rows}
    # Small films have no 480p of their own; of a recording there is sound alone.
    others = ["audio"] if set(made) == {"audio"} else ["240p"]
    return next((made[key] for key in (profile, *others) if key in made), None)


def list_files(revision_id: int) -> dict[str, ShownFile]:
    """Return the files of a revision by their names in the course."""
    query = select(Media.name, Media.sha256, Media.content_type, Media.size)
    rows = db.session.execute(query.where(Media.revision_id == revision_id))
    return {row.name: ShownFile(*row) for row in rows}


def storage_key(sha256: str) -> str:
    """Return where a file is kept."""
    return f"media/{sha256[:2]}/{sha256}"

"""Files of lessons: kept by content, named by the revision that shows them."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from courses.models import Media
from lms.core import storage
from lms.core.db import db


@dataclass(frozen=True)
class Picture:
    """A picture's bytes and type."""

    data: bytes
    content_type: str


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
        return url_for("courses.media", sha256=self.sha256, _name=self.name.rpartition("/")[2])


def find_picture(sha256: str) -> Picture | None:
    """Return the picture with this SHA-256, if a course shows it."""
    content_type = db.session.scalar(
        select(Media.content_type).where(Media.sha256 == sha256).limit(1)
    )
    if content_type is None:
        return None
    return Picture(storage.get(storage_key(sha256)), content_type)


def list_files(revision_id: int) -> dict[str, ShownFile]:
    """Return the files of a revision by their names in the course."""
    query = select(Media.name, Media.sha256, Media.content_type, Media.size)
    rows = db.session.execute(query.where(Media.revision_id == revision_id))
    return {row.name: ShownFile(*row) for row in rows}


def storage_key(sha256: str) -> str:
    """Return where a file is kept."""
    return f"media/{sha256[:2]}/{sha256}"

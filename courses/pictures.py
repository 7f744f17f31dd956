"""Pictures of lessons: kept by content, read with their type."""

from dataclasses import dataclass

from sqlalchemy import select

from courses.models import Media
from lms.core import storage
from lms.core.db import db


@dataclass(frozen=True)
class Picture:
    """A picture's bytes and type."""

    data: bytes
    content_type: str


def find_picture(sha256: str) -> Picture | None:
    """Return the picture with this SHA-256, if a course shows it."""
    content_type = db.session.scalar(
        select(Media.content_type).where(Media.sha256 == sha256).limit(1)
    )
    if content_type is None:
        return None
    return Picture(storage.get(storage_key(sha256)), content_type)


def storage_key(sha256: str) -> str:
    """Return where a picture is kept."""
    return f"media/{sha256[:2]}/{sha256}"

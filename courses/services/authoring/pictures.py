"""Pictures of a draft."""

import hashlib
from pathlib import PurePosixPath

from sqlalchemy import delete, func, select

from courses.files import storage_key
from courses.formats.packed import MOST_PICTURES
from courses.formats.picture import ENDINGS, PictureError
from courses.imaging import clean_picture
from courses.models import Media, Revision
from courses.services.authoring.drafts import hold
from lms.core import storage
from lms.core.db import db, insert
from lms.core.text import slugify


def add_picture(draft: Revision, filename: str, data: bytes) -> str:
    """Keep a picture under a plain name made of its file's; return that name.

    A picture of the same name is replaced. Raises PictureError.
    """
    data, content_type = clean_picture(data)
    hold(draft)
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    name = f"images/{slugify(stem, fallback='hinh')}{ENDINGS[content_type][0]}"
    others = select(func.count()).where(
        Media.revision_id == draft.id, Media.name != name, Media.name.startswith("images/")
    )
    if (db.session.scalar(others) or 0) >= MOST_PICTURES:
        raise PictureError("picture_limit", limit=MOST_PICTURES)
    keep_picture(draft, name, data, content_type)
    return name


def keep_picture(draft: Revision, name: str, data: bytes, content_type: str) -> None:
    """Store a checked picture by its content, and name it in the draft."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not storage.exists(storage_key(sha256)):
        storage.put(storage_key(sha256), data)
    facts = {"sha256": sha256, "content_type": content_type, "size": len(data)}
    statement = insert(Media.__table__).values(revision_id=draft.id, name=name, **facts)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["revision_id", "name"], set_=facts)
    )
    db.session.expire_all()


def delete_picture(draft: Revision, media_id: int) -> None:
    """Take a picture out of a draft; its bytes stay for the revisions that show it."""
    hold(draft)
    db.session.execute(delete(Media).where(Media.id == media_id, Media.revision_id == draft.id))

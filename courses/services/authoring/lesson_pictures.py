"""Pictures that come while a lesson is written: pasted, dropped or chosen there."""

from itertools import count
from pathlib import PurePosixPath

from sqlalchemy import select

from courses.models import Media, Revision
from courses.services.authoring.pictures import add_picture
from lms.core.db import db
from lms.core.text import slugify


def bring_picture(draft: Revision, filename: str, data: bytes) -> Media:
    """Keep a picture under a name that no other of the draft has; return it.

    What is pasted has no name of its own, so it may never take another's place.
    Raises PictureError.
    """
    stem = slugify(PurePosixPath(filename.replace("\\", "/")).stem, fallback="hinh", longest=60)
    names = db.session.scalars(select(Media.name).where(Media.revision_id == draft.id))
    taken = {PurePosixPath(name).stem for name in names}
    free = next(s for s in (stem, *_numbered(stem, taken)) if s not in taken)
    name = add_picture(draft, free, data)
    query = select(Media).where(Media.revision_id == draft.id, Media.name == name)
    return db.session.scalars(query).one()


def _numbered(stem: str, taken: set[str]) -> list[str]:
    numbered = (f"{stem}-{number}" for number in count(2))
    return [next(name for name in numbered if name not in taken)]

"""Files of a draft: kept by content, named by the draft."""

from dataclasses import asdict, dataclass

from courses.files import storage_key
from courses.formats.packed import PackedFile
from courses.models import Media, Revision
from courses.services.renditions import want_renditions
from lms.core import storage
from lms.core.db import db, insert


@dataclass(frozen=True)
class KeptFile:
    """A file that lies in the storage."""

    sha256: str
    content_type: str
    #: Bytes.
    size: int
    #: The file of a library that it is.
    library_file_id: int | None = None


def keep_file(revision: Revision, name: str, file: PackedFile) -> None:
    """Store a file of a pack unless its content is there already, and name it in a revision."""
    key = storage_key(file.sha256)
    if not storage.exists(key):
        with file.open() as stream:
            storage.put_file(key, stream)
    name_file(revision, name, KeptFile(file.sha256, file.content_type, file.size))


def name_file(revision: Revision, name: str, kept: KeptFile) -> None:
    """Let a name in a revision stand for a kept file; a file of that name is replaced."""
    facts = asdict(kept)
    statement = insert(Media.__table__).values(revision_id=revision.id, name=name, **facts)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["revision_id", "name"], set_=facts)
    )
    want_renditions(kept.sha256, kept.content_type)
    db.session.expire_all()

"""Files on their way from a trainer's disk: kept part by part, whole at the end.

Each part is kept in the storage before a row says so, under a name that no other part
has. A process killed in between leaves bytes that no row knows; they go when the upload
goes.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from courses.models import Import, Upload, UploadPart
from courses.parted_file import Part, open_parts
from lms.core import storage
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.text import clean

#: Bytes of one file.
MAX_BYTES = 2 * 1024**3
#: Bytes that one trainer may have on the way at once.
MAX_OPEN_BYTES = 3 * MAX_BYTES
MOST_OPEN = 20
#: A file of 2 GB comes in 256 parts of 8 MB; a poor network makes more of them.
MOST_PARTS = 5000
#: An upload of which nothing comes for so long is thrown away.
KEPT_FOR = timedelta(days=7)
FILENAME_LENGTH = 200
TOKEN_BYTES = 24


class OffsetMismatch(Exception):
    """A part that does not begin where the kept ones end."""


@dataclass(frozen=True)
class ArrivedPart:
    """A part that is in the storage and that no row knows yet."""

    key: str
    #: Bytes.
    size: int


def begin_upload(
    owner_id: int, filename: str, size: int, purpose: Mapping[str, Any] | None = None
) -> Upload:
    """Make room for a file of that many bytes. Raises Refused when it is too large or too many."""
    if size > MAX_BYTES:
        raise Refused(_("A file may have at most %(limit)s GB.", limit=MAX_BYTES // 1024**3), 413)
    _refuse_too_many(owner_id, size)
    upload = Upload(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        owner_id=owner_id,
        filename=clean_filename(filename),
        size=size,
        received=0,
        purpose=dict(purpose or {}),
        created_at=now(),
        expires_at=now() + KEPT_FOR,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def keep_arriving(token: str, start: int, stream: BinaryIO) -> ArrivedPart:
    """Put what arrives into the storage. No row is touched: this may take minutes."""
    key = f"{folder_of(token)}{start}-{secrets.token_hex(8)}"
    counted = _Counted(stream)
    storage.put_file(key, counted)  # type: ignore[arg-type]
    return ArrivedPart(key, counted.size)


def add_part(upload: Upload, start: int, arrived: ArrivedPart) -> None:
    """Count an arrived part in. Raises OffsetMismatch when another was faster, and Refused."""
    db.session.refresh(upload, with_for_update=True)
    if upload.received != start or start + arrived.size > upload.size:
        raise OffsetMismatch
    if arrived.size:
        count = select(func.count()).where(UploadPart.upload_id == upload.id)
        if (db.session.scalar(count) or 0) >= MOST_PARTS:
            raise Refused(_("The file came in too many pieces. Start again on a better network."))
        part = UploadPart(upload_id=upload.id, start=start, size=arrived.size, key=arrived.key)
        db.session.add(part)
    upload.received = start + arrived.size
    upload.expires_at = now() + KEPT_FOR
    db.session.flush()


def forget_arrived(arrived: ArrivedPart) -> None:
    """Take a part that was not counted in out of the storage."""
    storage.delete(arrived.key)


def let_go(upload: Upload) -> None:
    """Give an upload up; its bytes go at the sweeper's next run."""
    upload.expires_at = now() - timedelta(seconds=1)
    db.session.flush()


def is_whole(upload: Upload) -> bool:
    """Tell whether all of it has come."""
    return upload.received == upload.size


def open_upload(upload: Upload) -> BinaryIO:
    """Return a whole upload as one file to be read and sought in; its parts stay where they are."""
    query = select(UploadPart.start, UploadPart.size, UploadPart.key)
    rows = db.session.execute(
        query.where(UploadPart.upload_id == upload.id).order_by(UploadPart.start)
    )
    return open_parts([Part(*row) for row in rows], upload.size)


def drop_bytes(token: str) -> None:
    """Take all bytes of an upload out of the storage, those that no row knows included."""
    storage.delete_all(folder_of(token))


def drop_rows(upload_id: int) -> None:
    """Forget an upload whose bytes are gone; one that an import names keeps its row."""
    db.session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))
    named = select(Import.id).where(Import.upload_id == Upload.id).exists()
    db.session.execute(delete(Upload).where(Upload.id == upload_id, ~named))


def folder_of(token: str) -> str:
    """Return where the parts of an upload are kept."""
    return f"uploads/{token}/"


def clean_filename(filename: str) -> str:
    """Return the name of a file without folders, for titles and lists only."""
    name = clean(filename.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = name.rpartition(".")
    if len(name) > FILENAME_LENGTH and dot and len(ending) < 10:
        return f"{stem[: FILENAME_LENGTH - len(ending) - 1]}.{ending}"
    return name[:FILENAME_LENGTH]


def _refuse_too_many(owner_id: int, size: int) -> None:
    query = select(func.count(), func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.owner_id == owner_id,
        Upload.expires_at > now(),
        select(Import.id)
        .where(Import.upload_id == Upload.id, Import.state.in_(("done", "refused")))
        .exists()
        .is_(False),
    )
    open_ones, open_bytes = db.session.execute(query).one()
    if open_ones >= MOST_OPEN or open_bytes + size > MAX_OPEN_BYTES:
        raise Refused(
            _("Too much is on its way already. Finish or throw away what you have begun."), 413
        )


class _Counted:
    """A stream that counts what is read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.size += len(data)
        return data

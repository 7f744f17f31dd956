"""Reads of what trainers bring: their uploads, their imports, and where these may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import NotFound

from courses.models import Course, Import, Revision, Upload, UploadPart
from lms.core.access import Viewer
from lms.core.clock import now
from lms.core.db import db

#: States in which an import still waits for a worker.
OPEN = ("waiting", "applying")
#: How long an import is listed once it is done with.
LISTED_FOR = timedelta(days=30)
MOST_LISTED = 50


@dataclass(frozen=True)
class Target:
    """A course that modules may be added to."""

    slug: str
    title: str
    #: False: adding begins a draft.
    has_draft: bool


@dataclass(frozen=True)
class ListedImport:
    """An import in its owner's list."""

    id: int
    filename: str
    state: str
    title: str


def get_upload(viewer: Viewer, token: str) -> Upload:
    """Return an upload of the viewer's that is not over, or answer 404."""
    query = select(Upload).where(
        Upload.token == token, Upload.owner_id == viewer.person_id, Upload.expires_at > now()
    )
    upload: Upload | None = db.session.scalar(query)
    if upload is None:
        raise NotFound
    return upload


def list_unfinished(viewer: Viewer) -> list[Upload]:
    """Return the viewer's uploads that are not whole, the newest first."""
    query = select(Upload).where(
        Upload.owner_id == viewer.person_id,
        Upload.expires_at > now(),
        Upload.received < Upload.size,
    )
    return list(db.session.scalars(query.order_by(Upload.id.desc()).limit(MOST_LISTED)))


def get_import(viewer: Viewer, import_id: int) -> Import:
    """Return an import of the viewer's, or answer 404."""
    query = select(Import).where(Import.id == import_id, Import.owner_id == viewer.person_id)
    found: Import | None = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def get_import_upload(found: Import) -> Upload:
    """Return the upload that an import comes from."""
    return db.session.get_one(Upload, found.upload_id)


def list_imports(viewer: Viewer) -> list[ListedImport]:
    """Return the viewer's imports of late, the newest first."""
    query = (
        select(Import.id, Upload.filename, Import.state, Import.preview)
        .join(Upload, Upload.id == Import.upload_id)
        .where(Import.owner_id == viewer.person_id, Import.updated_at > now() - LISTED_FOR)
        .order_by(Import.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        ListedImport(row.id, row.filename, row.state, str(row.preview.get("title", "")))
        for row in db.session.execute(query)
    ]


def list_targets(viewer: Viewer) -> list[Target]:
    """Return the viewer's own courses that are not in review, by title."""
    other = aliased(Revision)
    newest = select(func.max(other.number)).where(other.course_id == Course.id).scalar_subquery()
    query = (
        select(Course.slug, Revision.title, Revision.state)
        .join(Revision, Revision.course_id == Course.id)
        .where(
            Course.owner_id == viewer.person_id,
            Revision.number == newest,
            Revision.state != "in_review",
        )
        .order_by(Revision.title, Course.id)
    )
    return [Target(r.slug, r.title, r.state == "draft") for r in db.session.execute(query)]


def list_open_ids(state: str) -> Sequence[int]:
    """Return the ids of the imports that wait in a state, the oldest first."""
    query = select(Import.id).where(Import.state.in_(OPEN), Import.state == state)
    return db.session.scalars(query.order_by(Import.id)).all()


def list_expired() -> list[tuple[int, str]]:
    """Return id and token of the uploads whose bytes may go: given up, or not touched for long.

    One that a worker still needs is kept.
    """
    imports = select(Import.id).where(Import.upload_id == Upload.id)
    has_parts = select(UploadPart.id).where(UploadPart.upload_id == Upload.id).exists()
    query = select(Upload.id, Upload.token).where(
        Upload.expires_at < now(),
        ~imports.where(Import.state.in_(OPEN)).exists(),
        has_parts | ~imports.exists(),
    )
    return [(row.id, row.token) for row in db.session.execute(query.order_by(Upload.id))]

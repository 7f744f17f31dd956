"""Files of the library change: their words, their content everywhere, or they go."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import exists, select, update

from courses.formats.packed import TITLE_LENGTH
from courses.models import Course, LibraryFile, Media, Revision
from courses.services.authoring.drafts import start_draft
from courses.services.library.keeping import Stored, refuse_overfull
from courses.services.renditions import want_renditions
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.text import clean, fold

ALT_LENGTH = 500


@dataclass(frozen=True)
class Replaced:
    """Where a new file has taken the old one's place."""

    #: Drafts that hold it at once.
    drafts: tuple[Revision, ...]
    #: Those of them that were begun for it: to be published.
    begun: tuple[Revision, ...]
    #: Revisions in review, which keep the old file.
    in_review: tuple[Revision, ...]


def describe_file(file: LibraryFile, title: str, alt: str) -> None:
    """Keep a file's title, and what a picture shows."""
    title = clean(title)[:TITLE_LENGTH] or file.title
    file.title, file.title_folded = title, fold(title)
    file.alt = clean(alt)[:ALT_LENGTH]


def replace_file(file: LibraryFile, stored: Stored) -> Replaced:
    """Put a new file in the place of one, in every course that shows it.

    Drafts have it at once; a published revision never changes, so its course gets a draft
    that is to be published. Raises Refused for a file of another type, since its name in the
    courses would then lie, and when there is no room.
    """
    if stored.examined.content_type != file.content_type:
        raise Refused(_("Send a file of the same type: %(type)s.", type=file.content_type))
    refuse_overfull(file.owner_id, stored.size, freed=file.size)
    file.sha256, file.size, file.facts = stored.sha256, stored.size, stored.examined.facts
    db.session.flush()
    want_renditions(file.sha256, file.content_type)
    begun = _begin_drafts(file)
    drafts = _shown_in(file, "draft")
    _put_into(file, drafts)
    audit.record("courses.library.replaced", f"library_file:{file.id}", drafts=len(drafts))
    return Replaced(drafts, begun, _shown_in(file, "in_review"))


def delete_file(file: LibraryFile) -> None:
    """Take a file out of the library. Raises Refused while a course shows it."""
    if db.session.scalar(select(exists().where(Media.library_file_id == file.id))):
        raise Refused(_("A course shows this file, so it stays. Take it out of the course first."))
    audit.record("courses.library.deleted", f"library_file:{file.id}", title=file.title)
    db.session.delete(file)


def _begin_drafts(file: LibraryFile) -> tuple[Revision, ...]:
    """Begin a draft of each course whose published revision alone shows the file."""
    others = select(Revision.course_id).where(Revision.state.in_(("draft", "in_review")))
    courses = db.session.scalars(
        select(Course)
        .join(Revision, Revision.course_id == Course.id)
        .join(Media, Media.revision_id == Revision.id)
        .where(
            Media.library_file_id == file.id,
            Revision.state == "published",
            Course.id.not_in(others),
        )
        .order_by(Course.id)
    ).unique()
    return tuple(start_draft(course) for course in courses)


def _shown_in(file: LibraryFile, state: str) -> tuple[Revision, ...]:
    query = (
        select(Revision)
        .join(Media, Media.revision_id == Revision.id)
        .where(Media.library_file_id == file.id, Revision.state == state)
        .order_by(Revision.id)
    )
    return tuple(db.session.scalars(query).unique())


def _put_into(file: LibraryFile, drafts: tuple[Revision, ...]) -> None:
    ids = [draft.id for draft in drafts]
    db.session.execute(
        update(Media)
        .where(Media.library_file_id == file.id, Media.revision_id.in_(ids))
        .values(sha256=file.sha256, size=file.size)
    )
    moment = now()
    for draft in drafts:
        draft.updated_at = moment
    db.session.flush()

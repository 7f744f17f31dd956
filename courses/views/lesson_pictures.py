"""Pictures and files that come into a lesson while it is written, for the editor's script."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from courses.files import ShownFile, list_files
from courses.formats.picture import MAX_BYTES, PictureError
from courses.models import LibraryFile, Revision
from courses.queries import authoring as queries
from courses.queries import library
from courses.services.authoring.lesson_pictures import bring_picture
from courses.services.library.keeping import use_in_draft
from courses.views import blueprint
from courses.wording import describe_picture
from lms.core.access import get_viewer, requires
from lms.core.db import db

LESSON = "/courses/write/<slug>/lessons/<key>"
#: What stands in a text; packages and captions do not.
SHOWN_IN_TEXT = ("picture", "video", "audio", "document")


@blueprint.post(f"{LESSON}/pictures")
@requires("courses.write")
def write_lesson_picture(slug: str, key: str) -> ResponseReturnValue:
    """Take a picture that was pasted, dropped or chosen while the lesson is written."""
    draft = _draft(slug, key)
    file = request.files.get("file") or FileStorage()
    try:
        picture = bring_picture(draft, file.filename or "", file.read(MAX_BYTES + 1))
    except PictureError as error:
        return {"message": describe_picture(error)}, 422
    db.session.commit()
    return _describe(list_files(draft.id)[picture.name])


@blueprint.post(f"{LESSON}/library/<int(max=2147483647):file_id>")
@requires("courses.write")
def write_lesson_library(slug: str, key: str, file_id: int) -> ResponseReturnValue:
    """Give the draft a file of the library, to be shown in the lesson."""
    draft = _draft(slug, key)
    name = use_in_draft(draft, library.get_file(get_viewer(), file_id))
    db.session.commit()
    return _describe(list_files(draft.id)[name])


def list_for_editor(draft: Revision) -> list[dict[str, object]]:
    """Return the files that the editor offers: the draft's, then those of the library."""
    own = list_files(draft.id)
    there = {file.sha256 for file in own.values()}
    others = library.list_usable(get_viewer(), SHOWN_IN_TEXT)
    return [
        *(_describe(file) for file in own.values()),
        *(_offer(file) for file in others if file.sha256 not in there),
    ]


def _draft(slug: str, key: str) -> Revision:
    draft = queries.get_draft_for(get_viewer(), slug)
    queries.get_lesson(draft, key)
    return draft


def _describe(file: ShownFile) -> dict[str, object]:
    return {"name": file.name, "url": file.url, "type": file.content_type}


def _offer(file: LibraryFile) -> dict[str, object]:
    address = url_for("courses.library_file", file_id=file.id, name=file.filename)
    facts = {"title": file.title, "alt": file.alt, "library": file.id}
    return {"name": f"library:{file.id}", "url": address, "type": file.content_type, **facts}

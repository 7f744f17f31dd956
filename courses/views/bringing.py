"""Files that come with a form: in it, or sent before in parts."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from courses.queries.imports import get_upload
from courses.services import uploads
from courses.services.library.keeping import Stored, store
from courses.wording import describe_all
from lms.core.access import get_viewer
from lms.core.db import db
from lms.core.errors import Refused

Made = TypeVar("Made")


def brought_by(form: Any) -> Brought | None:
    """Return the file of a form, or the upload that it names; None when there is neither.

    The form then says so. Answers 404 for an upload of someone else.
    """
    token = request.form.get("upload")
    if token:
        upload = get_upload(get_viewer(), token)
        if not uploads.is_whole(upload):
            form.file.errors = (form.file.validators[0].message,)
            return None
        return Brought(uploads.open_upload(upload), upload.filename)
    if not form.validate():
        return None
    return Brought(form.file.data.stream, form.file.data.filename or "")


def store_brought(form: Any, owner_id: int, freed: int = 0) -> Stored | None:
    """Put the file of a form into the storage; None when it is not taken, and the form says why.

    For views that are @late_write: nobody waits while a large file is read.
    """
    brought = brought_by(form)
    if brought is None:
        return None
    return attempt(form, lambda: store(owner_id, brought, freed))


def attempt(form: Any, act: Callable[[], Made]) -> Made | None:
    """Return what the act returns; None when the file is not taken, and the form says why."""
    try:
        return act()
    except UnreadableCourse as error:
        db.session.rollback()
        form.file.errors = tuple(describe_all(error.faults))
    except Refused as refusal:
        db.session.rollback()
        form.file.errors = (refusal.message,)
    return None


def settle_upload() -> None:
    """Let the bytes of an upload go once what came of it is kept."""
    token = request.form.get("upload")
    if token:
        uploads.let_go(get_upload(get_viewer(), token))

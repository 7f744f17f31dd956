"""The file that a video or document lesson shows, as its trainer chooses it."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses.files import list_files
from courses.forms.media import FileForm
from courses.models import Lesson, LibraryFile, Revision
from courses.queries import authoring as queries
from courses.queries import library
from courses.services.authoring.lesson_files import SHOWN_BY, choose_file, fits
from courses.services.library import keeping
from courses.sizes import say_size
from courses.views import blueprint
from courses.views.bringing import attempt, settle_upload, store_brought
from lms.core.access import get_viewer, late_write, requires
from lms.core.db import begin_write, db
from lms.core.pages import page, tell

LESSON_FILE = "/courses/write/<slug>/lessons/<key>/file"
#: Kinds of library files for each kind of lesson.
LIBRARY_KINDS = {"video": ("video", "audio"), "document": ("document",)}


@blueprint.get(LESSON_FILE)
@requires("courses.write")
def write_lesson_file(slug: str, key: str) -> ResponseReturnValue:
    """Show the files that a lesson could show: the course's, and those of the library."""
    return _choice_page(*_get_lesson(slug, key), FileForm())


@blueprint.post(LESSON_FILE)
@requires("courses.write")
def write_lesson_file_choose(slug: str, key: str) -> ResponseReturnValue:
    """Let the lesson show a file of the course or of the library."""
    draft, lesson = _get_lesson(slug, key)
    chosen = request.form.get("file", "")
    if chosen.startswith("library:") and chosen[8:].isdecimal():
        chosen = keeping.use_in_draft(draft, library.get_file(get_viewer(), int(chosen[8:][:9])))
    choose_file(draft, lesson, chosen)
    db.session.commit()
    tell(_("The lesson shows this file now."))
    return redirect(url_for("courses.write_lesson", slug=slug, key=key), 303)


@blueprint.post(f"{LESSON_FILE}/new")
@requires("courses.write")
@late_write
def write_lesson_file_new(slug: str, key: str) -> ResponseReturnValue:
    """Keep a new file in the library, and let the lesson show it."""
    form, owner_id = FileForm(), get_viewer().person_id
    _get_lesson(slug, key)
    stored = store_brought(form, owner_id)
    if stored is not None:
        begin_write()
    if stored is None or not attempt(form, lambda: _show_new(slug, key, stored)):
        return _choice_page(*_get_lesson(slug, key), form)
    settle_upload()
    db.session.commit()
    tell(_("The lesson shows this file now."))
    return redirect(url_for("courses.write_lesson", slug=slug, key=key), 303)


def _show_new(slug: str, key: str, stored: keeping.Stored) -> LibraryFile:
    draft, lesson = _get_lesson(slug, key)
    file = keeping.keep_in_library(get_viewer().person_id, stored, lesson.title)
    choose_file(draft, lesson, keeping.use_in_draft(draft, file))
    return file


def _get_lesson(slug: str, key: str) -> tuple[Revision, Lesson]:
    draft = queries.get_draft_for(get_viewer(), slug)
    lesson = queries.get_lesson(draft, key)
    if lesson.kind not in SHOWN_BY:
        raise NotFound
    return draft, lesson


def _choice_page(draft: Revision, lesson: Lesson, form: FileForm) -> Response:
    files = [x for x in list_files(draft.id).values() if fits(lesson, x.content_type)]
    return page(
        "courses/authoring/lesson_file.html",
        draft=draft,
        lesson=lesson,
        form=form,
        files=files,
        library=library.list_usable(get_viewer(), LIBRARY_KINDS[lesson.kind]),
        say_size=say_size,
        status=422 if form.errors else 200,
    )

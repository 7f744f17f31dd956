"""The media library: files that a trainer keeps, found, described, replaced everywhere."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from courses.files import storage_key
from courses.forms.media import FileForm, WordsForm
from courses.models import LIBRARY_KINDS, LibraryFile
from courses.queries import library as queries
from courses.queries.authoring import get_course_for, list_own_courses
from courses.queries.playing import count_renditions, list_posters
from courses.services.authoring.drafts import start_draft
from courses.services.library import changing, keeping
from courses.sizes import say_size
from courses.views import blueprint
from courses.views.bringing import attempt, settle_upload, store_brought
from lms.core.access import get_viewer, late_write, requires
from lms.core.db import begin_write, db
from lms.core.numbers import asked_page
from lms.core.pages import page, tell
from lms.core.serving import send_kept


@blueprint.get("/courses/library")
@requires("courses.write")
def library() -> ResponseReturnValue:
    """Show the files that the viewer may use, and take a new one."""
    return _shelf_page(FileForm())


@blueprint.post("/courses/library")
@requires("courses.write")
@late_write
def library_add() -> ResponseReturnValue:
    """Keep a file in the viewer's library."""
    form, owner_id = FileForm(), get_viewer().person_id
    stored = store_brought(form, owner_id)
    if stored is None:
        return _shelf_page(form)
    begin_write()
    file = attempt(form, lambda: keeping.keep_in_library(owner_id, stored))
    if file is None:
        return _shelf_page(form)
    settle_upload()
    db.session.commit()
    tell(_("“%(title)s” is in your library.", title=file.title))
    return redirect(url_for("courses.library_show", file_id=file.id), 303)


@blueprint.get("/courses/library/<int:file_id>")
@requires("courses.write")
def library_show(file_id: int) -> ResponseReturnValue:
    """Show a file: what it is, where it is used, what can be done with it."""
    file = queries.get_file(get_viewer(), file_id)
    return _file_page(file, WordsForm(title=file.title, alt=file.alt), FileForm())


@blueprint.post("/courses/library/<int:file_id>")
@requires("courses.write")
def library_describe(file_id: int) -> ResponseReturnValue:
    """Keep what a file is called and what a picture shows."""
    file, form = queries.get_own_file(get_viewer(), file_id), WordsForm()
    if not form.validate():
        return _file_page(file, form, FileForm(formdata=None))
    changing.describe_file(file, str(form.title.data), form.alt.data or "")
    db.session.commit()
    tell(_("Saved."))
    return redirect(url_for("courses.library_show", file_id=file_id), 303)


@blueprint.post("/courses/library/<int:file_id>/replace")
@requires("courses.write")
@late_write
def library_replace(file_id: int) -> ResponseReturnValue:
    """Put a new file in the place of one, in every course that shows it."""
    form, viewer = FileForm(), get_viewer()
    file = queries.get_own_file(viewer, file_id)
    stored = store_brought(form, file.owner_id, freed=file.size)
    if stored is not None:
        begin_write()
        file = queries.get_own_file(viewer, file_id)
    replaced = attempt(form, lambda: changing.replace_file(file, stored)) if stored else None
    if replaced is None:
        return _unreplaced_page(file_id, form)
    settle_upload()
    db.session.commit()
    _tell_replaced(replaced)
    return redirect(url_for("courses.library_show", file_id=file_id), 303)


@blueprint.post("/courses/library/<int:file_id>/delete")
@requires("courses.write")
def library_delete(file_id: int) -> ResponseReturnValue:
    """Take a file that no course shows out of the library."""
    changing.delete_file(queries.get_own_file(get_viewer(), file_id))
    db.session.commit()
    tell(_("The file is deleted from your library."))
    return redirect(url_for("courses.library"), 303)


@blueprint.post("/courses/library/<int:file_id>/use")
@requires("courses.write")
def library_use(file_id: int) -> ResponseReturnValue:
    """Give a course's draft a file of the library, beginning the draft where there is none."""
    viewer = get_viewer()
    file = queries.get_file(viewer, file_id)
    course = get_course_for(viewer, request.form.get("course", ""))
    name = keeping.use_in_draft(start_draft(course), file)
    db.session.commit()
    tell(_("The course has it as %(name)s now.", name=name))
    return redirect(url_for("courses.write_pictures", slug=course.slug), 303)


@blueprint.route("/courses/library/alt", methods=["GET", "POST"])
@requires("courses.write")
def library_alt() -> ResponseReturnValue:
    """List the viewer's pictures that say nothing to who cannot see them; take the words."""
    viewer = get_viewer()
    files = queries.list_without_alt(viewer)
    if request.method == "POST":
        done = 0
        for file in files:
            words = request.form.get(f"alt-{file.id}", "").strip()
            if words:
                changing.describe_file(file, file.title, words)
                done += 1
        db.session.commit()
        tell(ngettext("%(num)s picture is described.", "%(num)s pictures are described.", done))
        return redirect(url_for("courses.library_alt"), 303)
    return page(
        "courses/library/alt.html",
        files=files,
        lessons=queries.list_silent_lessons(viewer),
        alt_length=changing.ALT_LENGTH,
    )


@blueprint.get("/courses/library/<int:file_id>/file/<name>")
@requires("courses.write")
def library_file(file_id: int, name: str) -> ResponseReturnValue:
    """Send a file of the library as it is kept."""
    file = queries.get_file(get_viewer(), file_id)
    try:
        answer = send_kept(storage_key(file.sha256), file.content_type, name, file.sha256)
    except FileNotFoundError:
        raise NotFound from None
    # The address stays when the file is replaced.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _shelf_page(form: FileForm) -> Response:
    viewer = get_viewer()
    words, kind = request.args.get("q", "")[:100], request.args.get("kind", "")
    shelf = queries.list_shelf(viewer, words, kind if kind in LIBRARY_KINDS else "", asked_page())
    used = queries.count_bytes(viewer.person_id)
    return page(
        "courses/library/index.html",
        form=form,
        shelf=shelf,
        words=words,
        kind=kind,
        uses=queries.list_uses([file.id for file in shelf.files]),
        owners=queries.list_owners(shelf.files),
        posters=list_posters([file.sha256 for file in shelf.files]),
        used=used,
        quota=keeping.quota(),
        missing_alt=len(queries.list_without_alt(viewer))
        + len(queries.list_silent_lessons(viewer)),
        say_size=say_size,
        status=422 if form.errors else 200,
    )


def _file_page(file: LibraryFile, form: WordsForm, file_form: FileForm) -> Response:
    viewer = get_viewer()
    return page(
        "courses/library/show.html",
        file=file,
        form=form,
        file_form=file_form,
        is_own=queries.is_own(viewer, file),
        owner=queries.list_owners([file]).get(file.owner_id, ""),
        uses=queries.list_uses([file.id]).get(file.id, []),
        courses=list_own_courses(viewer),
        renditions=count_renditions(file.sha256),
        say_size=say_size,
        status=422 if form.errors or file_form.errors else 200,
    )


def _unreplaced_page(file_id: int, form: FileForm) -> Response:
    """Show the file as it stays, with why the new one was not taken."""
    file = queries.get_file(get_viewer(), file_id)
    return _file_page(file, WordsForm(formdata=None, title=file.title, alt=file.alt), form)


def _tell_replaced(replaced: changing.Replaced) -> None:
    tell(_("The new file has taken the old one's place."))
    for draft in replaced.begun:
        tell(_("“%(course)s” has a draft with it. Publish it.", course=draft.title), "info")
    for revision in replaced.in_review:
        tell(_("“%(course)s” is in review and keeps the old file.", course=revision.title), "info")

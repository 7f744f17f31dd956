"""What trainers bring, from the file to the course: sent, shown, made."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses import wording
from courses.formats.packed import KEY_LENGTH
from courses.formats.recognising import find_format
from courses.forms.importing import ADD, ApplyForm, BringForm
from courses.kinds import KINDS
from courses.models import Course, Import
from courses.queries import imports as queries
from courses.queries.authoring import find_revision, get_course_for, get_newest
from courses.services import imports, uploads
from courses.sizes import say_size
from courses.views import blueprint
from courses.views.reading import apply_at_once, read_at_once
from lms.core.access import get_viewer, late_write, requires
from lms.core.db import begin_write, db
from lms.core.errors import Refused
from lms.core.pages import page, tell

#: Bytes of one part that the script sends.
PART_BYTES = 8 * 1024**2


@blueprint.route("/courses/write/import", methods=["GET", "POST"])
@requires("courses.write")
@late_write
def write_import() -> ResponseReturnValue:
    """Take a file that came with the form; show what is on its way and what came of late."""
    form, faults = BringForm(), []
    if form.validate_on_submit():
        try:
            import_id, size = _bring(form)
        except Refused as refusal:
            faults = [refusal.message]
            db.session.rollback()
        else:
            read_at_once(import_id, size)
            return redirect(url_for("courses.write_import_show", import_id=import_id), 303)
    return page(
        "courses/authoring/import.html",
        form=form,
        faults=faults,
        unfinished=queries.list_unfinished(get_viewer()),
        imports=queries.list_imports(get_viewer()),
        course=_asked_course(),
        part_bytes=PART_BYTES,
        max_bytes=uploads.MAX_BYTES,
        say_size=say_size,
        status=422 if form.errors or faults else 200,
    )


@blueprint.get("/courses/write/imports/<int:import_id>")
@requires("courses.write")
def write_import_show(import_id: int) -> ResponseReturnValue:
    """Show what will come in, or why nothing can, or what it became."""
    found = queries.get_import(get_viewer(), import_id)
    return _show(found, ApplyForm(**_wishes(found)))


@blueprint.post("/courses/write/imports/<int:import_id>/apply")
@requires("courses.write")
@late_write
def write_import_apply(import_id: int) -> ResponseReturnValue:
    """Make the course, or add to one; pressed twice it happens once."""
    begin_write()
    found = queries.get_import(get_viewer(), import_id)
    form = ApplyForm()
    _offer(form, found)
    if not form.validate_on_submit():
        return _show(found, form, status=422)
    slug = form.course_slug
    course = None if slug is None else get_course_for(get_viewer(), slug)
    size = queries.get_import_upload(found).size
    is_new = imports.ask_to_apply(found, course, replace_draft=form.may_replace)
    db.session.commit()
    if is_new:
        apply_at_once(import_id, size)
    return _leave(queries.get_import(get_viewer(), import_id))


@blueprint.post("/courses/write/imports/<int:import_id>/discard")
@requires("courses.write")
def write_import_discard(import_id: int) -> ResponseReturnValue:
    """Throw an import away with its file."""
    imports.discard(queries.get_import(get_viewer(), import_id))
    db.session.commit()
    tell(_("The file was thrown away."), "info")
    return redirect(url_for("courses.write_import"), 303)


def _bring(form: BringForm) -> tuple[int, int]:
    """Keep the form's file as an upload in one part; return its import's id, and its size."""
    data = form.file.data
    size = data.stream.seek(0, 2)
    data.stream.seek(0)
    begin_write()
    purpose = {"for": "import", "course": _asked_course()}
    upload = uploads.begin_upload(get_viewer().person_id, data.filename or "", size, purpose)
    arrived = uploads.keep_arriving(upload.token, 0, data.stream)
    uploads.add_part(upload, 0, arrived)
    found = imports.begin_import(upload)
    import_id = found.id
    db.session.commit()
    return import_id, size


def _asked_course() -> str:
    """Return the course from whose page the file is brought, if from any."""
    return request.args.get("course", "")[:KEY_LENGTH]


def _wishes(found: Import) -> dict[str, str]:
    """Return what the form begins with: the course from whose page the file was brought."""
    slug = str(queries.get_import_upload(found).purpose.get("course") or "")
    if any(target.slug == slug for target in queries.list_targets(get_viewer())):
        return {"target": ADD, "course": slug}
    return {}


def _leave(found: Import) -> ResponseReturnValue:
    """Go to the course when it is there, else to where its making is shown."""
    if found.state != "done":
        return redirect(url_for("courses.write_import_show", import_id=found.id), 303)
    tell(_("The file is in. Look the draft over, then publish it."))
    return redirect(url_for("courses.write_course", slug=_made_course(found).slug), 303)


def _show(found: Import, form: ApplyForm, status: int = 200) -> ResponseReturnValue:
    _offer(form, found)
    made = _made_course(found) if found.state == "done" else None
    one = find_format(found.format) if found.format else None
    return page(
        "courses/authoring/import_show.html",
        found=found,
        filename=queries.get_import_upload(found).filename,
        format_label=one.LABEL if one else "",
        form=form,
        is_next=_find_next(found) is not None,
        warnings=wording.describe_kept(found.warnings),
        faults=wording.describe_kept(found.faults),
        kinds={key: kind.LABEL for key, kind in KINDS.items()},
        made=made,
        say_size=say_size,
        made_title=get_newest(made).title if made else "",
        status=status,
    )


def _offer(form: ApplyForm, found: Import) -> None:
    next_of = _find_next(found)
    draft = next_of and find_revision(next_of, "draft")
    title = get_newest(next_of).title if next_of else ""
    new = (
        _("Make it the next revision of “%(title)s”", title=title)
        if next_of
        else _("Make a new course of it")
    )
    form.offer(new, queries.list_targets(get_viewer()))
    if draft is None:
        del form.replace_draft


def _find_next(found: Import) -> Course | None:
    return imports.find_next_revision(get_viewer(), found) if found.state == "ready" else None


def _made_course(found: Import) -> Course:
    course: Any = db.session.get_one(Course, found.made_course_id)
    assert isinstance(course, Course)
    return course

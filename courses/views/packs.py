"""Courses in and out as packs, through the browser."""

from flask import make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses import wording
from courses.formats import pack
from courses.formats.faults import UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.forms.authoring import ImportForm
from courses.queries import authoring as queries
from courses.services import packs
from courses.views import blueprint
from lms.core.access import get_viewer, late_write, requires
from lms.core.db import begin_write, db
from lms.core.errors import Refused
from lms.core.pages import page, tell

WARNINGS_TOLD = 5


@blueprint.route("/courses/write/import", methods=["GET", "POST"])
@requires("courses.write")
@late_write
def write_import() -> ResponseReturnValue:
    """Make a draft of a course pack; a faulty pack changes nothing and says all its faults."""
    form, faults = ImportForm(), []
    if form.validate_on_submit():
        try:
            packed = pack.read(form.file.data.read())
            return _take(packed, replace_draft=bool(form.replace_draft.data))
        except UnreadableCourse as error:
            faults = wording.describe_all(error.faults)
        except Refused as refusal:
            faults = [refusal.message]
            db.session.rollback()
    status = 422 if form.errors or faults else 200
    return page("courses/authoring/import.html", form=form, faults=faults, status=status)


@blueprint.get("/courses/write/<slug>/export")
@requires("courses.write")
def write_export(slug: str) -> ResponseReturnValue:
    """Send a course as the zip of its pack: the draft, or what is published."""
    revision = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    response = make_response(packs.export_pack(revision))
    response.content_type = "application/zip"
    name = f"{slug}-{revision.number}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _take(packed: PackedCourse, *, replace_draft: bool) -> ResponseReturnValue:
    begin_write()
    viewer = get_viewer()
    if not queries.may_write_slug(viewer, packed.slug):
        raise Refused(
            _("Another trainer's course has the address “%(slug)s”.", slug=packed.slug)
            + " "
            + _("Write another slug into course.yml.")
        )
    outcome = packs.import_pack(packed, viewer.person_id, replace_draft=replace_draft)
    db.session.commit()
    if outcome.changed:
        tell(_("The pack is imported as a draft. Look it over, then publish it."))
    else:
        tell(_("The course holds exactly this already. Nothing was changed."), "info")
    for warning in wording.describe_all(packed.warnings[:WARNINGS_TOLD]):
        tell(warning, "info")
    return redirect(url_for("courses.write_course", slug=packed.slug), 303)

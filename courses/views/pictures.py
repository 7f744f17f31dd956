"""Pictures and files of a draft."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.files import list_files
from courses.formats.captions import CaptionsError
from courses.formats.faults import Fault
from courses.formats.picture import PictureError
from courses.forms.authoring import PictureForm
from courses.forms.media import CaptionsForm
from courses.imaging import MOST_BYTES
from courses.models import Revision
from courses.queries import authoring as queries
from courses.services.authoring import pictures
from courses.services.authoring.lesson_files import add_captions
from courses.sizes import say_size
from courses.views import blueprint
from courses.views.bringing import brought_by
from courses.wording import describe, describe_picture
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell


@blueprint.route("/courses/write/<slug>/pictures", methods=["GET", "POST"])
@requires("courses.write")
def write_pictures(slug: str) -> ResponseReturnValue:
    """Show a draft's pictures and files with what to write for each; take a new picture."""
    draft = queries.get_draft_for(get_viewer(), slug)
    form = PictureForm()
    if form.validate_on_submit():
        file = form.file.data
        try:
            name = pictures.add_picture(draft, file.filename or "", file.read(MOST_BYTES + 1))
        except PictureError as error:
            form.file.errors = (describe_picture(error),)
        else:
            db.session.commit()
            tell(_("The picture is there as %(name)s.", name=name))
            return redirect(url_for("courses.write_pictures", slug=slug), 303)
    return _files_page(draft, form, _captions_form(draft, is_sent=False))


@blueprint.post("/courses/write/<slug>/captions")
@requires("courses.write")
def write_captions(slug: str) -> ResponseReturnValue:
    """Keep captions beside a video of the draft."""
    draft = queries.get_draft_for(get_viewer(), slug)
    form = _captions_form(draft, is_sent=True)
    brought = brought_by(form)
    if brought is not None:
        try:
            name = add_captions(draft, form.video.data, form.language.data, brought)
        except CaptionsError as error:
            form.file.errors = (describe(Fault(error.code, values=error.values)),)
        else:
            db.session.commit()
            tell(_("The captions are there as %(name)s.", name=name))
            return redirect(url_for("courses.write_pictures", slug=slug), 303)
    return _files_page(draft, PictureForm(formdata=None), form)


@blueprint.post("/courses/write/<slug>/pictures/<int(max=2147483647):media_id>/delete")
@requires("courses.write")
def write_picture_delete(slug: str, media_id: int) -> ResponseReturnValue:
    """Take a picture or file out of the draft."""
    pictures.delete_picture(queries.get_draft_for(get_viewer(), slug), media_id)
    db.session.commit()
    tell(_("It is deleted from the draft."))
    return redirect(url_for("courses.write_pictures", slug=slug), 303)


def _captions_form(draft: Revision, *, is_sent: bool) -> CaptionsForm:
    files = list_files(draft.id).values()
    films = [file.name for file in files if file.content_type.startswith("video/")]
    return CaptionsForm(films) if is_sent else CaptionsForm(films, formdata=None)


def _files_page(draft: Revision, form: PictureForm, captions: CaptionsForm) -> Response:
    media = queries.list_media(draft)
    return page(
        "courses/authoring/pictures.html",
        form=form,
        captions=captions,
        draft=draft,
        pictures=[file for file in media if file.content_type.startswith("image/")],
        files=[file for file in media if not file.content_type.startswith("image/")],
        say_size=say_size,
        status=422 if form.errors or captions.errors else 200,
    )

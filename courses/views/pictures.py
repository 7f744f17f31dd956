"""Pictures of a draft."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.formats.picture import MAX_BYTES, PictureError
from courses.forms.authoring import PictureForm
from courses.queries import authoring as queries
from courses.services.authoring import pictures
from courses.views import blueprint
from courses.wording import describe_picture
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell


@blueprint.route("/courses/write/<slug>/pictures", methods=["GET", "POST"])
@requires("courses.write")
def write_pictures(slug: str) -> ResponseReturnValue:
    """Show a draft's pictures with what to write for each; take a new one."""
    draft = queries.get_draft_for(get_viewer(), slug)
    form = PictureForm()
    if form.validate_on_submit():
        file = form.file.data
        try:
            name = pictures.add_picture(draft, file.filename or "", file.read(MAX_BYTES + 1))
        except PictureError as error:
            form.file.errors = (describe_picture(error),)
        else:
            db.session.commit()
            tell(_("The picture is there as %(name)s.", name=name))
            return redirect(url_for("courses.write_pictures", slug=slug), 303)
    media = queries.list_media(draft)
    status = 422 if form.file.errors else 200
    return page(
        "courses/authoring/pictures.html", form=form, draft=draft, media=media, status=status
    )


@blueprint.post("/courses/write/<slug>/pictures/<int(max=2147483647):media_id>/delete")
@requires("courses.write")
def write_picture_delete(slug: str, media_id: int) -> ResponseReturnValue:
    """Take a picture out of the draft."""
    pictures.delete_picture(queries.get_draft_for(get_viewer(), slug), media_id)
    db.session.commit()
    tell(_("The picture is deleted from the draft."))
    return redirect(url_for("courses.write_pictures", slug=slug), 303)

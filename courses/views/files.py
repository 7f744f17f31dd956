"""Files of lessons: pictures, videos, documents, under addresses that never change."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from courses.files import find_content_type, find_version, storage_key
from courses.views import blueprint
from lms.core.access import requires
from lms.core.serving import send_kept


@blueprint.get("/courses/media/<sha256>/<name>")
@requires("courses.learn")
def media(sha256: str, name: str) -> ResponseReturnValue:
    """Send a lesson's file, or the part of it that a player asks for."""
    content_type = find_content_type(sha256)
    if content_type is None:
        raise NotFound
    # What is made of a film comes later than the texts that show it.
    version = find_version(sha256, request.args.get("best", ""))
    if version is not None:
        return redirect(url_for("courses.media", sha256=version, name=name), 302)
    try:
        return send_kept(storage_key(sha256), content_type, name, sha256)
    except FileNotFoundError:
        raise NotFound from None

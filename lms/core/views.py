"""Pages of the frame: help, language, health."""

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from lms.core import jobs, storage
from lms.core.access import public
from lms.core.db import db
from lms.core.helplines import list_help_lines
from lms.core.i18n import LOCALES
from lms.core.pages import local_path, page

blueprint = Blueprint("core", __name__)


@blueprint.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """Show how to use the product and whom to call."""
    return page("core/help.html", help_lines=list_help_lines())


@blueprint.post("/locale")
@public
def set_locale() -> ResponseReturnValue:
    """Switch the language of the interface and stay on the page."""
    if request.form.get("locale") in LOCALES:
        session["locale"] = request.form["locale"]
    return redirect(local_path(request.form.get("next")) or url_for("courses.home"), 303)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process is alive."""
    return {"alive": True}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database, the queue and the storage answer."""
    db.session.execute(text("SELECT 1"))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    ready = {"database": True, "queue": jobs.is_reachable(app), "storage": storage.is_reachable()}
    return ready, 200 if all(ready.values()) else 503

"""What people read when something goes wrong: what happened, and what to do."""

import logging

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from lms.core.db import db
from lms.core.pages import page

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5


class Refused(Exception):
    """A wish that cannot be granted, with a sentence for the person who made it."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def init_app(app: Flask) -> None:
    """Answer every failure with a page (or JSON for a script) that helps."""
    app.before_request(_refuse_nul)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(Exception, _unexpected)


def _refuse_nul() -> None:
    """Refuse a NUL byte anywhere: no text holds one, and PostgreSQL cannot keep it."""
    texts = [request.path, *request.args.values()]
    if request.method == "POST":
        texts += request.form.values()
    if any("\0" in text for text in texts):
        abort(400)


def answer_trouble(status: int, title: str, advice: str) -> ResponseReturnValue:
    """Return the error page, or the same words as JSON when a script asked."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return {"error": title, "advice": advice}, status
    return page("errors/error.html", status=status, code=status, title=title, advice=advice)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    db.session.rollback()
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, OperationalError):  # after the view: the session was not written
        return _database_busy(cause)
    title, advice = _words(error.code)
    return answer_trouble(error.code, title, advice)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    return answer_trouble(
        400,
        _("This form is no longer valid"),
        _(
            "Go back, reload the page and send it again. If you signed out meanwhile, sign in first."
        ),
    )


def _refused(error: Refused) -> ResponseReturnValue:
    db.session.rollback()
    return answer_trouble(error.status, _("This could not be done"), error.message)


def _database_busy(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.warning("database busy: %s", error.orig)
    answer = answer_trouble(
        503,
        _("The system is busy"),
        _("What you sent was not kept. Please wait a few seconds and send it again."),
    )
    if isinstance(answer, Response):
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    return (*answer, {"Retry-After": str(RETRY_AFTER_SECONDS)})  # type: ignore[misc]


def _overtaken(error: IntegrityError) -> ResponseReturnValue:
    """Two who did the same thing at once: the database let one of them."""
    db.session.rollback()
    log.warning("overtaken by another request: %s", error.orig)
    return answer_trouble(409, *_words(409))


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.error("unexpected error on %s %s", request.method, request.path, exc_info=error)
    title, advice = _words(500)
    return answer_trouble(500, title, advice)


def _words(status: int) -> tuple[str, str]:
    """Return the title and the advice for a status."""
    words = {
        401: (_("Please sign in"), _("Your session has ended. Sign in again to go on.")),
        403: (
            _("This page is not for your role"),
            _("Ask the HR officer of your agency if you need it."),
        ),
        404: (
            _("Page not found"),
            _("Check the address, or go to the home page. It may also belong to another agency."),
        ),
        405: (_("Page not found"), _("This address cannot be opened directly.")),
        409: (
            _("Someone else changed this"),
            _("Reload the page to see the newest version, then make your change again."),
        ),
        413: (
            _("The file is too large"),
            _("Send a file of at most 32 MB, or split it into parts."),
        ),
        429: (_("Too many tries"), _("Please wait a few minutes and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("It has been noted. Please try again; if it happens again, tell the support desk."),
        ),
        503: (_("The system is busy"), _("Please wait a few seconds and try again.")),
    }
    default = (_("This could not be done"), _("Go back and check what you sent."))
    return words.get(status, default)

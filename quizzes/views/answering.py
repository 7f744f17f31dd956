"""Saving one answer: for the page's script, and for a form without one."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.i18n import clock_time
from lms.core.pages import tell
from quizzes.services.attempts import submit_attempt
from quizzes.services.saving import Given, Saved, save_answer
from quizzes.views import blueprint
from quizzes.views.own import ID

#: Digits of a position or a count of saves: what an INTEGER column of PostgreSQL holds.
LONGEST_NUMBER = 9


@blueprint.post(f"/attempts/<{ID}:attempt_id>/answers")
@blueprint.post(f"/attempts/<{ID}:attempt_id>/answers/<{ID}:position>")
@requires("quizzes.attempt")
def save(attempt_id: int, position: int | None = None) -> ResponseReturnValue:
    """Keep the viewer's answer to one question, then go on to the next or acknowledge it."""
    position = position or _whole("position")
    if position is None:
        raise NotFound
    if _wants_json():
        return _acknowledge(attempt_id, position)
    return _save_and_go_on(attempt_id, position)


def _acknowledge(attempt_id: int, position: int) -> ResponseReturnValue:
    try:
        saved = _save(attempt_id, position)
    except Refused as refusal:
        db.session.rollback()
        return {"message": refusal.message}, refusal.status
    return {
        "saved_at": clock_time(saved.saved_at),
        "seq": saved.sequence,
        "remaining_seconds": saved.remaining_seconds,
    }


def _save_and_go_on(attempt_id: int, position: int) -> ResponseReturnValue:
    try:
        saved = _save(attempt_id, position)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        # The attempt's page, or its result, shows what holds instead.
        db.session.rollback()
        tell(refusal.message, "error")
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id, q=position), 303)
    wanted = request.form.get("to")
    if wanted == "review" or (wanted is None and position == saved.questions):
        return _look_back(attempt_id, saved)
    following = _whole("to") or min(position + 1, saved.questions)
    return redirect(url_for("quizzes.attempt", attempt_id=attempt_id, q=following), 303)


def _look_back(attempt_id: int, saved: Saved) -> ResponseReturnValue:
    """Show the overview; when time is up there is nothing left to look at: submit."""
    if saved.remaining_seconds == 0:
        submit_attempt(attempt_id)
        db.session.commit()
        return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
    return redirect(url_for("quizzes.review", attempt_id=attempt_id), 303)


def _save(attempt_id: int, position: int) -> Saved:
    given = Given(
        values=request.form.getlist(f"answer-{position}"),
        flagged=f"flag-{position}" in request.form,
        sequence=_sequence(),
    )
    saved = save_answer(get_viewer().person_id, attempt_id, position, given)
    db.session.commit()
    return saved


def _sequence() -> int | None:
    if "seq" not in request.form:
        return None
    sequence = _whole("seq")
    if sequence is None:
        raise Refused(_("The sequence number of this save is not a whole number."))
    return sequence


def _whole(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json"

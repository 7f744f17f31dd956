"""Submitting an attempt, and what came of it."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page
from quizzes.queries import attempts as queries
from quizzes.services.attempts import submit_attempt
from quizzes.views import blueprint
from quizzes.views.own import ID, get_own_attempt


@blueprint.post(f"/attempts/<{ID}:attempt_id>/submit")
@requires("quizzes.attempt")
def submit(attempt_id: int) -> ResponseReturnValue:
    """Submit the viewer's attempt; sent twice, it answers the same."""
    own = queries.get_attempt(get_viewer().person_id, attempt_id)
    submit_attempt(own.id)
    db.session.commit()
    return redirect(url_for("quizzes.result", attempt_id=own.id), 303)


@blueprint.get(f"/attempts/<{ID}:attempt_id>/result")
@requires("quizzes.attempt")
def result(attempt_id: int) -> ResponseReturnValue:
    """Show the score, and for each question the own answer, the right one and why."""
    own = get_own_attempt(attempt_id)
    if own.state == "open":
        return redirect(url_for("quizzes.attempt", attempt_id=own.id))
    return page(
        "quizzes/result.html",
        attempt=own,
        questions=queries.list_asked(own.id),
        attempts_left=queries.count_attempts_left(own.enrolment_id, own.quiz_id),
    )

"""Taking a quiz: what it asks, its questions, and the look back before submitting."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from courses.outline import get_outline
from courses.queries import get_enrolment
from courses.queries.progress import require_open
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page
from quizzes.queries import attempts as queries
from quizzes.queries.attempts import Asked
from quizzes.services import attempts as services
from quizzes.services.saving import remaining_seconds
from quizzes.views import blueprint
from quizzes.views.own import ID, close_if_over, get_own_attempt


@blueprint.get("/<slug>/<key>")
@requires("quizzes.attempt")
def show(slug: str, key: str) -> ResponseReturnValue:
    """Show what a quiz asks, the attempts so far, and the one thing to do next."""
    enrolment = get_enrolment(get_viewer(), slug)
    outline = get_outline(enrolment.revision_id)
    lesson = outline.get_lesson(key)
    if lesson.endpoint != "quizzes.show":
        return redirect(url_for(lesson.endpoint, slug=slug, key=key))
    standing = require_open(enrolment, lesson)
    rules = queries.find_rules(lesson.id)
    attempts = queries.list_attempts(enrolment.id, rules.id) if rules else []
    under_way = next((attempt for attempt in attempts if attempt.state == "open"), None)
    if under_way and close_if_over(under_way):
        return redirect(url_for("quizzes.show", slug=slug, key=key))
    return page(
        "quizzes/show.html",
        outline=outline,
        lesson=lesson,
        rules=rules,
        attempts=attempts,
        under_way=under_way,
        passed=any(attempt.passed for attempt in attempts),
        after=standing.after(lesson),
    )


@blueprint.post("/<slug>/<key>/start")
@requires("quizzes.attempt")
def start(slug: str, key: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the one that is open."""
    enrolment = get_enrolment(get_viewer(), slug)
    lesson = get_outline(enrolment.revision_id).get_lesson(key)
    require_open(enrolment, lesson)
    attempt = services.start_attempt(enrolment, lesson.id)
    db.session.commit()
    return redirect(url_for("quizzes.attempt", attempt_id=attempt.id), 303)


@blueprint.get(f"/attempts/<{ID}:attempt_id>")
@requires("quizzes.attempt")
def attempt(attempt_id: int) -> ResponseReturnValue:
    """Show the questions of an open attempt, one at a time."""
    own = get_own_attempt(attempt_id)
    seconds = remaining_seconds(own.deadline_at)
    if own.state != "open":
        return redirect(url_for("quizzes.result", attempt_id=own.id))
    if seconds == 0:
        return redirect(url_for("quizzes.review", attempt_id=own.id))
    asked = queries.list_asked(own.id)
    return page(
        "quizzes/attempt.html",
        attempt=own,
        questions=queries.show_all(own.seed, asked),
        current=_current_position(asked),
        sequence=max(question.sequence for question in asked),
        seconds=seconds,
    )


@blueprint.get(f"/attempts/<{ID}:attempt_id>/review")
@requires("quizzes.attempt")
def review(attempt_id: int) -> ResponseReturnValue:
    """Show what is answered, left open and put aside, before all is submitted."""
    own = get_own_attempt(attempt_id)
    if own.state != "open":
        return redirect(url_for("quizzes.result", attempt_id=own.id))
    asked = queries.list_asked(own.id)
    return page(
        "quizzes/review.html",
        attempt=own,
        questions=asked,
        unanswered=[question for question in asked if not question.answered],
        flagged=[question for question in asked if question.flagged],
        seconds=remaining_seconds(own.deadline_at),
    )


def _current_position(asked: list[Asked]) -> int:
    """Return the question to show: the one asked for, else the first without an answer."""
    wanted = request.args.get("q", 0, type=int)
    if 1 <= wanted <= len(asked):
        return wanted
    return next((question.position for question in asked if not question.answered), 1)

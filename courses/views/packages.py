"""Packages at play: what they kept is asked for, what they report comes in."""

import json
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound

from courses import queries
from courses.forms.packages import PackageForm
from courses.models import Enrolment, PackageAttempt
from courses.outline import LessonItem, get_outline
from courses.package_reports import MOST_BYTES, BadReport, read_report
from courses.queries import authoring
from courses.queries.packages import find_attempt
from courses.queries.progress import require_open
from courses.services.authoring.drafts import StaleEdit
from courses.services.packages import attempts
from courses.services.packages.settings import allow_result
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.clock import local, now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import tell


@blueprint.get("/courses/<slug>/lessons/<key>/package")
@requires("courses.learn")
def package_state(slug: str, key: str) -> ResponseReturnValue:
    """Return what the package asked to keep, for it to go on from there."""
    enrolment, item = _get_own(slug, key)
    attempt = find_attempt(enrolment.id, item.id)
    start = {
        "attempt": attempt.number if attempt else 1,
        "sequence": attempt.sequence if attempt else 0,
        "state": attempt.state if attempt else {},
        # What the package learns of its learner: that there is one, and always the same.
        "learner": {"id": attempts.alias_of(enrolment), "name": _("Learner")},
        # For a page that is older than this session.
        "token": generate_csrf(),
    }
    # In the order in which it was kept: SCORM wants an interaction's id and type set first.
    return Response(json.dumps(start), mimetype="application/json")


@blueprint.post("/courses/<slug>/lessons/<key>/package")
@requires("courses.learn")
def package_report(slug: str, key: str) -> ResponseReturnValue:
    """Keep what the package reports. 409 tells that another device has gone on meanwhile."""
    enrolment, item = _get_own(slug, key)
    if (request.content_length or 0) > MOST_BYTES:
        return _refuse(413)
    try:
        report = read_report(request.get_data())
    except BadReport:
        return _refuse(422)
    if report.learner != attempts.alias_of(enrolment):
        # Somebody else signed in meanwhile in this browser: it is not theirs.
        return _refuse(403)
    taken = attempts.take_report(enrolment, item, report)
    answer = _standing(taken.attempt, is_done=item.id in queries.done_lesson_ids(enrolment.id))
    db.session.commit()
    return answer, 200 if taken.kept else 409


@blueprint.post("/courses/<slug>/lessons/<key>/package/again")
@requires("courses.learn")
def package_again(slug: str, key: str) -> ResponseReturnValue:
    """Begin the package anew; the attempts before stay."""
    enrolment, item = _get_own(slug, key)
    attempts.begin_again(enrolment, item)
    db.session.commit()
    tell(_("You begin the package again. Your earlier results are kept."), "info")
    return redirect(url_for("courses.lesson", slug=slug, key=key), 303)


@blueprint.post("/courses/write/<slug>/lessons/<key>/package")
@requires("courses.write")
def write_package(slug: str, key: str) -> ResponseReturnValue:
    """Keep whether the package's own word makes the lesson done."""
    draft = authoring.get_draft_for(get_viewer(), slug)
    lesson = authoring.get_lesson(draft, key)
    if lesson.kind != "package":
        raise NotFound
    form = PackageForm()
    try:
        allow_result(
            draft,
            lesson,
            allowed=bool(form.score_completes.data),
            was_allowed=form.was.data == "yes",
        )
    except StaleEdit:
        raise Refused(
            _("Someone decided this otherwise meanwhile. Look at it again."), 409
        ) from None
    db.session.commit()
    tell(_("Saved."))
    return redirect(url_for("courses.write_lesson", slug=slug, key=key), 303)


def _get_own(slug: str, key: str) -> tuple[Enrolment, LessonItem]:
    """Return the viewer's enrolment and the package lesson, or answer 404.

    Raises LessonLocked when the lesson is not open to them yet.
    """
    enrolment = queries.get_enrolment(get_viewer(), slug)
    item = get_outline(enrolment.revision_id).get_lesson(key)
    if item.kind != "package":
        raise NotFound
    require_open(enrolment, item)
    return enrolment, item


def _standing(attempt: PackageAttempt, *, is_done: bool) -> dict[str, Any]:
    return {
        "saved_at": local(now()).strftime("%H:%M"),
        "sequence": attempt.sequence,
        "completed": attempt.completed,
        "passed": attempt.passed,
        "finished": attempt.is_finished,
        "score": None if attempt.score is None else round(attempt.score * 100),
        "done": is_done,
    }


def _refuse(status: int) -> ResponseReturnValue:
    return {"error": _("The package sent something that cannot be kept.")}, status

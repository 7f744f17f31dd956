"""What players tell of their learners."""

import json
import math
from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from courses import queries
from courses.outline import get_outline
from courses.queries.progress import require_open
from courses.services.watching import Told, keep_progress
from courses.views import blueprint
from courses.watching import read_stretches
from lms.core.access import get_viewer, requires
from lms.core.db import db

PLAYED = ("video", "document")
#: A day of a video, or more pages than any document has.
FARTHEST = 86_400.0


@blueprint.post("/courses/<slug>/lessons/<key>/progress")
@requires("courses.learn")
def lesson_progress(slug: str, key: str) -> ResponseReturnValue:
    """Keep where the viewer is in a video or document; say how much of it was watched."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    lesson = get_outline(enrolment.revision_id).get_lesson(key)
    if lesson.kind not in PLAYED:
        raise NotFound
    require_open(enrolment, lesson)
    progress = keep_progress(enrolment, lesson, _read_message())
    db.session.commit()
    return {"share": progress.share, "done": progress.done}


def _read_message() -> Told:
    """Return what a script sent as JSON, or a leaving page as a form."""
    sent: Any = request.get_json(silent=True) if request.is_json else _read_form(request.form)
    if not isinstance(sent, dict):
        raise BadRequest
    return Told(
        position=_number(sent.get("position")),
        stretches=read_stretches(sent.get("watched")),
        seconds=_number(sent.get("seconds", 0)),
    )


def _read_form(form: Mapping[str, str]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for name in ("position", "watched", "seconds"):
        try:
            sent[name] = json.loads(form.get(name, "null"))
        except (ValueError, RecursionError):
            raise BadRequest from None
    return sent


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadRequest
    if not math.isfinite(value) or not 0 <= value <= FARTHEST:
        raise BadRequest
    return float(value)

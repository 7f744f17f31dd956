"""What a trainer decides on a package of a draft."""

from courses.models import Lesson, Revision
from courses.services.authoring.drafts import StaleEdit, hold, refuse_followed
from lms.core import audit
from lms.core.db import db


def allow_result(draft: Revision, lesson: Lesson, *, allowed: bool, was_allowed: bool) -> None:
    """Let the package's own word make the lesson done, or no longer.

    Raises StaleEdit when it was decided otherwise since the trainer saw it.
    """
    hold(draft)
    db.session.refresh(lesson)
    refuse_followed(lesson.module)
    before = lesson.settings.get("score_completes") is True
    if before == allowed:
        return
    if before != was_allowed:
        raise StaleEdit
    lesson.settings = {**lesson.settings, "score_completes": allowed}
    audit.record(
        "courses.package_result_allowed" if allowed else "courses.package_result_refused",
        f"course:{draft.course_id}",
        revision=draft.number,
        lesson=lesson.key,
    )

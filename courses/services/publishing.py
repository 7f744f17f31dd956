"""Publishing: a draft becomes what new learners get; those under way stay where they are."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from courses import readiness
from courses.models import Revision
from courses.readiness import Obstacle
from courses.services.authoring.drafts import hold, hold_course
from courses.services.packs import pack_revision
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused


def publish_draft(draft: Revision, seen: datetime | None = None) -> None:
    """Publish a draft and retire the revision before it.

    ``seen`` is when the draft had last been edited as the publisher saw it. Raises Refused
    when it was edited since, and when it is not fit to be published, with every reason.
    """
    hold_course(draft.course)
    hold(draft, seen)
    obstacles = readiness.find_obstacles(pack_revision(draft))
    if obstacles:
        raise Refused(" ".join(word_obstacle(obstacle) for obstacle in obstacles))
    _retire_published(draft.course_id)
    draft.state = "published"
    draft.published_at = now()
    db.session.flush()
    audit.record("courses.published", f"course:{draft.course_id}", revision=draft.number)


def word_obstacle(obstacle: Obstacle) -> str:
    """Return a sentence that says what is missing and where."""
    words = {
        readiness.NO_LESSON: _("The course has no lesson yet."),
        readiness.NOTHING_REQUIRED: _(
            "No lesson is required, so nobody could ever complete the course. Require one."
        ),
        readiness.EMPTY_TEXT: _(
            "The required lesson “%(lesson)s” has no text.", lesson=obstacle.lesson
        ),
        readiness.EMPTY_QUIZ: _(
            "The required quiz “%(lesson)s” has no questions.", lesson=obstacle.lesson
        ),
        readiness.PICTURE_MISSING: _(
            "The lesson “%(lesson)s” shows the picture %(name)s, which is not there.",
            lesson=obstacle.lesson,
            name=obstacle.name,
        ),
    }
    return words[obstacle.code]


def _retire_published(course_id: int) -> None:
    # Before the draft takes its place: the database allows one published revision only.
    db.session.execute(
        update(Revision)
        .where(Revision.course_id == course_id, Revision.state == "published")
        .values(state="retired")
    )

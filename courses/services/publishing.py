"""Publishing: a draft becomes what new learners get; those under way stay where they are."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from courses import readiness
from courses.models import Course, Revision
from courses.queries.authoring import find_revision
from courses.readiness import Obstacle
from courses.rules import releasing
from courses.services.authoring.drafts import hold, hold_course
from courses.services.packs import pack_revision
from courses.services.reusing import refresh_followers
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused


def publish_draft(draft: Revision, seen: datetime | None = None) -> None:
    """Publish a draft on its writer's own word, and retire the revision before it.

    ``seen`` is when the draft had last been edited as the publisher saw it. Raises Refused
    when it was edited since, when it is not fit to be published, with every reason, and
    when it brings packages: those need a second person (services.reviewing).
    """
    hold_course(draft.course)
    hold(draft, seen)
    refuse_unfit(draft)
    if needs_review(draft):
        raise Refused(
            _("The draft brings packages, which run programs. A second person has to publish it."),
            403,
        )
    publish_revision(draft)


def needs_review(draft: Revision) -> bool:
    """Tell whether a draft brings packages that no published revision was reviewed with."""
    published = find_revision(draft.course, "published")
    before = pack_revision(published) if published else None
    return bool(readiness.find_new_packages(before, pack_revision(draft)))


def refuse_unfit(draft: Revision) -> None:
    """Raise Refused with every reason for which a draft may not be published."""
    obstacles = readiness.find_obstacles(pack_revision(draft))
    if obstacles:
        raise Refused(" ".join(word_obstacle(obstacle) for obstacle in obstacles))


def publish_revision(draft: Revision) -> None:
    """Let new learners get a held revision; those under way stay on theirs."""
    _retire_published(draft.course_id)
    draft.state = "published"
    draft.published_at = now()
    db.session.flush()
    audit.record("courses.published", f"course:{draft.course_id}", revision=draft.number)
    refresh_followers(draft.course)


def retire_course(course: Course) -> None:
    """Take a course out of the catalogue; those under way finish it, and records stay.

    Raises Refused when it is not published.
    """
    hold_course(course)
    if find_revision(course, "published") is None:
        raise Refused(_("The course is not published, so it is not in the catalogue."), 409)
    _retire_published(course.id)
    audit.record("courses.retired", f"course:{course.id}")


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
        readiness.NOTHING_FOR_ALL: _(
            "Every required lesson is for certain audiences only, so nobody else could ever "
            "complete the course. Require one of everyone."
        ),
        releasing.GONE: _(
            "“%(lesson)s” is to open after a lesson that is no longer there. Change its rules.",
            lesson=obstacle.lesson,
        ),
        releasing.CIRCLE: _(
            "“%(lesson)s” waits, over other lessons, for itself. Change its rules.",
            lesson=obstacle.lesson,
        ),
        readiness.TOO_FEW_POINTS: _(
            "The exercise “%(lesson)s” asks for more points than its rubric gives.",
            lesson=obstacle.lesson,
        ),
        readiness.FILE_MISSING: _(
            "The required lesson “%(lesson)s” has no file yet.", lesson=obstacle.lesson
        ),
        readiness.NOTHING_CHECKED: _(
            "The package “%(lesson)s” counts by its own word, and nothing else in the course is"
            " checked. Require a quiz, marked work or a confirmed presence, or let learners mark"
            " the package themselves.",
            lesson=obstacle.lesson,
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

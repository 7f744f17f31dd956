"""Publishing a draft, after a look at what that changes."""

from datetime import UTC, datetime

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses import changes, readiness
from courses.forms.authoring import PublishForm
from courses.queries import authoring as queries
from courses.services import publishing
from courses.services.packs import pack_revision
from courses.services.publishing import word_obstacle
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell


@blueprint.get("/courses/write/<slug>/publish")
@requires("courses.write")
def write_publish(slug: str) -> ResponseReturnValue:
    """Say what publishing the draft changes, and what still forbids it."""
    draft = queries.get_draft_for(get_viewer(), slug)
    published = queries.find_revision(draft.course, "published")
    packed = pack_revision(draft)
    return page(
        "courses/authoring/publish.html",
        form=PublishForm(seen=draft.updated_at.isoformat()),
        draft=draft,
        published=published,
        obstacles=[word_obstacle(obstacle) for obstacle in readiness.find_obstacles(packed)],
        gaps=[word_obstacle(gap) for gap in readiness.find_gaps(packed)],
        changes=changes.compare(pack_revision(published), packed) if published else None,
        lessons=list(packed.lessons()),
        under_way=queries.count_under_way(draft.course),
    )


@blueprint.post("/courses/write/<slug>/publish")
@requires("courses.write")
def write_publish_now(slug: str) -> ResponseReturnValue:
    """Publish the draft as it was seen."""
    draft = queries.get_draft_for(get_viewer(), slug)
    publishing.publish_draft(draft, _seen(PublishForm().seen.data))
    db.session.commit()
    tell(
        _("Revision %(number)s is published. New learners get it from now on.", number=draft.number)
    )
    return redirect(url_for("courses.write_course", slug=slug), 303)


def _seen(text: str | None) -> datetime:
    """Return the moment that the form brought; one that never was when it is unreadable."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)

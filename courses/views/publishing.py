"""Publishing a draft, or asking a second person to, after a look at what that changes."""

from datetime import UTC, datetime
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses import changes, readiness
from courses.forms.authoring import PublishForm
from courses.forms.reviewing import AskReviewForm
from courses.models import Revision
from courses.queries import authoring as queries
from courses.queries.reusing import list_followers
from courses.queries.reviewing import list_past_reviews
from courses.services import publishing, reviewing
from courses.services.packs import pack_revision
from courses.services.publishing import word_obstacle
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell
from lms.core.text import clean


@blueprint.get("/courses/write/<slug>/publish")
@requires("courses.write")
def write_publish(slug: str) -> ResponseReturnValue:
    """Say what publishing the draft changes, and what still forbids it."""
    draft = queries.get_draft_for(get_viewer(), slug)
    return _publish_page(draft, AskReviewForm())


@blueprint.post("/courses/write/<slug>/publish")
@requires("courses.write")
def write_publish_now(slug: str) -> ResponseReturnValue:
    """Publish the draft as it was seen."""
    draft = queries.get_draft_for(get_viewer(), slug)
    publishing.publish_draft(draft, read_moment(PublishForm().seen.data))
    db.session.commit()
    tell(
        _("Revision %(number)s is published. New learners get it from now on.", number=draft.number)
    )
    return redirect(url_for("courses.write_course", slug=slug), 303)


@blueprint.post("/courses/write/<slug>/ask-review")
@requires("courses.write")
def write_ask_review(slug: str) -> ResponseReturnValue:
    """Put the draft before a second person, as it was seen."""
    draft = queries.get_draft_for(get_viewer(), slug)
    form = AskReviewForm()
    if not form.validate():
        return _publish_page(draft, form)
    reviewing.ask_review(
        draft, get_viewer().person_id, clean(form.note.data or ""), read_moment(form.seen.data)
    )
    db.session.commit()
    tell(_("The draft is in review. It cannot be edited until someone decides."))
    return redirect(url_for("courses.write_course", slug=slug), 303)


@blueprint.post("/courses/write/<slug>/take-back")
@requires("courses.write")
def write_take_back(slug: str) -> ResponseReturnValue:
    """Go on writing a draft that is in review."""
    revision = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    reviewing.take_back(revision, get_viewer().person_id)
    db.session.commit()
    tell(_("The draft is yours again."))
    return redirect(url_for("courses.write_course", slug=slug), 303)


@blueprint.post("/courses/write/<slug>/retire")
@requires("courses.write")
def write_retire(slug: str) -> ResponseReturnValue:
    """Take a course out of the catalogue."""
    publishing.retire_course(queries.get_course_for(get_viewer(), slug))
    db.session.commit()
    tell(_("The course is out of the catalogue. Those under way can finish it."))
    return redirect(url_for("courses.write_course", slug=slug), 303)


def _publish_page(draft: Revision, ask_form: AskReviewForm) -> ResponseReturnValue:
    ask_form.seen.data = draft.updated_at.isoformat()
    return page(
        "courses/authoring/publish.html",
        form=PublishForm(seen=ask_form.seen.data),
        ask_form=ask_form,
        past=list_past_reviews(draft.course),
        **weigh(draft),
        status=422 if ask_form.errors else 200,
    )


def weigh(draft: Revision) -> dict[str, Any]:
    """Return what publishing a draft changes, whom it touches and what forbids it."""
    published = queries.find_revision(draft.course, "published")
    before, after = pack_revision(published) if published else None, pack_revision(draft)
    return {
        "draft": draft,
        "published": published,
        "obstacles": [word_obstacle(obstacle) for obstacle in readiness.find_obstacles(after)],
        "gaps": [word_obstacle(gap) for gap in readiness.find_gaps(after)],
        "packages": readiness.find_new_packages(before, after),
        "changes": changes.compare(before, after) if before else None,
        "lessons": list(after.lessons()),
        "under_way": queries.count_under_way(draft.course),
        "followers": list_followers(draft.course),
    }


def read_moment(text: str | None) -> datetime:
    """Return the moment that a form brought; one that never was when it is unreadable."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""Drafts that wait for a second person, and what they decide."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.forms.reviewing import DecideForm, HandBackForm
from courses.kinds import KINDS
from courses.models import Revision
from courses.queries import reviewing as queries
from courses.services import reviewing
from courses.views import blueprint
from courses.views.publishing import read_moment, weigh
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell
from lms.core.text import clean


@blueprint.get("/courses/reviews")
@requires("courses.review")
def reviews() -> ResponseReturnValue:
    """List the drafts that wait for somebody like the viewer."""
    return page("courses/reviewing/reviews.html", reviews=queries.list_open_reviews(get_viewer()))


@blueprint.get("/courses/reviews/<slug>")
@requires("courses.review")
def review(slug: str) -> ResponseReturnValue:
    """Show a draft in review: what it changes, whom it touches, its lessons."""
    return _review_page(queries.get_revision_to_review(get_viewer(), slug), DecideForm())


@blueprint.post("/courses/reviews/<slug>/approve")
@requires("courses.review")
def review_approve(slug: str) -> ResponseReturnValue:
    """Publish the draft as its reviewer saw it."""
    revision = queries.get_revision_to_review(get_viewer(), slug)
    form = DecideForm()
    if not form.validate():
        return _review_page(revision, form)
    reviewing.approve(
        revision,
        get_viewer().person_id,
        clean(form.comment.data or ""),
        read_moment(form.seen.data),
    )
    db.session.commit()
    tell(_("“%(title)s” is published. New learners get it from now on.", title=revision.title))
    return redirect(url_for("courses.reviews"), 303)


@blueprint.post("/courses/reviews/<slug>/hand-back")
@requires("courses.review")
def review_hand_back(slug: str) -> ResponseReturnValue:
    """Return the draft to its writer with a word."""
    revision = queries.get_revision_to_review(get_viewer(), slug)
    form = HandBackForm()
    if not form.validate():
        return _review_page(revision, form)
    reviewing.hand_back(revision, get_viewer().person_id, clean(form.comment.data or ""))
    db.session.commit()
    tell(_("“%(title)s” is back with its writer.", title=revision.title))
    return redirect(url_for("courses.reviews"), 303)


def _review_page(revision: Revision, form: DecideForm) -> ResponseReturnValue:
    form.seen.data = revision.updated_at.isoformat()
    return page(
        "courses/reviewing/review.html",
        form=form,
        review=queries.get_open_review(revision.course_id),
        modules=revision.modules,
        kinds=KINDS,
        **weigh(revision),
        status=422 if form.errors else 200,
    )

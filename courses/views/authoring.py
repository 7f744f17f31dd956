"""A trainer's courses, and what the catalogue says of one."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.forms.authoring import FactsForm, NewCourseForm
from courses.kinds import KINDS
from courses.models import Revision
from courses.queries import authoring as queries
from courses.queries.handing_in import count_waiting
from courses.queries.reusing import list_origins
from courses.queries.reviewing import count_open_reviews
from courses.services.authoring import drafts
from courses.services.authoring.drafts import StaleEdit
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell
from lms.people.queries import list_audiences


@blueprint.get("/courses/write")
@requires("courses.write")
def write() -> ResponseReturnValue:
    """List the courses that the viewer writes."""
    viewer = get_viewer()
    return page(
        "courses/authoring/write.html",
        courses=queries.list_own_courses(viewer),
        to_review=count_open_reviews(viewer),
        to_mark=count_waiting(viewer),
    )


@blueprint.route("/courses/write/new", methods=["GET", "POST"])
@requires("courses.write")
def write_new() -> ResponseReturnValue:
    """Begin a course."""
    form = NewCourseForm()
    if form.validate_on_submit():
        course = drafts.create_course(
            str(form.title.data), int(form.periods.data or 0), get_viewer().person_id
        )
        db.session.commit()
        return redirect(url_for("courses.write_course", slug=course.slug), 303)
    return page("courses/authoring/new.html", form=form, status=422 if form.errors else 200)


@blueprint.get("/courses/write/<slug>")
@requires("courses.write")
def write_course(slug: str) -> ResponseReturnValue:
    """Show a course as its trainer works on it: the draft, or what is published."""
    course = queries.get_course_for(get_viewer(), slug)
    revision = queries.get_newest(course)
    return page(
        "courses/authoring/course.html",
        course=course,
        revision=revision,
        published=queries.find_revision(course, "published"),
        under_way=queries.count_under_way(course),
        origins=list_origins(revision),
        pictures=len(queries.list_media(revision)),
        kinds=KINDS,
    )


@blueprint.post("/courses/write/<slug>/draft")
@requires("courses.write")
def write_draft(slug: str) -> ResponseReturnValue:
    """Make a draft of the published revision, or go on with the one there is."""
    drafts.start_draft(queries.get_course_for(get_viewer(), slug))
    db.session.commit()
    return redirect(url_for("courses.write_course", slug=slug), 303)


@blueprint.post("/courses/write/<slug>/discard")
@requires("courses.write")
def write_discard(slug: str) -> ResponseReturnValue:
    """Throw the draft of a published course away."""
    drafts.discard_draft(queries.get_draft_for(get_viewer(), slug))
    db.session.commit()
    tell(_("The draft is discarded. The published revision is as it was."))
    return redirect(url_for("courses.write_course", slug=slug), 303)


@blueprint.route("/courses/write/<slug>/facts", methods=["GET", "POST"])
@requires("courses.write")
def write_facts(slug: str) -> ResponseReturnValue:
    """Edit what the catalogue says of the draft."""
    draft = queries.get_draft_for(get_viewer(), slug)
    form = FactsForm.of(draft)
    form.audiences.choices = [(audience.key, audience.name) for audience in list_audiences()]
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return page("courses/authoring/facts.html", form=form, draft=draft, status=status)
    try:
        drafts.save_facts(draft, form.to_facts(), form.version.data or 0)
    except StaleEdit:
        return _show_both(form, draft)
    db.session.commit()
    tell(_("Saved."))
    return redirect(url_for("courses.write_course", slug=slug), 303)


def _show_both(form: FactsForm, draft: Revision) -> ResponseReturnValue:
    """Show what was saved meanwhile beside what was sent, to be sent again."""
    form.version.data = draft.version
    return page("courses/authoring/facts.html", form=form, draft=draft, stale=True, status=409)

"""What a trainee sees: home, catalogue, course, lesson."""

from flask import make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses import completion, queries
from courses.dashboard import home_for
from courses.files import find_picture
from courses.outline import get_outline, lesson_html, show_kind
from courses.services import enrolling, learning
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.clock import today
from lms.core.db import db
from lms.core.helplines import list_help_lines
from lms.core.pages import page, tell
from lms.people.queries import list_audience_keys_of, list_audiences


@blueprint.get("/")
@requires("courses.learn")
def home() -> ResponseReturnValue:
    """Show what is due and where to resume."""
    return page("courses/home.html", home=home_for(get_viewer(), today()), today=today())


@blueprint.get("/courses/")
@requires("courses.learn")
def index() -> ResponseReturnValue:
    """Show the catalogue: the viewer's audiences first."""
    viewer = get_viewer()
    own = set(list_audience_keys_of(viewer.person_id))
    cards = queries.list_catalogue()
    return page(
        "courses/index.html",
        for_you=[card for card in cards if own & set(card.audiences)],
        others=[card for card in cards if not own & set(card.audiences)],
        audiences={audience.key: audience for audience in list_audiences()},
        lessons=queries.count_lessons([card.revision_id for card in cards]),
        enrolled={e.course_id: e for e in queries.list_enrolments_of(viewer)},
    )


@blueprint.get("/courses/<slug>")
@requires("courses.learn")
def show(slug: str) -> ResponseReturnValue:
    """Show a course: what it teaches, how far the viewer is, what is missing."""
    enrolment = queries.find_enrolment(get_viewer(), slug)
    published = queries.find_published(slug)
    if enrolment is None and published is None:
        raise NotFound
    outline = get_outline(enrolment.revision_id if enrolment else published.id)  # type: ignore[union-attr]
    done = queries.done_lesson_ids(enrolment.id) if enrolment else frozenset()
    missing = completion.find_missing(outline.steps, done)
    return page(
        "courses/show.html",
        outline=outline,
        enrolment=enrolment,
        done=done,
        missing=missing,
        next_lesson=outline.lessons[missing[0].number - 1] if missing else None,
        progress_share=completion.progress(outline.steps, done),
        today=today(),
    )


@blueprint.post("/courses/<slug>/enrol")
@requires("courses.learn")
def enrol(slug: str) -> ResponseReturnValue:
    """Enrol the viewer at their own wish; asking twice changes nothing."""
    viewer, revision = get_viewer(), queries.find_published(slug)
    if revision is None:
        raise NotFound
    enrolment = enrolling.enrol_self(viewer.person_id, revision)
    learning.start(enrolment)
    db.session.commit()
    first = get_outline(enrolment.revision_id).lessons[0]
    return redirect(url_for(first.endpoint, slug=slug, key=first.key), 303)


@blueprint.get("/courses/<slug>/lessons/<key>")
@requires("courses.learn")
def lesson(slug: str, key: str) -> ResponseReturnValue:
    """Show a lesson to someone who is enrolled."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    outline = get_outline(enrolment.revision_id)
    item = outline.get_lesson(key)
    if item.endpoint != "courses.lesson":
        return redirect(url_for(item.endpoint, slug=slug, key=key))
    done = queries.done_lesson_ids(enrolment.id)
    before, after = outline.neighbours(item)
    return page(
        "courses/lesson.html",
        outline=outline,
        lesson=item,
        html=lesson_html(item, outline.revision_id),
        done=done,
        before=before,
        after=after,
        progress_share=completion.progress(outline.steps, done),
        help_lines=list_help_lines() if item.sensitive else [],
        **show_kind(item, outline.revision_id, enrolment.id),
    )


@blueprint.post("/courses/<slug>/lessons/<key>/read")
@requires("courses.learn")
def mark_read(slug: str, key: str) -> ResponseReturnValue:
    """Keep that the viewer read the lesson to its end, and go on to the next."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    outline = get_outline(enrolment.revision_id)
    item = outline.get_lesson(key)
    was_complete = enrolment.status == "completed"
    learning.mark_read(enrolment, item)
    db.session.commit()
    _before, after = outline.neighbours(item)
    if enrolment.status == "completed" and not was_complete:
        tell(_("You have completed the course. Your certificate is being made."))
    if after is None or enrolment.status == "completed":
        return redirect(url_for("courses.show", slug=slug), 303)
    return redirect(url_for(after.endpoint, slug=slug, key=after.key), 303)


@blueprint.get("/courses/media/<sha256>/<_name>")
@requires("courses.learn")
def media(sha256: str, _name: str) -> ResponseReturnValue:
    """Send a lesson's picture, which never changes under this address."""
    picture = find_picture(sha256)
    if picture is None:
        raise NotFound
    response = make_response(picture.data)
    response.content_type = picture.content_type
    # An SVG opened by itself must not run anything, whatever is in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response

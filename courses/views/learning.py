"""What a trainee sees: home, catalogue, course, lesson."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses import queries
from courses.dashboard import home_for
from courses.models import Enrolment
from courses.outline import LessonItem, get_outline, lesson_html, show_kind
from courses.queries.progress import LessonLocked, find_opened_at, get_standing, require_open
from courses.rules.words import word_lock, word_need
from courses.services import enrolling, learning
from courses.services.learning import TooEarly
from courses.standing import Standing
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.clock import today
from lms.core.db import db
from lms.core.helplines import list_help_lines
from lms.core.pages import page, tell
from lms.people.queries import list_audience_keys_of, list_audiences

blueprint.add_app_template_global(word_need)
blueprint.add_app_template_global(word_lock)


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
    published = queries.find_published(slug) if enrolment is None else None
    if enrolment is not None:
        standing = get_standing(enrolment)
    elif published is not None:
        standing = Standing(get_outline(published.id), frozenset(), frozenset(), today())
    else:
        raise NotFound
    return page(
        "courses/show.html",
        outline=standing.outline,
        enrolment=enrolment,
        standing=standing,
        next_lesson=standing.next_lesson,
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
    answer = _go_to(enrolment, get_standing(enrolment).first_open)
    db.session.commit()
    return answer


@blueprint.get("/courses/<slug>/lessons/<key>")
@requires("courses.learn")
def lesson(slug: str, key: str) -> ResponseReturnValue:
    """Show a lesson to someone who is enrolled and to whom it is open."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    item = get_outline(enrolment.revision_id).get_lesson(key)
    if item.endpoint != "courses.lesson":
        return redirect(url_for(item.endpoint, slug=slug, key=key))
    return show_lesson(enrolment, item)


@blueprint.post("/courses/<slug>/lessons/<key>/begin")
@requires("courses.learn")
def begin_lesson(slug: str, key: str) -> ResponseReturnValue:
    """Note that the viewer begins a lesson, from which its minimum time runs."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    item = get_outline(enrolment.revision_id).get_lesson(key)
    learning.open_lesson(enrolment, item)
    db.session.commit()
    return redirect(url_for(item.endpoint, slug=slug, key=key), 303)


@blueprint.post("/courses/<slug>/lessons/<key>/read")
@requires("courses.learn")
def mark_read(slug: str, key: str) -> ResponseReturnValue:
    """Keep that the viewer read the lesson to its end, and go on to the next."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    item = get_outline(enrolment.revision_id).get_lesson(key)
    was_complete = enrolment.status == "completed"
    try:
        learning.mark_read(enrolment, item)
    except TooEarly as early:
        return show_lesson(enrolment, item, notice=early.message, status=early.status)
    if enrolment.status == "completed" and not was_complete:
        tell(_("You have completed the course. Your certificate is being made."))
    after = None if enrolment.status == "completed" else get_standing(enrolment).after(item)
    answer = _go_to(enrolment, after)
    db.session.commit()
    return answer


@blueprint.app_errorhandler(LessonLocked)
def explain_lock(locked: LessonLocked) -> ResponseReturnValue:
    """Say why a lesson is not open yet, wherever it was asked for."""
    db.session.rollback()
    return page(
        "courses/locked.html",
        status=locked.status,
        outline=locked.outline,
        lesson=locked.lesson,
        lock=locked.lock,
    )


def show_lesson(
    enrolment: Enrolment, item: LessonItem, *, notice: str = "", status: int = 200, **more: object
) -> ResponseReturnValue:
    """Return a lesson's page, perhaps with what stood against an act on it."""
    standing = require_open(enrolment, item)
    outline = standing.outline
    return page(
        "courses/lesson.html",
        outline=outline,
        lesson=item,
        html=lesson_html(item, outline.revision_id),
        done=standing.done,
        locks=standing.locks,
        own=standing.own_lessons,
        progress_share=standing.progress,
        before=outline.neighbours(item)[0],
        after=standing.after(item),
        wait=_wait(enrolment, item) if item.id not in standing.done else None,
        help_lines=list_help_lines() if item.sensitive else [],
        notice=notice,
        status=status,
        **{**show_kind(item, outline.revision_id, enrolment.id), **more},
    )


def _wait(enrolment: Enrolment, item: LessonItem) -> dict[str, object] | None:
    """Return how long a lesson has to stay open still, where it has a minimum time."""
    if not item.completion_rule.minutes:
        return None
    begun = find_opened_at(enrolment.id, item.id) is not None
    return {"begun": begun, "seconds": learning.seconds_to_go(enrolment, item)}


def _go_to(enrolment: Enrolment, item: LessonItem | None) -> ResponseReturnValue:
    """Lead to a lesson, whose time runs from now on, or else to its course."""
    slug = get_outline(enrolment.revision_id).slug
    if item is None:
        return redirect(url_for("courses.show", slug=slug), 303)
    if item.completion_rule.minutes:
        learning.open_lesson(enrolment, item)
    return redirect(url_for(item.endpoint, slug=slug, key=item.key), 303)

"""Writing one lesson, and seeing it as a trainee would."""

from dataclasses import fields, replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses.forms.authoring import LessonForm
from courses.kinds import KINDS
from courses.lesson_text import normalise
from courses.models import Lesson, Revision
from courses.outline import LessonItem, Outline, fresh_html, get_outline, show_kind
from courses.queries import authoring as queries
from courses.queries.reviewing import get_revision_to_read
from courses.services.authoring.drafts import StaleEdit
from courses.services.authoring.history import Saved
from courses.services.authoring.lessons import save_lesson
from courses.text_diff import Stretch, compare_texts, fold_kept
from courses.views import blueprint
from courses.views.lesson_pictures import list_for_editor
from lms.core.access import get_viewer, requires
from lms.core.clock import now
from lms.core.db import db
from lms.core.headers import CONTENT_SECURITY_POLICY, allow_frame
from lms.core.helplines import list_help_lines
from lms.core.pages import page, tell


class PreviewItem(LessonItem):
    """A lesson whose links stay within the preview."""

    @property
    def endpoint(self) -> str:
        """Return the endpoint of the preview, whatever the kind."""
        return "courses.write_preview"


@blueprint.get("/courses/write/<slug>/lessons/<key>")
@requires("courses.write")
def write_lesson(slug: str, key: str) -> ResponseReturnValue:
    """Show a lesson of the draft, to be edited."""
    draft = queries.get_draft_for(get_viewer(), slug)
    lesson = queries.get_lesson(draft, key)
    return _edit_page(LessonForm.of(lesson), draft, lesson)


@blueprint.post("/courses/write/<slug>/lessons/<key>")
@requires("courses.write")
def write_lesson_save(slug: str, key: str) -> ResponseReturnValue:
    """Save a lesson; what was saved meanwhile by others is shown, never overwritten."""
    revision = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    lesson = queries.find_lesson(revision, key)
    if revision.state != "draft" or lesson is None:
        return _keep_words(revision, key)
    form = LessonForm.of(lesson)
    if not form.validate():
        return _edit_page(form, revision, lesson, status=422)
    try:
        saved = Saved(get_viewer().person_id, now(), autosaved=False)
        save_lesson(revision, lesson, form.to_edit(), form.version.data or 0, saved)
    except StaleEdit:
        form.version.data = lesson.version
        return _edit_page(form, revision, lesson, stale=True, status=409)
    db.session.commit()
    tell(_("Saved."))
    then = "courses.write_preview" if "preview" in request.form else "courses.write_lesson"
    return redirect(url_for(then, slug=slug, key=key), 303)


@blueprint.get("/courses/write/<slug>/lessons/<key>/preview")
@requires("courses.write")
def write_preview(slug: str, key: str) -> ResponseReturnValue:
    """Show a lesson as a trainee will see it."""
    revision = get_revision_to_read(get_viewer(), slug)
    outline = _preview_outline(get_outline(revision.id))
    item = outline.get_lesson(key)
    if item.kind == "quiz":
        return redirect(url_for("quizzes.bank", slug=slug))
    before, after = outline.neighbours(item)
    answer = page(
        "courses/authoring/preview.html",
        outline=outline,
        lesson=item,
        html=fresh_html(item.id, revision.id),
        done=frozenset(),
        before=before,
        after=after,
        progress_share=0.0,
        help_lines=list_help_lines() if item.sensitive else [],
        is_draft=revision.state == "draft",
        **show_kind(item, revision.id),
    )
    # The phone beside the editor shows this page in a frame; no other site may.
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    answer.headers.setdefault("Content-Security-Policy", policy)
    return answer


@blueprint.get("/courses/write/<slug>/lessons/<key>/phone")
@requires("courses.write")
def write_phone(slug: str, key: str) -> ResponseReturnValue:
    """Show a lesson as a trainee will see it on a phone."""
    revision = get_revision_to_read(get_viewer(), slug)
    lesson = get_outline(revision.id).get_lesson(key)
    if lesson.kind == "quiz":
        raise NotFound
    allow_frame("'self'")
    return page("courses/authoring/phone.html", revision=revision, lesson=lesson)


def _edit_page(
    form: LessonForm, draft: Revision, lesson: Lesson, *, stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    return page(
        "courses/authoring/lesson.html",
        form=form,
        draft=draft,
        lesson=lesson,
        kind_label=KINDS[lesson.kind].LABEL,
        stale=stale,
        differences=_compare(lesson, form) if stale else [],
        media=list_for_editor(draft),
        status=status,
    )


def _compare(lesson: Lesson, form: LessonForm) -> list[Stretch]:
    """Return what the writer's words change in those that were saved meanwhile."""
    return fold_kept(compare_texts(lesson.source, normalise(form.source.data or "")))


def _keep_words(revision: Revision, key: str) -> ResponseReturnValue:
    """Answer a save that came too late without losing what was written."""
    return page(
        "courses/authoring/too_late.html",
        form=LessonForm(),
        revision=revision,
        key=key,
        status=409,
    )


def _preview_outline(outline: Outline) -> Outline:
    names = [field.name for field in fields(LessonItem)]
    items = (
        PreviewItem(**{name: getattr(lesson, name) for name in names}) for lesson in outline.lessons
    )
    return replace(outline, lessons=tuple(items))

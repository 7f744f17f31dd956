"""A lesson saved while it is written, and what it once said."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.forms.authoring import LessonForm, RestoreForm
from courses.models import Lesson, LessonVersion, Revision
from courses.queries import authoring as queries
from courses.queries import history
from courses.services.authoring.drafts import StaleEdit
from courses.services.authoring.history import Saved
from courses.services.authoring.lessons import LessonEdit, save_lesson
from courses.text_diff import compare_texts, count_changes, fold_kept
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.clock import local, now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import page, tell

LESSON = "/courses/write/<slug>/lessons/<key>"
#: The largest number that both databases take.
LARGEST = 2_147_483_647
VERSION = f"{LESSON}/history/<int(max={LARGEST}):number>"


@blueprint.post(f"{LESSON}/autosave")
@requires("courses.write")
def write_lesson_autosave(slug: str, key: str) -> ResponseReturnValue:
    """Save a lesson for the page while its writer goes on; both versions when two met."""
    draft = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    lesson = queries.find_lesson(draft, key)
    if draft.state != "draft" or lesson is None:
        gone = _("This lesson can no longer be saved here. Copy your words before you leave.")
        return {"message": gone}, 410
    form = LessonForm.of(lesson)
    if not form.validate():
        return {"message": _first_error(form)}, 422
    saved = Saved(get_viewer().person_id, now(), autosaved=True)
    try:
        save_lesson(draft, lesson, form.to_edit(), form.version.data or 0, saved)
    except StaleEdit:
        yours = {"title": form.title.data, "source": form.source.data}
        return {"theirs": _said(lesson), "yours": yours}, 409
    db.session.commit()
    return {"version": lesson.version, "saved_at": f"{local(saved.at):%H:%M}"}


@blueprint.get(f"{LESSON}/history")
@requires("courses.write")
def write_lesson_history(slug: str, key: str) -> ResponseReturnValue:
    """List what a lesson once said, the newest first."""
    revision = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    lesson = queries.get_lesson(revision, key)
    before = _asked_number("before")
    versions = history.list_versions(revision, key, before=before)
    newest = history.find_newest_version(revision.course_id, key)
    return page(
        "courses/authoring/history.html",
        revision=revision,
        lesson=lesson,
        versions=versions[: history.VERSIONS_SHOWN],
        more=len(versions) > history.VERSIONS_SHOWN,
        is_first_page=before is None,
        newest=newest.number if newest else 0,
    )


@blueprint.get(VERSION)
@requires("courses.write")
def write_lesson_compare(slug: str, key: str, number: int) -> ResponseReturnValue:
    """Show what changed from one version of a lesson to another."""
    revision = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    lesson = queries.get_lesson(revision, key)
    version = history.get_version(revision, key, number)
    other = _other_version(revision, key, number)
    lines = compare_texts(other.source if other else "", version.source)
    return page(
        "courses/authoring/compare.html",
        revision=revision,
        lesson=lesson,
        version=version,
        other=other,
        saved_by=history.get_name(version.saved_by_id),
        stretches=fold_kept(lines),
        changes=count_changes(lines),
        is_current=(version.title, version.source) == (lesson.title, lesson.source),
        form=RestoreForm(version=lesson.version),
    )


@blueprint.post(f"{VERSION}/restore")
@requires("courses.write")
def write_lesson_restore(slug: str, key: str, number: int) -> ResponseReturnValue:
    """Let a lesson say again what it once said; what it says now stays in its history."""
    draft = queries.get_draft_for(get_viewer(), slug)
    lesson = queries.get_lesson(draft, key)
    version = history.get_version(draft, key, number)
    edit = LessonEdit(
        title=version.title,
        source=version.source,
        minutes=lesson.minutes,
        required=lesson.required,
        sensitive=lesson.sensitive,
    )
    saved = Saved(get_viewer().person_id, now(), autosaved=False)
    try:
        save_lesson(draft, lesson, edit, RestoreForm().version.data or 0, saved)
    except StaleEdit:
        raise Refused(
            _("The lesson was saved meanwhile. Look at its newest version first."), 409
        ) from None
    db.session.commit()
    tell(_("The lesson says again what it said in version %(number)s.", number=number))
    return redirect(url_for("courses.write_lesson", slug=slug, key=key), 303)


def _other_version(revision: Revision, key: str, number: int) -> LessonVersion | None:
    """Return the version to compare with: the one asked for, or else the one before."""
    asked = _asked_number("with")
    if asked is None:
        return history.find_version_before(revision, key, number)
    return history.get_version(revision, key, asked)


def _asked_number(name: str) -> int | None:
    """Return a number in the address that both databases take."""
    asked = request.args.get(name, type=int)
    return None if asked is None else max(0, min(asked, LARGEST))


def _first_error(form: LessonForm) -> str:
    return next(f"{field.label.text}: {field.errors[0]}" for field in form if field.errors)


def _said(lesson: Lesson) -> dict[str, object]:
    return {"title": lesson.title, "source": lesson.source, "version": lesson.version}

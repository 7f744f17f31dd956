"""A lesson's rules and an exercise's rubric, as their trainer sets them."""

from collections.abc import Mapping, Sequence

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses.forms.rules import ExerciseForm, RulesForm
from courses.handed_file import DOCX, FILE_TYPES, PDF, PICTURE, PPTX, XLSX
from courses.kinds import rules_of
from courses.models import Lesson, Revision
from courses.queries import authoring as queries
from courses.rules.completing import read_completion
from courses.rules.releasing import read_release
from courses.rules.words import describe_completion, describe_release
from courses.services.authoring import rules as services
from courses.services.authoring.drafts import StaleEdit
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell
from lms.people.queries import list_audiences


@blueprint.get("/courses/write/<slug>/lessons/<key>/rules")
@requires("courses.write")
def write_rules(slug: str, key: str) -> ResponseReturnValue:
    """Show when a lesson of the draft counts as done and when it opens, to be changed."""
    draft = queries.get_draft_for(get_viewer(), slug)
    lesson = queries.get_lesson(draft, key)
    return _rules_page(_rules_form(draft, lesson), draft, lesson)


@blueprint.post("/courses/write/<slug>/lessons/<key>/rules")
@requires("courses.write")
def write_rules_save(slug: str, key: str) -> ResponseReturnValue:
    """Keep a lesson's rules."""
    draft = queries.get_draft_for(get_viewer(), slug)
    lesson = queries.get_lesson(draft, key)
    form = _rules_form(draft, lesson)
    if not form.validate():
        return _rules_page(form, draft, lesson, status=422)
    try:
        services.save_rules(
            draft, lesson, form.to_completion(), form.to_release(), form.seen.data or ""
        )
    except StaleEdit:
        form.seen.data = services.fingerprint(lesson)
        return _rules_page(form, draft, lesson, stale=True, status=409)
    db.session.commit()
    tell(_("Saved."))
    return redirect(url_for("courses.write_rules", slug=slug, key=key), 303)


@blueprint.get("/courses/write/<slug>/lessons/<key>/exercise")
@requires("courses.write")
def write_exercise(slug: str, key: str) -> ResponseReturnValue:
    """Show what may be handed in for an exercise and how it is marked, to be changed."""
    draft, lesson = _get_exercise(slug, key)
    return _exercise_page(ExerciseForm.of(lesson, name_types()), draft, lesson)


@blueprint.post("/courses/write/<slug>/lessons/<key>/exercise")
@requires("courses.write")
def write_exercise_save(slug: str, key: str) -> ResponseReturnValue:
    """Keep what may be handed in for an exercise, and its rubric."""
    draft, lesson = _get_exercise(slug, key)
    form = ExerciseForm.of(lesson, name_types())
    if not form.validate():
        return _exercise_page(form, draft, lesson, status=422)
    try:
        services.save_exercise(draft, lesson, form.to_edit(), form.seen.data or "")
    except StaleEdit:
        form.seen.data = services.fingerprint(lesson)
        return _exercise_page(form, draft, lesson, stale=True, status=409)
    db.session.commit()
    tell(_("Saved."))
    return redirect(url_for("courses.write_exercise", slug=slug, key=key), 303)


@blueprint.app_template_global()
def describe_rules(draft: Revision, lesson: Lesson) -> list[str]:
    """Return what a lesson's rules say, in sentences for its trainer."""
    completion = read_completion(lesson.completion, rules_of(lesson.kind, lesson.settings))
    release = read_release(lesson.release)
    audiences = _name_audiences() if release.audiences else {}
    opening = describe_release(release, _titles(draft), audiences, in_order=draft.in_order)
    return [describe_completion(completion), opening]


@blueprint.app_template_global("work_type_names")
def name_types(kinds: Sequence[str] = FILE_TYPES) -> dict[str, str]:
    """Return what kinds of files that may be handed in are called."""
    names = {
        DOCX: _("Word (.docx)"),
        PPTX: _("PowerPoint (.pptx)"),
        XLSX: _("Excel (.xlsx)"),
        PDF: _("PDF"),
        PICTURE: _("a picture (JPEG, PNG, WebP)"),
    }
    return {kind: names[kind] for kind in kinds}


def _get_exercise(slug: str, key: str) -> tuple[Revision, Lesson]:
    """Return an exercise of a draft that the viewer writes, or answer 404."""
    draft = queries.get_draft_for(get_viewer(), slug)
    lesson = queries.get_lesson(draft, key)
    if lesson.kind != "assignment":
        raise NotFound
    return draft, lesson


def _rules_form(draft: Revision, lesson: Lesson) -> RulesForm:
    return RulesForm.of(lesson, _titles(draft), _name_audiences())


def _titles(draft: Revision) -> Mapping[str, str]:
    return {lesson.key: lesson.title for module in draft.modules for lesson in module.lessons}


def _name_audiences() -> dict[str, str]:
    return {audience.key: audience.name for audience in list_audiences()}


def _rules_page(
    form: RulesForm, draft: Revision, lesson: Lesson, *, stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    return page(
        "courses/authoring/rules.html",
        form=form,
        draft=draft,
        lesson=lesson,
        stale=stale,
        status=status,
    )


def _exercise_page(
    form: ExerciseForm, draft: Revision, lesson: Lesson, *, stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    return page(
        "courses/authoring/exercise.html",
        form=form,
        draft=draft,
        lesson=lesson,
        stale=stale,
        status=status,
    )

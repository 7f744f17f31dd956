"""Modules and lessons of a draft: added, named, put in order, taken out."""

import json

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.forms.authoring import ModuleForm, NewLessonForm
from courses.models import Module, Revision
from courses.queries import authoring as queries
from courses.services.authoring import structure
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import page, tell

STEPS = {"up": structure.UP, "down": structure.DOWN}
#: The largest id that both databases take.
MODULE = "/courses/write/<slug>/modules/<int(max=2147483647):module_id>"


@blueprint.post("/courses/write/<slug>/modules")
@requires("courses.write")
def write_module_add(slug: str) -> ResponseReturnValue:
    """Add a module at the end."""
    draft = queries.get_draft_for(get_viewer(), slug)
    module = structure.add_module(draft, _asked_title())
    db.session.commit()
    return _back(slug, f"module-{module.id}")


@blueprint.post(MODULE)
@requires("courses.write")
def write_module_rename(slug: str, module_id: int) -> ResponseReturnValue:
    """Give a module another title."""
    draft, module = _module(slug, module_id)
    structure.rename_module(draft, module, _asked_title())
    db.session.commit()
    return _back(slug, f"module-{module_id}")


@blueprint.post(f"{MODULE}/move")
@requires("courses.write")
def write_module_move(slug: str, module_id: int) -> ResponseReturnValue:
    """Move a module one place up or down."""
    draft, module = _module(slug, module_id)
    structure.move_module(draft, module, _asked_step())
    db.session.commit()
    return _back(slug, f"module-{module_id}")


@blueprint.post(f"{MODULE}/delete")
@requires("courses.write")
def write_module_delete(slug: str, module_id: int) -> ResponseReturnValue:
    """Take a module and its lessons out of the draft."""
    draft, module = _module(slug, module_id)
    structure.delete_module(draft, module)
    db.session.commit()
    tell(_("The module is deleted from the draft."))
    return _back(slug)


@blueprint.route(f"{MODULE}/lessons", methods=["GET", "POST"])
@requires("courses.write")
def write_lesson_add(slug: str, module_id: int) -> ResponseReturnValue:
    """Add a lesson to a module, and go on to write it."""
    draft, module = _module(slug, module_id)
    form = NewLessonForm()
    if form.validate_on_submit():
        kind = str(form.kind.data)
        lesson = structure.add_lesson(draft, module, str(form.title.data), kind)
        db.session.commit()
        if kind != "quiz":
            return redirect(url_for("courses.write_lesson", slug=slug, key=lesson.key), 303)
        return _back(slug, f"module-{module_id}")
    return page(
        "courses/authoring/new_lesson.html",
        form=form,
        draft=draft,
        module=module,
        status=422 if form.errors else 200,
    )


@blueprint.post("/courses/write/<slug>/lessons/<key>/move")
@requires("courses.write")
def write_lesson_move(slug: str, key: str) -> ResponseReturnValue:
    """Move a lesson one place up or down, into the next module past an end."""
    draft = queries.get_draft_for(get_viewer(), slug)
    structure.move_lesson(draft, queries.get_lesson(draft, key), _asked_step())
    db.session.commit()
    return _back(slug, f"lesson-{key}")


@blueprint.post("/courses/write/<slug>/lessons/<key>/delete")
@requires("courses.write")
def write_lesson_delete(slug: str, key: str) -> ResponseReturnValue:
    """Take a lesson out of the draft."""
    draft = queries.get_draft_for(get_viewer(), slug)
    structure.delete_lesson(draft, queries.get_lesson(draft, key))
    db.session.commit()
    tell(_("The lesson is deleted from the draft."))
    return _back(slug)


@blueprint.post("/courses/write/<slug>/order")
@requires("courses.write")
def write_order(slug: str) -> ResponseReturnValue:
    """Put modules and lessons in the order in which they were dragged."""
    draft = queries.get_draft_for(get_viewer(), slug)
    structure.put_in_order(draft, _asked_order("seen"), _asked_order("order"))
    db.session.commit()
    return {"order": structure.read_order(draft)}


def _asked_order(name: str) -> structure.Order:
    """Return an order that the page sent as JSON. Raises Refused when it is none."""
    try:
        modules = json.loads(request.form.get(name, ""))
        order = [(module, list(keys)) for module, keys in modules]
    except (ValueError, TypeError, RecursionError):
        order = [(None, [])]
    if not all(type(m) is int and all(isinstance(k, str) for k in keys) for m, keys in order):
        raise Refused(_("The order could not be read. Reload the page and try again."))
    return order


def _module(slug: str, module_id: int) -> tuple[Revision, Module]:
    draft = queries.get_draft_for(get_viewer(), slug)
    return draft, queries.get_module(draft, module_id)


def _asked_title() -> str:
    """Return the title that the form brought. Raises Refused when it is none."""
    form = ModuleForm()
    if not form.validate():
        raise Refused(_("The title of a module has 1 to 200 characters."))
    return str(form.title.data)


def _asked_step() -> int:
    step = STEPS.get(request.form.get("step", ""))
    if step is None:
        raise Refused(_("Choose up or down."))
    return step


def _back(slug: str, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("courses.write_course", slug=slug, _anchor=anchor), 303)

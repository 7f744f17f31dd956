"""Modules repeated from other courses, and courses begun from others."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.queries import authoring as queries
from courses.queries.reusing import get_offering_course, list_reusable_modules
from courses.services import reusing
from courses.services.duplicating import duplicate_course
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import page, tell


@blueprint.get("/courses/write/<slug>/reuse")
@requires("courses.write")
def write_reuse(slug: str) -> ResponseReturnValue:
    """Offer the modules of other published courses."""
    draft = queries.get_draft_for(get_viewer(), slug)
    return page(
        "courses/authoring/reuse.html", draft=draft, modules=list_reusable_modules(draft.course)
    )


@blueprint.post("/courses/write/<slug>/reuse")
@requires("courses.write")
def write_reuse_module(slug: str) -> ResponseReturnValue:
    """Repeat a module of another course in the draft."""
    draft = queries.get_draft_for(get_viewer(), slug)
    origin = get_offering_course(request.form.get("course", ""))
    module = reusing.follow_module(draft, origin, request.form.get("module", ""))
    db.session.commit()
    tell(
        _("“%(title)s” is in the course. It is updated whenever its origin is.", title=module.title)
    )
    anchor = f"module-{module.id}"
    return redirect(url_for("courses.write_course", slug=slug, _anchor=anchor), 303)


@blueprint.post("/courses/write/<slug>/modules/<int:module_id>/cut")
@requires("courses.write")
def write_module_cut(slug: str, module_id: int) -> ResponseReturnValue:
    """Make a repeated module the course's own."""
    draft = queries.get_draft_for(get_viewer(), slug)
    reusing.cut_link(draft, queries.get_module(draft, module_id))
    db.session.commit()
    tell(_("The module is now this course's own, and no longer updated."))
    anchor = f"module-{module_id}"
    return redirect(url_for("courses.write_course", slug=slug, _anchor=anchor), 303)


@blueprint.post("/courses/write/<slug>/duplicate")
@requires("courses.write")
def write_duplicate(slug: str) -> ResponseReturnValue:
    """Begin a course from this one."""
    viewer = get_viewer()
    copy = duplicate_course(queries.get_course_for(viewer, slug), viewer.person_id)
    db.session.commit()
    tell(_("This is the copy. Give it a title of its own."))
    return redirect(url_for("courses.write_course", slug=copy.slug), 303)

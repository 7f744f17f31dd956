"""Confirming who took part: for trainers in their courses, for HR among its own people."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from courses.queries import confirming as queries
from courses.services import confirming as services
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import page, tell

#: The largest id that both databases take has fewer digits.
DIGITS = 9
LAST_PAGE = 10_000


@blueprint.get("/courses/attendance")
@requires("courses.confirm")
def confirming() -> ResponseReturnValue:
    """List the lessons whose learners the viewer may confirm."""
    return page("courses/authoring/confirming.html", sessions=queries.list_sessions(get_viewer()))


@blueprint.get("/courses/<slug>/attendance/<key>")
@requires("courses.confirm")
def confirm(slug: str, key: str) -> ResponseReturnValue:
    """Show the learners of a lesson by agency, to be confirmed."""
    viewer = get_viewer()
    session = queries.get_session(viewer, slug, key)
    number = min(_row_id(request.args.get("page", "")) or 1, LAST_PAGE)
    agency_id, text = _row_id(request.args.get("agency", "")), request.args.get("q", "")
    learners, total = queries.list_participants(
        viewer, slug, key, agency_id=agency_id, text=text, page=number
    )
    return page(
        "courses/authoring/confirm.html",
        session=session,
        learners=learners,
        listing={"page": number, "pages": max(1, -(-total // queries.PAGE_SIZE)), "total": total},
        agencies=queries.list_agencies(viewer, slug, key),
        agency_id=agency_id,
        text=text,
    )


@blueprint.post("/courses/<slug>/attendance/<key>")
@requires("courses.confirm")
def confirm_save(slug: str, key: str) -> ResponseReturnValue:
    """Keep who took part."""
    viewer = get_viewer()
    queries.get_session(viewer, slug, key)
    asked = [x for text in request.form.getlist("learner") if (x := _row_id(text)) is not None]
    found = queries.list_to_confirm(viewer, slug, key, asked)
    if not found:
        raise Refused(_("Choose who took part first."))
    number = services.confirm(found, viewer.person_id)
    db.session.commit()
    tell(ngettext("%(num)s person confirmed.", "%(num)s people confirmed.", number))
    return redirect(url_for("courses.confirm", slug=slug, key=key, **_filters()), 303)


def _row_id(text: str) -> int | None:
    """Return the id that a form or an address names; None when it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def _filters() -> dict[str, Any]:
    """Return what the list was narrowed to, to come back to."""
    return {name: value for name in ("agency", "q") if (value := request.form.get(name))}

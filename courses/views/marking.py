"""Marking the work of learners: the queue, and one piece of work by its rubric."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.forms.marking import MarkForm, mark_form
from courses.lesson_text import normalise
from courses.outline import get_outline, lesson_html
from courses.queries import handing_in as queries
from courses.queries.handing_in import Marking
from courses.rubric import most_points, read_pass_points, read_rubric
from courses.services import handing_in
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import page, tell

DECISIONS = {"accept": handing_in.accept, "return": handing_in.hand_back}


@blueprint.get("/courses/marking")
@requires("courses.mark")
def marking() -> ResponseReturnValue:
    """List the work that waits for the viewer, the oldest first."""
    viewer = get_viewer()
    total = queries.count_waiting(viewer)
    pages = max(1, -(-total // queries.PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page(
        "courses/authoring/marking.html",
        works=queries.list_waiting(viewer, number),
        listing={"page": number, "pages": pages, "total": total},
    )


@blueprint.get("/courses/marking/<int:hand_in_id>")
@requires("courses.mark")
def mark(hand_in_id: int) -> ResponseReturnValue:
    """Show a piece of work with its rubric, or how it was marked."""
    found = queries.get_marking(get_viewer(), hand_in_id)
    return _mark_page(found, mark_form(read_rubric(found.lesson.settings)))


@blueprint.post("/courses/marking/<int:hand_in_id>")
@requires("courses.mark")
def mark_decide(hand_in_id: int) -> ResponseReturnValue:
    """Mark a piece of work, and accept it or hand it back."""
    found = queries.get_marking(get_viewer(), hand_in_id)
    form = mark_form(read_rubric(found.lesson.settings))
    if not form.validate():
        return _mark_page(found, form, status=422)
    try:
        _decide(found, form)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors = [refusal.message]
        again = queries.get_marking(get_viewer(), hand_in_id)
        return _mark_page(again, form, status=refusal.status)
    db.session.commit()
    tell(_("The work is marked. Its learner is told by mail."))
    return redirect(url_for("courses.marking"), 303)


def _decide(found: Marking, form: MarkForm) -> None:
    """Do what the pressed button says. Raises Refused."""
    decide = DECISIONS.get(request.form.get("decision", ""))
    if decide is None:
        raise Refused(_("Press one of the two buttons: accept the work, or hand it back."))
    comment = normalise(form.comment.data or "").strip()
    decide(found.hand_in, get_viewer().person_id, form.to_given(), comment)


def _mark_page(found: Marking, form: MarkForm, *, status: int = 200) -> ResponseReturnValue:
    rubric = read_rubric(found.lesson.settings)
    item = get_outline(found.enrolment.revision_id).get_lesson(found.lesson.key)
    return page(
        "courses/authoring/marking_work.html",
        found=found,
        form=form,
        most_points=most_points(rubric),
        asked=lesson_html(item, found.enrolment.revision_id),
        pass_points=read_pass_points(found.lesson.settings),
        status=status,
    )

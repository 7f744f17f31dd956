"""Assigning a course to an agency's people."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from courses import queries
from courses.forms import AssignForm
from courses.services import enrolling
from courses.views import blueprint
from lms.agencies.models import KINDS
from lms.agencies.queries import get_agency, options_under
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.pages import page, tell
from lms.people.queries import list_audiences

#: Too many to list; people in schools and units are reached through what is above them.
NOT_LISTED = ("school", "unit", "district")


@blueprint.route("/courses/assign", methods=["GET", "POST"])
@requires("courses.assign")
def assign() -> ResponseReturnValue:
    """Ask a course of an agency's people by a day."""
    viewer, form = get_viewer(), _assign_form()
    if form.validate_on_submit():
        course = queries.find_course(str(form.course.data))
        assert course is not None  # one of the form's choices
        try:
            outcome = enrolling.assign(
                course,
                get_agency(form.agency.data),
                due_on=form.due_on.data,
                audience_key=form.audience.data or None,
                assigned_by_id=viewer.person_id,
            )
        except Refused as refusal:
            form.form_errors = [refusal.message]
        else:
            db.session.commit()
            tell(
                ngettext("%(num)s person enrolled.", "%(num)s people enrolled.", outcome.enrolled)
                + " "
                + _("%(n)s were in it already.", n=outcome.already)
            )
            return redirect(url_for("courses.assign"), 303)
    return page("courses/assign.html", form=form, status=422 if form.errors else 200)


def _assign_form() -> AssignForm:
    form = AssignForm()
    form.course.choices = [(card.slug, card.title) for card in queries.list_catalogue()]
    kinds = [kind for kind in KINDS if kind not in NOT_LISTED]
    roots = get_viewer().roots("courses.assign")
    listed = options_under(roots, kinds) or options_under(roots, KINDS)
    form.agency.choices = [(agency.id, agency.name) for agency in listed]
    audiences = [(audience.key, audience.name) for audience in list_audiences()]
    form.audience.choices = [("", _("Everyone")), *audiences]
    return form

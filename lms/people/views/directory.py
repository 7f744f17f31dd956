"""The directory of people in one's scope, and what HR does for one of them."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.agencies.models import Agency
from lms.agencies.queries import find_by_code, get_agency, is_within
from lms.core.access import ROLES, get_viewer, requires
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.numbers import asked_number, asked_page
from lms.core.pages import page, tell
from lms.people import queries
from lms.people.forms import GrantForm
from lms.people.models import RoleGrant
from lms.people.services import activation, roles
from lms.people.views import blueprint

#: Sheets that one print job may reasonably hold; the next call makes the rest.
MOST_LETTERS = 200


@blueprint.get("/people/")
@requires("people.view")
def index() -> ResponseReturnValue:
    """List the people of the viewer's agencies, by given name."""
    viewer, text = get_viewer(), request.args.get("q", "").strip()
    agency_id, number = asked_number("agency"), asked_page()
    rows, total = queries.list_people(viewer, text, agency_id, number)
    agency = None
    if agency_id is not None and is_within(agency_id, viewer.roots("people.view")):
        agency = get_agency(agency_id)
    return page(
        "people/index.html",
        rows=rows,
        total=total,
        text=text,
        agency=agency,
        number=number,
        pages=-(-total // queries.PAGE_SIZE),
    )


@blueprint.get("/people/<int:person_id>")
@requires("people.view")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person: posts, audiences, roles."""
    person = queries.get_person_for(get_viewer(), person_id)
    return page(
        "people/show.html",
        person=person,
        memberships=queries.list_memberships(person.id),
        audiences=queries.list_audiences_of(person.id),
        grants=queries.list_grants(person.id),
        form=_grant_form() if get_viewer().may("people.grant") else None,
    )


@blueprint.post("/people/<int:person_id>/letter")
@requires("people.activate")
def issue_letter(person_id: int) -> ResponseReturnValue:
    """Make a new activation code and show the letter to print, this once."""
    person = queries.get_person_for(get_viewer(), person_id, "people.activate")
    letters = activation.issue_codes([person])
    db.session.commit()
    return page("people/letters.html", letters=letters, activate_url=_activate_url())


@blueprint.post("/people/letters")
@requires("people.activate")
def issue_letters() -> ResponseReturnValue:
    """Make letters for those of an agency who have no password yet, to print at once."""
    people = queries.list_without_account(get_viewer(), asked_number("agency"), MOST_LETTERS)
    if not people:
        raise Refused(_("Everyone here has an account already."))
    letters = activation.issue_codes(people)
    db.session.commit()
    return page("people/letters.html", letters=letters, activate_url=_activate_url())


@blueprint.post("/people/<int:person_id>/roles")
@requires("people.grant")
def grant_role(person_id: int) -> ResponseReturnValue:
    """Grant a role in an agency's subtree until a day."""
    person = queries.get_person_for(get_viewer(), person_id, "people.grant")
    form = _grant_form()
    if not form.validate_on_submit():
        raise Refused(_("Choose a role, and a date like 2026-12-31."))
    roles.grant_role(
        person,
        str(form.role.data),
        _agency_with(str(form.agency.data or "")),
        until=form.until.data,
        granted_by_id=get_viewer().person_id,
    )
    db.session.commit()
    tell(_("The role is granted. The person signs in again to use it."))
    return redirect(url_for("people.show", person_id=person.id), 303)


@blueprint.post("/people/<int:person_id>/roles/<int:grant_id>/end")
@requires("people.grant")
def end_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    person = queries.get_person_for(get_viewer(), person_id, "people.grant")
    grant = db.first_or_404(
        db.select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.person_id == person.id)
    )
    roles.end_role(grant)
    db.session.commit()
    tell(_("The role has ended."))
    return redirect(url_for("people.show", person_id=person.id), 303)


@blueprint.post("/people/<int:person_id>/deactivate")
@requires("people.grant")
def deactivate(person_id: int) -> ResponseReturnValue:
    """Close an account; the records stay."""
    person = queries.get_person_for(get_viewer(), person_id, "people.grant")
    roles.deactivate(person)
    db.session.commit()
    tell(_("The account is closed. Its records stay."))
    return redirect(url_for("people.show", person_id=person.id), 303)


def _grant_form() -> GrantForm:
    form = GrantForm()
    names = {
        "trainer": _("Trainer"),
        "hr": _("HR of an agency"),
        "lead": _("Provincial lead"),
        "admin": _("Administrator"),
    }
    form.role.choices = [(role, names[role]) for role in ROLES if role in names]
    return form


def _activate_url() -> str:
    return url_for("people.activate", _external=True)


def _agency_with(code: str) -> Agency | None:
    """Return the agency with this code; None, the whole province, for no code."""
    agency = find_by_code(code) if code else None
    if code and agency is None:
        raise Refused(_("There is no agency with the code %(code)s.", code=code))
    return agency

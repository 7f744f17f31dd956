"""Signing in and out, activation, one's own password."""

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from lms.core import audit
from lms.core.access import get_viewer, late_write, public, requires
from lms.core.db import begin_write, db
from lms.core.errors import Refused
from lms.core.landing import landing_for
from lms.core.pages import local_path, page, tell
from lms.people import queries
from lms.people.forms import (
    ActivationCodeForm,
    ChangePasswordForm,
    NewPasswordForm,
    SignInForm,
)
from lms.people.models import Person
from lms.people.services import activation, passwords
from lms.people.services import sign_in as signing_in
from lms.people.views import blueprint


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@late_write
def sign_in() -> ResponseReturnValue:
    """Ask for user name and password; start a session."""
    if current_user.is_authenticated:
        return redirect(landing_for(get_viewer()), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return page("people/sign_in.html", form=form, status=422 if form.errors else 200)
    username, address = str(form.username.data), request.remote_addr or ""
    signing_in.refuse_when_tried_too_often(address, username)
    person = queries.find_by_username(username)
    # The slow hash is computed before the writing transaction, which others wait for.
    right = passwords.matches(person.password_hash if person else None, str(form.password.data))
    begin_write()
    if person is None or not right:
        return _refuse_sign_in(form, username, address)
    viewer = signing_in.sign_in(person)
    db.session.commit()
    return redirect(local_path(request.args.get("next")) or landing_for(viewer), 303)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session here and now."""
    if current_user.is_authenticated:
        audit.record("people.signed_out", f"person:{get_viewer().person_id}")
        db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"), 303)


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate() -> ResponseReturnValue:
    """Ask for the code from the letter."""
    form = ActivationCodeForm()
    if not form.validate_on_submit():
        return page("people/activate.html", form=form, status=422 if form.errors else 200)
    signing_in.refuse_when_tried_too_often(request.remote_addr or "")
    try:
        activation.find_person(str(form.code.data))
    except Refused as refusal:
        signing_in.note_failure("activation", request.remote_addr or "")
        db.session.commit()
        form.code.errors = (refusal.message,)
        return page("people/activate.html", form=form, status=422)
    session["activation_code"] = form.code.data
    return redirect(url_for("people.set_password"), 303)


@blueprint.route("/activate/password", methods=["GET", "POST"])
@public
def set_password() -> ResponseReturnValue:
    """Let the holder of a code choose a password, and sign them in."""
    code = session.get("activation_code")
    if code is None:
        return redirect(url_for("people.activate"), 303)
    form, person = NewPasswordForm(), activation.find_person(code)
    if form.validate_on_submit():
        try:
            activation.activate(code, str(form.password.data))
        except Refused as refusal:
            form.password.errors = (refusal.message,)
        else:
            viewer = signing_in.sign_in(person)
            db.session.commit()
            return redirect(landing_for(viewer), 303)
    status = 422 if form.errors else 200
    return page("people/set_password.html", form=form, person=person, status=status)


@blueprint.route("/people/me", methods=["GET", "POST"])
@requires("people.account")
def account() -> ResponseReturnValue:
    """Show one's own record and let the password be changed."""
    person = db.get_or_404(Person, get_viewer().person_id)
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            activation.change_password(person, str(form.present.data), str(form.password.data))
        except Refused as refusal:
            form.form_errors = [refusal.message]
        else:
            signing_in.sign_in(person)
            db.session.commit()
            tell(_("Your password has been changed. Other devices are signed out."))
            return redirect(url_for("people.account"), 303)
    return page(
        "people/account.html",
        form=form,
        person=person,
        memberships=queries.list_memberships(person.id),
        status=422 if form.errors else 200,
    )


def _refuse_sign_in(form: SignInForm, username: str, address: str) -> ResponseReturnValue:
    signing_in.note_failure(username, address)
    db.session.commit()
    form.form_errors = [_("The user name or the password is not right. Please check both.")]
    return page("people/sign_in.html", form=form, status=401)

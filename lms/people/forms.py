"""Forms about people."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, Optional

from lms.core.forms import Form, at_most, required


class SignInForm(Form):
    """Staff code, e-mail or phone, and password."""

    username = StringField(
        _l("Staff code, e-mail or phone number"),
        [required(), at_most(120)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Password"), [required(), at_most(128)], render_kw={"autocomplete": "current-password"}
    )


class ActivationCodeForm(Form):
    """The code from the letter."""

    code = StringField(
        _l("Activation code"),
        [required(), at_most(40)],
        description=_l("12 letters and digits, printed in the letter from your agency."),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters"},
    )


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(
        _l("New password"),
        [required(), at_most(128)],
        description=_l("At least 8 characters. A short sentence is good."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password, once more"),
        [required(), EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password first."""

    present = PasswordField(
        _l("Present password"), [required()], render_kw={"autocomplete": "current-password"}
    )


class RosterForm(Form):
    """A roster file and the agency it is for."""

    agency = SelectField(_l("Agency"), [required()], coerce=int)
    file = FileField(
        _l("Roster file"),
        [FileRequired(_l("Choose a file first."))],
        description=_l("Excel (.xlsx) or CSV, as your agency keeps it. At most 32 MB."),
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )


class GrantForm(Form):
    """A role, where and until when."""

    role = SelectField(_l("Role"), [required()])
    agency = StringField(
        _l("Code of the agency"),
        [Optional(), at_most(40)],
        description=_l("As on the page of the agency. Empty: the whole province."),
    )
    until = DateField(_l("Last day"), [Optional()])

"""The form with which a course is assigned."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from lms.core.forms import Form, required


class AssignForm(Form):
    """A course, an agency, perhaps an audience, and a day."""

    course = SelectField(_l("Course"), [required()])
    agency = SelectField(_l("Agency"), [required()], coerce=int)
    audience = SelectField(_l("Audience"), [Optional()])
    due_on = DateField(_l("Due on"), [required()])

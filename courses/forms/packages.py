"""What a trainer decides on a package."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from lms.core.forms import Form


class PackageForm(Form):
    """Whether the package's own word makes its lesson done."""

    score_completes = BooleanField(_l("The package itself says when the lesson is done"))
    #: What it was on the page: "yes" or "".
    was = HiddenField()

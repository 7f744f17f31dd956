"""Forms with which drafts are put before a second person."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from courses.formats.packed import SUMMARY_LENGTH
from lms.core.forms import Form, at_most, required


class AskReviewForm(Form):
    """What the writer says to the reviewer."""

    seen = HiddenField()
    note = TextAreaField(
        _l("A word to the reviewer"),
        [at_most(SUMMARY_LENGTH)],
        description=_l("What is new, and what you are unsure of."),
        render_kw={"rows": 3},
    )


class DecideForm(Form):
    """What the reviewer says to the writer."""

    seen = HiddenField()
    comment = TextAreaField(
        _l("A word to the writer"),
        [at_most(SUMMARY_LENGTH)],
        description=_l("Needed when you hand the draft back: what has to change, and where."),
        render_kw={"rows": 4},
    )


class HandBackForm(DecideForm):
    """The same, where the writer has to be told something."""

    comment = TextAreaField(
        _l("A word to the writer"),
        [required(), at_most(SUMMARY_LENGTH)],
        description=_l("Needed when you hand the draft back: what has to change, and where."),
        render_kw={"rows": 4},
    )

"""Forms about certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from lms.core.forms import Form, at_most, required
from lms.core.text import clean


class RevokeForm(Form):
    """Why a certificate is void."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[lambda text: clean(text or "")],
        validators=[required(), at_most(500)],
        description=_l("Whoever checks the certificate will read it."),
        render_kw={"rows": 3},
    )

"""Forms: Flask-WTF with the product's own habits."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from lms.core.text import clean


class Form(FlaskForm):
    """A form whose texts are cleaned (NFC, no stray spaces) before they are checked."""

    class Meta(FlaskForm.Meta):
        """Clean every text field as it comes in, unless it says otherwise."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the cleaning filter to single-line text fields."""
            if unbound_field.field_class.__name__ in ("StringField", "EmailField", "TelField"):
                filters = list(unbound_field.kwargs.get("filters", ()))
                options["filters"] = [*filters, cleaned]
            return super().bind_field(form, unbound_field, options)


def required() -> InputRequired:
    """Return the validator of a field that must be filled in."""
    return InputRequired(_l("Please fill this in."))


def at_most(characters: int) -> Length:
    """Return the validator of a text's length."""
    return Length(max=characters, message=_l("At most %(max)d characters, please."))


def cleaned(value: Any) -> Any:
    """Return a text cleaned (the filter of text fields); anything else as it is."""
    # What a page fills in by itself may be no text; what a person types always is.
    return clean(value) if isinstance(value, str) else value

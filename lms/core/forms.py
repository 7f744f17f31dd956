"""Forms: Flask-WTF with the product's own habits."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length, StopValidation

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


class Required(InputRequired):
    """Something other than blanks must have been filled in."""

    def __call__(self, form: Any, field: Any) -> None:
        """Stop at an empty field, and at one of blanks alone."""
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            raise StopValidation(str(self.message))


def required() -> Required:
    """Return the validator of a field that must be filled in."""
    return Required(_l("Please fill this in."))


def at_most(characters: int) -> Length:
    """Return the validator of a text's length."""
    return Length(max=characters, message=_l("At most %(max)d characters, please."))


def cleaned(value: Any) -> Any:
    """Return a text cleaned (the filter of text fields); anything else as it is."""
    # What a page fills in by itself may be no text; what a person types always is.
    return clean(value) if isinstance(value, str) else value

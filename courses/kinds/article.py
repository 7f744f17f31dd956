"""A text to read. Done when the reader says so at its end."""

from flask_babel import lazy_gettext as _l

LABEL = _l("Reading")
RULES = ("read", "minutes", "confirmed")
ENDPOINT = "courses.lesson"

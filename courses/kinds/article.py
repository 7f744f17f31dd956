"""A text to read. Done when the reader says so at its end."""

from flask_babel import lazy_gettext as _l

LABEL = _l("Reading")
#: The learner marks it done.
DONE_BY_LEARNER = True
#: The endpoint that shows it, with ``slug`` and ``key``.
ENDPOINT = "courses.lesson"

"""A quiz. Done when an attempt passes, which quizzes announce by ``complete_step``."""

from flask_babel import lazy_gettext as _l

LABEL = _l("Quiz")
RULES = ("quiz",)
ENDPOINT = "quizzes.show"

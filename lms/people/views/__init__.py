"""Pages about people: one's own account, the directory, rosters."""

from flask import Blueprint

blueprint = Blueprint("people", __name__, template_folder="../templates")

from lms.people.views import account, directory, roster  # noqa: E402, F401 - they add their routes

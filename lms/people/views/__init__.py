"""Pages about people: one's own account, the directory, rosters."""

from flask import Blueprint

blueprint = Blueprint("people", __name__, template_folder="../templates")

from lms.people.views import (  # noqa: E402 - they add their routes
    account,
    directory,
    roster,
)

__all__ = ["account", "blueprint", "directory", "roster"]

"""Where each role starts: the first page whose permission the viewer holds."""

from flask import current_app, url_for

from lms.core.access import Viewer

_landings: list[tuple[str, str]] = []


def add_landing(permission: str, endpoint: str) -> None:
    """Make an endpoint the first page of those who hold the permission.

    Landings are asked in the order they were added.
    """
    _landings.append((permission, endpoint))


def landing_for(viewer: Viewer) -> str:
    """Return the address of the viewer's first page."""
    for permission, endpoint in _landings:
        if viewer.may(permission) and endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("courses.home")

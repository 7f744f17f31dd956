"""Pages: view = endpoint = template. What every template knows is set here."""

import json
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    flash,
    get_flashed_messages,
    has_request_context,
    make_response,
    request,
    send_from_directory,
    url_for,
)
from flask import render_template as render
from flask_login import current_user
from jinja2 import StrictUndefined

from lms.core.access import Viewer, get_viewer, public
from lms.core.i18n import locale_code

#: Encodings that the front-end build leaves beside a text file, the smaller first.
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
STATIC = Path(__file__).resolve().parent.parent / "static"
BUILD = STATIC / "build"


@dataclass(frozen=True)
class NavEntry:
    """An entry of the main navigation, for those who hold its permission."""

    permission: str
    endpoint: str
    label: Any  # a lazy string
    icon: str
    #: Beginnings of the endpoints that it stands for.
    covers: tuple[str, ...]


@dataclass(frozen=True)
class NavItem:
    """An entry as one page shows it."""

    endpoint: str
    label: str
    url: str
    icon: str
    current: bool


_nav: list[NavEntry] = []


def set_nav(entries: Iterable[NavEntry]) -> None:
    """Set the main navigation, in its order."""
    _nav[:] = entries


def init_app(app: Flask) -> None:
    """Set what every template may use, and fail loudly on what is not set."""
    app.view_functions["static"] = send_asset
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, get_messages=_messages)
    app.context_processor(_shared)


def page(template: str, *, status: int = 200, **context: object) -> Response:
    """Render a template as the answer."""
    return make_response(render(template, **context), status)


def tell(message: str, tone: str = "success") -> None:
    """Leave a message (success, info or error) for the next page the person sees."""
    flash(message, tone)


def asset(name: str) -> str:
    """Return the address of a built asset, whose name carries its content's hash."""
    return url_for("static", filename=f"build/{built_name(name)}")


def built_name(name: str) -> str:
    """Return the name under which a built asset lies in BUILD."""
    return _manifest()[name]


@public
def send_asset(filename: str) -> Response:
    """Send a static file, in the smallest form that was built and the browser takes."""
    for encoding, suffix in ENCODINGS:
        if request.accept_encodings[encoding] > 0 and (STATIC / f"{filename}{suffix}").is_file():
            response = send_from_directory(STATIC, filename + suffix, mimetype=_type_of(filename))
            response.headers["Content-Encoding"] = encoding
            response.headers["Vary"] = "Accept-Encoding"
            return response
    return send_from_directory(STATIC, filename)


def local_path(target: str | None) -> str | None:
    """Return the address when it stays on this site, else None (no open redirects)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return None if any(ord(c) < 32 or c == "\\" for c in target) else target


def _type_of(filename: str) -> str:
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


@lru_cache
def _manifest() -> dict[str, str]:
    manifest: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    return manifest


def _messages() -> list[tuple[str, str]]:
    return list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type]


def _shared() -> dict[str, object]:
    signed_in = has_request_context() and current_user.is_authenticated  # mail has no viewer
    viewer: Viewer | None = get_viewer() if signed_in else None
    return {
        "viewer": viewer,
        "nav": _nav_for(viewer) if viewer else [],
        "locale": locale_code(),
    }


def _nav_for(viewer: Viewer) -> list[NavItem]:
    here = request.endpoint or ""
    return [
        NavItem(e.endpoint, str(e.label), url_for(e.endpoint), e.icon, here.startswith(e.covers))
        for e in _nav
        if viewer.may(e.permission)
    ]

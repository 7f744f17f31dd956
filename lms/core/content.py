"""The content origin: a host of its own for what the product does not trust.

Packages that trainers bring run scripts of strangers. They are served from
LMS_CONTENT_ORIGIN alone: on that host there is nothing but what ``route`` adds here, no
session is opened, no cookie comes in or goes out; on the product's host none of these
addresses exist. See docs/adr/0017.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from lms.core.errors import Refused

log = logging.getLogger(__name__)

Answer = Callable[..., Response]

#: Stands in LMS_CONTENT_ORIGIN for a label of each package's own.
ANY_LABEL = "*."
#: What a frame with a package may do, in its own page's words and in the answer's.
SANDBOX = "allow-scripts allow-same-origin allow-forms"
_DEFAULT_PORTS = {"http": "80", "https": "443"}

#: Not merged: two slashes in a row are part of a name that no package has.
_rules = Map(merge_slashes=False, strict_slashes=False)
_answers: dict[str, Answer] = {}


def route(rule: str, method: str = "GET") -> Callable[[Answer], Answer]:
    """Add an address to the content host. The function takes the request and the variables."""

    def add(answer: Answer) -> Answer:
        name = f"{answer.__module__}.{answer.__qualname__}"
        _answers[name] = answer
        _rules.add(Rule(rule, endpoint=name, methods=(method,)))
        return answer

    return add


def init_app(app: Flask) -> None:
    """Put the content host before the product. What trusts a proxy goes around both."""
    app.wsgi_app = _Hosts(app, app.wsgi_app)  # type: ignore[method-assign]


def content_origin(label: str) -> str:
    """Return the origin that serves what belongs under a label, like a package's hash."""
    origin = str(current_app.config["LMS_CONTENT_ORIGIN"])
    return origin.replace(ANY_LABEL, f"{label}.", 1)


def is_content_host(host: str, origin: str, label: str = "") -> bool:
    """Tell whether a request's host is the content origin's; of this label, when one is given."""
    parts = urlsplit(origin)
    wanted = _with_port(parts.netloc, parts.scheme)
    given = _with_port(host, parts.scheme)
    if not wanted.startswith(ANY_LABEL):
        return given == wanted
    first, _dot, rest = given.partition(".")
    return rest == wanted.removeprefix(ANY_LABEL) and (first == label if label else bool(first))


class _Hosts:
    """Sends each request to the content host's answers or to the product, by its Host."""

    def __init__(self, app: Flask, product: Any) -> None:
        self._app = app
        self._product = product

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if not is_content_host(request.host, self._app.config["LMS_CONTENT_ORIGIN"]):
            answer: Iterable[bytes] = self._product(environ, start_response)
            return answer
        # Whatever runs below cannot know who asks.
        environ.pop("HTTP_COOKIE", None)
        with self._app.app_context():
            response = _answer(Request(environ))
            _add_headers(request, response)
        return response(environ, start_response)


def _answer(request: Request) -> Response:
    try:
        name, values = _rules.bind_to_environ(request.environ).match()
        return _answers[name](request, **values)
    except HTTPException as error:
        return _plain(error.code or 404)
    except OperationalError:
        log.warning("database busy on the content host")
        return _plain(503)
    except Refused as refusal:
        return _plain(refusal.status)
    except Exception:
        log.exception("unexpected error on the content host: %s", request.path)
        return _plain(500)


def _plain(status: int) -> Response:
    """Answer in few words: nobody reads these pages but those who typed the address."""
    product = current_app.config["LMS_BASE_URL"]
    return Response(f"{status}\n{product}\n", status, mimetype="text/plain")


def _add_headers(request: Request, response: Response) -> None:
    product = urlsplit(str(current_app.config["LMS_BASE_URL"]))
    headers = response.headers
    headers["Content-Security-Policy"] = (
        f"sandbox {SANDBOX}; default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
        "connect-src 'self' data: blob:; form-action 'none'; base-uri 'self'; "
        f"frame-ancestors 'self' {product.scheme}://{product.netloc}"
    )
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = (
        "camera=(), microphone=(), geolocation=(), display-capture=(), fullscreen=(), unload=(self)"
    )
    headers["Origin-Agent-Cluster"] = "?1"
    headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"


def _with_port(netloc: str, scheme: str) -> str:
    host, colon, port = netloc.lower().partition(":")
    return f"{host}:{port if colon else _DEFAULT_PORTS.get(scheme, '')}"

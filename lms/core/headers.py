"""Security headers of every answer."""

from flask import Flask, Response, g, request

#: No inline script or style anywhere; nothing from another origin.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; worker-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
A_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    """Add the headers after each request."""
    app.after_request(_add_headers)


def allow_frame(origin: str) -> None:
    """Let the answer to this request show frames of one origin."""
    g.frame_origin = origin


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if (frame_origin := g.pop("frame_origin", None)) is not None:
        headers["Content-Security-Policy"] += f"; frame-src {frame_origin}"
        # Packages say their last words in an "unload", which browsers are giving up.
        headers["Permissions-Policy"] += f', unload=(self "{frame_origin}")'
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.path.startswith("/static/build/") and response.status_code < 400:
        headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        headers.setdefault("Cache-Control", "no-store")
    return response

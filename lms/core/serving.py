"""Kept files sent to browsers: in blocks, by ranges, and never as a page that could act."""

from flask import Response, request
from werkzeug import Request
from werkzeug import Response as Base
from werkzeug.datastructures import ContentRange

from lms.core import storage

#: What browsers show in the page; everything else is a download.
SHOWN = ("image/", "video/", "audio/", "application/pdf", "text/vtt")
#: Opened by itself, a file runs nothing and asks for nothing, whatever is in it.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
#: Browsers refuse to show a PDF in a sandbox; their viewers are sandboxes of their own.
SANDBOXED_POLICY = f"{POLICY}; sandbox"
#: A file under its hash never changes.
FOREVER = "private, max-age=31536000, immutable"
#: Small texts are sent whole: they may be compressed on the way, which no range survives.
SENT_WHOLE = ("image/", "text/")


def send_kept(
    key: str, content_type: str, name: str, sha256: str, *, download: bool = False
) -> Response:
    """Answer a GET or HEAD with what is kept under the key, or with the range asked for.

    Ranges, If-Range and If-None-Match are those of RFC 9110, sections 13 and 14; the tag is
    the SHA-256. ``download`` asks for a download of what would be shown. Raises
    FileNotFoundError when nothing is kept, and answers 416 to a range outside the file.
    """
    length = storage.size(key)
    response = Response(mimetype=content_type)
    _describe(response, content_type, name, download=download)
    response.set_etag(sha256)
    fill(request, response, key, length, ranges=not content_type.startswith(SENT_WHOLE))
    return response


def fill(request: Request, response: Base, key: str, length: int, *, ranges: bool = True) -> None:
    """Put what is kept under a key, or the range asked for, into a tagged response.

    What the browser has already becomes 304, a range outside the file the bare 416 that
    players expect. Raises FileNotFoundError when nothing is kept.
    """
    tag = str(response.get_etag()[0])
    if request.if_none_match.contains(tag):
        response.status_code = 304
        return
    if ranges:
        response.headers["Accept-Ranges"] = "bytes"
    wanted = _wanted(request, tag, length) if ranges else (0, length)
    if wanted is None:
        response.status_code = 416
        response.content_range = ContentRange("bytes", None, None, length)
        return
    start, end = wanted
    if (start, end) != (0, length):
        response.status_code = 206
        response.content_range = ContentRange("bytes", start, end, length)
    response.content_length = end - start
    if request.method != "HEAD":
        response.response = storage.open_range(key, start, end)


def _describe(response: Response, content_type: str, name: str, *, download: bool) -> None:
    shown = content_type.startswith(SHOWN) and not download
    headers = response.headers
    headers.set("Content-Disposition", "inline" if shown else "attachment", filename=name)
    headers["Content-Security-Policy"] = (
        POLICY if content_type == "application/pdf" else SANDBOXED_POLICY
    )
    headers["Cache-Control"] = FOREVER


def _wanted(request: Request, tag: str, length: int) -> tuple[int, int] | None:
    """Return the first byte to send and the one after the last; None when outside the file."""
    asked = request.range
    # If-Range names the content that the browser has a part of.
    still_fits = "If-Range" not in request.headers or request.if_range.etag == tag
    if asked is None or request.method == "HEAD" or not still_fits:
        return 0, length
    if asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, length
    return asked.range_for_length(length)

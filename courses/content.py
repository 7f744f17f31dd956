"""What the content host serves: the files of packages, and the page that plays one.

An address holds a signed token: which package, for whom, until when. It opens the files
of that package and nothing else, and expires by itself; nobody's session is asked.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug import Request, Response
from werkzeug.exceptions import NotFound
from werkzeug.utils import send_from_directory

from courses.queries.packages import PackageFiles, find_files
from lms.core import content, pages, storage
from lms.core.clock import now
from lms.core.serving import fill

#: Seconds. Within a slot the addresses stay the same, so that browsers keep what they have;
#: they end with the slot after the next.
SLOT = 4 * 3600
SLOTS = 2
#: What a text may weigh to be packed before it is sent, in bytes.
MOST_PACKED = 4 * 1024**2
#: The player's own files and those of the libraries it uses.
PLAYER_ASSETS = ("player-", "h5p-player/")

#: By ending; whatever else a package holds is bytes to a browser.
CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".xml": "text/xml",
    ".xsd": "text/xml",
    ".dtd": "application/xml-dtd",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".srt": "text/plain",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".ico": "image/x-icon",
    ".cur": "image/x-icon",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".wav": "audio/wav",
    ".pdf": "application/pdf",
    ".wasm": "application/wasm",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".eot": "application/vnd.ms-fontobject",
}
UNKNOWN = "application/octet-stream"
_PACKED = ("text/", "application/json", "application/xhtml", "image/svg", "application/wasm")


@dataclass(frozen=True)
class Grant:
    """What a token opens."""

    sha256: str
    #: Makes each person's addresses their own; it says nothing to anyone.
    who: str
    #: Seconds since 1970, UTC.
    until: int


def package_address(sha256: str, who: str) -> str:
    """Return the address under which a package's files lie for some hours, without a slash."""
    until = (int(now().timestamp()) // SLOT + SLOTS) * SLOT
    token = _signer("files").dumps([sha256, who, until])
    return f"{content.content_origin(label_of(sha256))}/content/{token}"


def last_words_address(enrolment_id: int, lesson_id: int, sha256: str) -> str:
    """Return where a package that is being closed may still report, for some hours."""
    until = (int(now().timestamp()) // SLOT + SLOTS) * SLOT
    token = _signer("last words").dumps([enrolment_id, lesson_id, until])
    return f"{content.content_origin(label_of(sha256))}/last-words/{token}"


def read_last_words_token(token: str) -> tuple[int, int]:
    """Return the enrolment and the lesson of such an address. Raises NotFound."""
    enrolment_id, lesson_id, until = _load("last words", token)
    if until < now().timestamp():
        raise NotFound
    return enrolment_id, lesson_id


def origin_of(address: str) -> str:
    """Return the origin of a package's address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def label_of(sha256: str) -> str:
    """Return a package's own host name, where each has one."""
    return f"p{sha256[:32]}"


def read_token(token: str) -> Grant:
    """Return what a token opens. Raises NotFound when it is forged or its time is over."""
    sha256, who, until = _load("files", token)
    if until < now().timestamp():
        raise NotFound
    return Grant(sha256, who, until)


@content.route("/content/<token>")
def play(request: Request, token: str) -> Response:
    """Answer the page that plays a package: our own, in the package's origin."""
    _files_of(request, token)
    standard = request.args.get("standard", "")
    script = f"player-{standard}.js"
    if standard not in ("scorm12", "scorm2004", "h5p"):
        raise NotFound
    template = current_app.jinja_env.get_template("courses/content/player.html")
    html = template.render(
        files=f"/content/{token}",
        product=origin_of(str(current_app.config["LMS_BASE_URL"])),
        script=f"/static/build/{pages.built_name(script)}",
        style=f"/static/build/{pages.built_name('player.css')}",
        h5p=f"/static/build/{pages.built_name('h5p-player')}",
    )
    response = Response(html, mimetype="text/html")
    # Whatever the package before this one left behind in the browser goes first.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@content.route("/content/<token>/<path:name>")
def package_file(request: Request, token: str, name: str) -> Response:
    """Answer a file of a package, or the range of it that is asked for."""
    files = _files_of(request, token)
    name = files.real_name(name)
    # A service worker would answer for the package after its token has expired.
    if request.headers.get("Service-Worker") == "script":
        raise NotFound
    return _send(request, files, name)


@content.route("/static/build/<path:name>")
def player_asset(request: Request, name: str) -> Response:
    """Answer what our own player page needs, from the front-end build."""
    if not name.startswith(PLAYER_ASSETS) or ".." in name.split("/"):
        raise NotFound
    encoding, suffix = _encoding_of(request, name)
    response = send_from_directory(
        pages.BUILD, f"{name}{suffix}", request.environ, mimetype=_type_of(name)
    )
    if encoding:
        response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _encoding_of(request: Request, name: str) -> tuple[str, str]:
    """Return the smallest form of an asset that was built and the browser takes."""
    for encoding, suffix in pages.ENCODINGS:
        if request.accept_encodings[encoding] > 0 and (pages.BUILD / f"{name}{suffix}").is_file():
            return encoding, suffix
    return "", ""


def _files_of(request: Request, token: str) -> PackageFiles:
    """Return the files of the package that a token opens on this host, in a frame only."""
    grant = read_token(token)
    origin = str(current_app.config["LMS_CONTENT_ORIGIN"])
    if not content.is_content_host(request.host, origin, label_of(grant.sha256)):
        raise NotFound
    # Opened by itself a package could pose as a page of the product.
    if request.headers.get("Sec-Fetch-Dest") == "document":
        raise NotFound
    files = find_files(grant.sha256)
    if files is None:
        raise NotFound
    return files


def _send(request: Request, files: PackageFiles, name: str) -> Response:
    key, length = files.key(name), files.size(name)
    response = Response(content_type=_type_of(name))
    response.headers["Cache-Control"] = f"private, max-age={SLOT}"
    response.set_etag(hashlib.sha256(key.encode()).hexdigest()[:32])
    try:
        if _is_to_be_packed(request, name, length):
            _pack(response, key, length)
        else:
            fill(request, response, key, length)
    except FileNotFoundError as error:
        raise NotFound from error
    return response


def _is_to_be_packed(request: Request, name: str, length: int) -> bool:
    return (
        request.method == "GET"
        and request.range is None
        and not request.if_none_match
        and 0 < length <= MOST_PACKED
        and _type_of(name).startswith(_PACKED)
        and request.accept_encodings["gzip"] > 0
    )


def _pack(response: Response, key: str, length: int) -> None:
    """Send a text packed: networks are slow, and packages bring large scripts."""
    data = b"".join(storage.open_range(key, 0, length))
    response.data = gzip.compress(data, 6, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"


def _type_of(name: str) -> str:
    # Without a charset: pages of packages say their own, and not all are UTF-8.
    return CONTENT_TYPES.get(PurePosixPath(name).suffix.lower(), UNKNOWN)


def _load(purpose: str, token: str) -> tuple[Any, Any, Any]:
    """Return the three values of a token. Raises NotFound when it is not one of ours."""
    try:
        one, two, three = _signer(purpose).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound from error
    return one, two, three


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        str(current_app.config["SECRET_KEY"]),
        salt=f"content {purpose}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )

"""Uploads that can be resumed: the tus protocol 1.0, for trainers.

Core, creation, expiration, termination and checksum (https://tus.io/protocols/resumable-upload).
A length that is not told at the beginning is not taken.
"""

import base64
import binascii
import hashlib
import hmac
import io
import logging
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from obstore.exceptions import BaseError
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import http_date

from courses.formats.packed import KEY_LENGTH
from courses.models import Upload
from courses.queries.imports import get_upload
from courses.services import imports, uploads
from courses.views import blueprint
from courses.views.reading import read_at_once
from lms.core.access import get_viewer, late_write, requires
from lms.core.db import begin_write, db
from lms.core.errors import Refused
from lms.core.pages import tell

log = logging.getLogger(__name__)

VERSION = "1.0.0"
CONTENT_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,expiration,termination,checksum"
CHECKSUMS = ("sha1", "sha256", "md5")
#: Not registered with IANA; the protocol's own.
CHECKSUM_MISMATCH = 460
METADATA_LENGTH = 4096
#: For what a file may be sent: an import begins by itself when it is whole.
IMPORT, LIBRARY = "import", "library"


@blueprint.route("/courses/uploads", methods=["OPTIONS"], provide_automatic_options=False)
@requires("courses.write")
def uploads_options() -> ResponseReturnValue:
    """Say what the server can do."""
    response = _answer(HTTPStatus.NO_CONTENT)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(uploads.MAX_BYTES)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(CHECKSUMS)
    return response


@blueprint.route("/courses/uploads", methods=["POST"], provide_automatic_options=False)
@requires("courses.write")
def uploads_new() -> ResponseReturnValue:
    """Begin an upload."""
    if request.headers.get("Tus-Resumable") != VERSION:
        return _wrong_version()
    size, facts = _whole("Upload-Length"), _read_metadata()
    if size is None or facts is None:
        return _answer(HTTPStatus.BAD_REQUEST, "Upload-Length and Upload-Metadata are not valid.")
    purpose = {
        "for": LIBRARY if facts.get("for") == LIBRARY else IMPORT,
        "course": facts.get("course", "")[:KEY_LENGTH],
    }
    name = facts.get("filename") or facts.get("name") or ""
    try:
        upload = uploads.begin_upload(get_viewer().person_id, name, size, purpose)
    except Refused as refusal:
        db.session.rollback()
        return _answer(refusal.status, refusal.message)
    response = _answer(HTTPStatus.CREATED)
    response.headers["Location"] = url_for("courses.upload_head", upload_token=upload.token)
    _say_expiry(response, upload)
    _keep(response, upload)
    return response


@blueprint.route(
    "/courses/uploads/<upload_token>", methods=["HEAD"], provide_automatic_options=False
)
@requires("courses.write")
def upload_head(upload_token: str) -> ResponseReturnValue:
    """Say how much has come."""
    upload = get_upload(get_viewer(), upload_token)
    if request.headers.get("Tus-Resumable") != VERSION:
        return _wrong_version()
    response = _answer(HTTPStatus.OK)
    response.headers["Upload-Length"] = str(upload.size)
    _say_offset(response, upload)
    return response


@blueprint.route(
    "/courses/uploads/<upload_token>", methods=["PATCH"], provide_automatic_options=False
)
@requires("courses.write")
@late_write
def upload_part(upload_token: str) -> ResponseReturnValue:
    """Take the next part. What comes before a cut of the connection is kept."""
    upload = get_upload(get_viewer(), upload_token)
    start = _whole("Upload-Offset")
    refusal = _refuse_part(upload, start)
    if refusal is not None or start is None:
        return refusal or _answer(HTTPStatus.BAD_REQUEST)
    arriving = _Arriving(request.stream, upload.size - start)
    db.session.rollback()  # nothing is held while it comes
    try:
        arrived = uploads.keep_arriving(upload_token, start, cast(BinaryIO, arriving))
    except (BaseError, OSError):
        log.exception("a part of an upload could not be kept")
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE)
    if arriving.is_too_long or not arriving.fits_checksum():
        uploads.forget_arrived(arrived)
        if arriving.is_too_long:
            return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return _answer(CHECKSUM_MISMATCH, "Checksum mismatch")
    return _count_in(upload_token, start, arrived)


@blueprint.route(
    "/courses/uploads/<upload_token>", methods=["DELETE"], provide_automatic_options=False
)
@requires("courses.write")
def upload_delete(upload_token: str) -> ResponseReturnValue:
    """Give an upload up."""
    upload = get_upload(get_viewer(), upload_token)
    if request.headers.get("Tus-Resumable") != VERSION:
        return _wrong_version()
    uploads.let_go(upload)
    db.session.commit()
    return _answer(HTTPStatus.NO_CONTENT)


@blueprint.post("/courses/write/uploads/<upload_token>/discard")
@requires("courses.write")
def write_upload_discard(upload_token: str) -> ResponseReturnValue:
    """Give an upload up, from the page that lists it."""
    uploads.let_go(get_upload(get_viewer(), upload_token))
    db.session.commit()
    tell(_("The unfinished file was thrown away."), "info")
    return redirect(url_for("courses.write_import"), 303)


def _count_in(upload_token: str, start: int, arrived: uploads.ArrivedPart) -> Response:
    begin_write()
    upload = get_upload(get_viewer(), upload_token)
    try:
        uploads.add_part(upload, start, arrived)
    except (uploads.OffsetMismatch, Refused) as refusal:
        db.session.rollback()
        uploads.forget_arrived(arrived)
        return _answer(HTTPStatus.CONFLICT, getattr(refusal, "message", ""))
    response = _answer(HTTPStatus.NO_CONTENT)
    _say_offset(response, upload)
    _keep(response, upload)
    if not arrived.size:
        uploads.forget_arrived(arrived)
    return response


def _keep(response: Response, upload: Upload) -> None:
    """Commit, and begin the import that a whole file is for; say where it is shown."""
    is_import = uploads.is_whole(upload) and upload.purpose.get("for") == IMPORT
    size = upload.size
    import_id = imports.begin_import(upload).id if is_import else None
    db.session.commit()
    if import_id is not None:
        address = url_for("courses.write_import_show", import_id=import_id)
        response.headers["Content-Location"] = address
        read_at_once(import_id, size)


def _refuse_part(upload: Upload, start: int | None) -> Response | None:
    """Return the answer to a part that cannot be taken."""
    if request.headers.get("Tus-Resumable") != VERSION:
        return _wrong_version()
    if request.mimetype != CONTENT_TYPE:
        return _answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if start is None or _checksum() is False:
        return _answer(HTTPStatus.BAD_REQUEST)
    if start != upload.received or uploads.is_whole(upload):
        return _answer(HTTPStatus.CONFLICT)
    if (request.content_length or 0) > upload.size - start:
        return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return None


def _checksum() -> tuple[str, bytes] | bool | None:
    """Return the algorithm and digest that the part is to have; None: any, False: not readable."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _space, encoded = header.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    return (algorithm, digest) if algorithm in CHECKSUMS else False


class _Arriving(io.RawIOBase):
    """The body of a part: a cut ends it, and no more is read than still fits."""

    def __init__(self, stream: Any, room: int) -> None:
        self._stream, self._room = stream, room
        self.is_too_long = False
        self._wanted = _checksum()
        self._digest = (
            hashlib.new(self._wanted[0], usedforsecurity=False)
            if isinstance(self._wanted, tuple)
            else None
        )

    def read(self, size: int = -1) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except (ClientDisconnected, OSError):
            return b""
        self.is_too_long = self.is_too_long or len(data) > self._room
        if self.is_too_long:
            return b""
        self._room -= len(data)
        if self._digest is not None:
            self._digest.update(data)
        return data

    def fits_checksum(self) -> bool:
        """Tell whether what came is what was announced."""
        if self._digest is None or not isinstance(self._wanted, tuple):
            return True
        return hmac.compare_digest(self._digest.digest(), self._wanted[1])


def _read_metadata() -> dict[str, str] | None:
    """Return the keys and values that came along; None when they cannot be read."""
    header = request.headers.get("Upload-Metadata", "")
    if len(header) > METADATA_LENGTH or "Upload-Defer-Length" in request.headers:
        return None
    facts = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, encoded = pair.partition(" ")
        try:
            facts[key] = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
    return facts


def _whole(name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _wrong_version() -> Response:
    response = _answer(HTTPStatus.PRECONDITION_FAILED)
    response.headers["Tus-Version"] = VERSION
    return response


def _say_offset(response: Response, upload: Upload) -> None:
    response.headers["Upload-Offset"] = str(upload.received)
    if not uploads.is_whole(upload):
        _say_expiry(response, upload)


def _say_expiry(response: Response, upload: Upload) -> None:
    response.headers["Upload-Expires"] = http_date(upload.expires_at)


def _answer(status: int, words: str = "") -> Response:
    response = make_response(words, status)
    response.mimetype = "text/plain"
    response.headers["Tus-Resumable"] = VERSION
    return response

"""Courses out through the browser, in the formats that other systems read."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from flask import Response, abort
from flask.typing import ResponseReturnValue

from courses.formats.writing import WRITERS
from courses.queries import authoring as queries
from courses.services import packs
from courses.views import blueprint
from lms.core.access import get_viewer, requires
from lms.core.pages import page
from lms.core.storage import BLOCK

#: Bytes of an export that are held in memory; a larger one goes through a file.
IN_MEMORY = 8 * 1024**2


@blueprint.get("/courses/write/<slug>/export")
@requires("courses.write")
def write_export(slug: str) -> ResponseReturnValue:
    """Show in which formats a course can be taken home."""
    course = queries.get_course_for(get_viewer(), slug)
    revision = queries.get_newest(course)
    return page("courses/authoring/export.html", course=course, revision=revision, writers=WRITERS)


@blueprint.get("/courses/write/<slug>/export/<kind>")
@requires("courses.write")
def write_export_file(slug: str, kind: str) -> ResponseReturnValue:
    """Send a course in a format: the draft, or what is published."""
    revision = queries.get_newest(queries.get_course_for(get_viewer(), slug))
    writer = WRITERS.get(kind) or abort(404)
    packed = packs.pack_whole(revision)
    # Closed when the last block is sent, or when nobody reads on.
    out = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
    writer.write(packed, out)
    response = Response(_blocks(out), mimetype="application/zip")
    response.content_length = out.seek(0, 2)
    name = f"{slug}-{revision.number}.{writer.ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _blocks(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while block := out.read(BLOCK):
            yield block

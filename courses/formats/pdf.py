"""A PDF file: a course of one lesson that shows it, without what could act.

Scripts, actions that start or send something, forms that compute and attached files are
taken out; a PDF without any of these is kept byte for byte. Damage that a reader mends by
itself is mended here once; a file that was cut short is refused, since pages would be missing.
"""

import io
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
from flask_babel import lazy_gettext as _l

from courses.formats import course_facts
from courses.formats.brought import Brought
from courses.formats.faults import Fault
from courses.formats.office.package import refusal
from courses.formats.packed import (
    MOST_MINUTES,
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
)

KEY = "pdf"
LABEL = _l("PDF document")
CONTENT_TYPE = "application/pdf"
MINUTES_A_PAGE = 2
#: Pages that are looked at for text.
SAMPLE = 20
DEEPEST = 60

_HEAD = b"%PDF-"
_END = b"%%EOF"
#: How far from the end the last mark may lie; some programs write on after it.
_TAIL = 8192
#: Actions of ISO 32000-2, 12.6.4 that run, start, send or fetch something.
_ACTING = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "Launch", "ImportData", "SubmitForm", "Rendition", "Movie", "Sound"),
        *("GoToE", "GoToR", "RichMediaExecute", "GoTo3DView"),
    )
)
#: Entries that hold scripts, actions on opening and closing, files and forms within forms.
_TAKEN_OUT = frozenset(
    ("/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent")
)


def recognises(brought: Brought) -> bool:
    """Tell whether the file is a PDF."""
    return brought.head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(_HEAD)


def read(brought: Brought) -> PackedCourse:
    """Return a course of one lesson that shows the document. Raises UnreadableCourse."""
    try:
        with brought.open() as stream, _open(stream) as pdf:
            return _pack(brought, pdf)
    except pikepdf.PasswordError:
        raise refusal("pdf_password") from None
    except (pikepdf.PikepdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        # What the library makes of bytes that lie about themselves.
        raise refusal("pdf_damaged") from error


def _open(stream: BinaryIO) -> pikepdf.Pdf:
    try:
        return pikepdf.open(stream, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        if _END not in _tail(stream):
            raise
        stream.seek(0)
        return pikepdf.open(stream, suppress_warnings=True)


def _tail(stream: BinaryIO) -> bytes:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    return stream.read()


def _pack(brought: Brought, pdf: pikepdf.Pdf) -> PackedCourse:
    pages = len(pdf.pages)
    if not pages:
        raise refusal("pdf_empty")
    title = course_facts.choose_title((_title(pdf),), brought.filename)
    warnings = [] if _has_text(pdf) else [Fault("pdf_no_text")]
    signed = _is_signed(pdf)
    mended = bool(pdf.get_warnings())
    cleaned = _clean(pdf)
    if cleaned:
        warnings.append(Fault("pdf_scripts"))
    if signed and (cleaned or mended):
        warnings.append(Fault("pdf_signature"))
    file = _copy(pdf) if cleaned or mended else PackedFile.of(CONTENT_TYPE, brought.open)
    minutes = min(MOST_MINUTES, pages * MINUTES_A_PAGE)
    slug = course_facts.choose_slug(title)
    name = f"media/{slug[:60].rstrip('-')}.pdf"
    lesson = PackedLesson(
        key=slug, title=title, kind="document", minutes=minutes, settings={"file": name}
    )
    return PackedCourse(
        slug=slug,
        title=title,
        periods=course_facts.periods_for(minutes),
        modules=(PackedModule(title, (lesson,)),),
        files={name: file},
        warnings=tuple(warnings),
    )


def _title(pdf: pikepdf.Pdf) -> str:
    title = pdf.docinfo.get("/Title")
    return str(title) if isinstance(title, pikepdf.String) else ""


def _has_text(pdf: pikepdf.Pdf) -> bool:
    """Tell whether any of the first pages uses a font; a scan has pictures only."""
    return any("/Font" in page.resources for page in list(pdf.pages[:SAMPLE]))


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and "/SigFlags" in form


def _copy(pdf: pikepdf.Pdf) -> PackedFile:
    """Return the document written anew; the same document always gives the same bytes."""
    copy = _Copy()
    pdf.save(copy.file, deterministic_id=True)
    return PackedFile.of(CONTENT_TYPE, copy.open)


class _Copy:
    """A file on disk that goes when nobody can open it any more."""

    def __init__(self) -> None:
        self.file: Any = tempfile.TemporaryFile()  # noqa: SIM115 - closed at its end

    def open(self) -> BinaryIO:
        return Brought(self.file, "").open()

    def __del__(self) -> None:
        self.file.close()


# --- what acts


def _clean(pdf: pikepdf.Pdf) -> bool:
    """Take out of every object what could act; tell whether there was any."""
    found = False
    for thing in pdf.objects:
        for holder in _holders(thing, 0):
            for key in list(holder.keys()):
                if key in _TAKEN_OUT or _acts(holder.get(key)):
                    del holder[key]
                    found = True
    return found


def _holders(thing: Any, depth: int) -> Iterator[Any]:
    """Yield a dictionary or stream with those that lie directly in it, not behind references."""
    if depth > DEEPEST:
        raise refusal("pdf_damaged")
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        yield thing
        inner = [thing.get(key) for key in list(thing.keys())]
    elif isinstance(thing, pikepdf.Array):
        inner = list(thing)
    else:
        return
    for part in inner:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _holders(part, depth + 1)


def _acts(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S", "")) in _ACTING

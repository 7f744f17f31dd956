"""Finds in any PDF the verification address that our papers carry."""

import io
import re
from collections.abc import Iterator

import pikepdf

from certificates.pdf.lettering import letters_of, text_of

TOKEN = re.compile(r"/verify/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")


def find_token(data: bytes) -> str | None:
    """Return the token of the first such address in metadata, links or text; None without.

    A file that is no PDF, or a broken one, has none.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            found = (TOKEN.search(text) for text in _texts_of(document))
            return next((match[1] for match in found if match), None)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        # Whoever altered it may have left anything inside.
        return None


def _texts_of(document: pikepdf.Pdf) -> Iterator[str]:
    yield str(document.docinfo.get("/Subject", ""))
    for page in document.pages:
        for note in page.get("/Annots", []):
            yield str(note.A.get("/URI", "")) if "/A" in note else ""
    if "/Metadata" in document.Root:
        yield document.Root.Metadata.read_bytes().decode(errors="replace")
    for page in document.pages:
        yield _shown_on(page)


def _shown_on(page: pikepdf.Page) -> str:
    """Return the text drawn on a page, in the order of drawing."""
    fonts = {str(k): letters_of(f) for k, f in page.Resources.get("/Font", {}).items()}
    letters: dict[int, str] = {}
    shown = []
    for instruction in pikepdf.parse_content_stream(page):
        if str(instruction.operator) == "Tf":
            letters = fonts.get(str(instruction.operands[0]), {})
        elif str(instruction.operator) == "TJ":
            shown.append(text_of(instruction.operands[0], letters))
    return "\n".join(shown)

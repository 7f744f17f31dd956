"""A paper laid out once for many: what differs from holder to holder is filled in.

WeasyPrint needs about 40 ms for a page, of which nearly all goes into what is the same
on every paper of a course and a day. So the page is laid out with marks in place of the
holder's own words, and each paper is a copy in which the marks are written over.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

import pikepdf

from certificates.pdf import qr
from certificates.pdf.layout import lay_out
from certificates.pdf.lettering import Typeface, letters_of

#: Half the width of A4 across, in CSS pixels, the unit of what WeasyPrint draws.
CENTRE = 297 / 25.4 * 96 / 2
PIXELS_PER_MM = 96 / 25.4

_VIETNAMESE = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợ"
    "pqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
)
LETTERS = _VIETNAMESE + _VIETNAMESE.upper() + "0123456789 .,-–'’()/:&\"“”"
ADDRESS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~:/"


@dataclass(frozen=True)
class Field:
    """A place for one holder's own words."""

    #: Letters its font must have for it.
    alphabet: str
    #: Width it may take, in millimetres; a longer text is set smaller.
    room: float
    centred: bool = True


FIELDS = {
    "name": Field(LETTERS, 240),
    "birth": Field(LETTERS, 240),
    "agency": Field(LETTERS, 240),
    "dates": Field(LETTERS, 240),
    "number": Field(LETTERS, 110, centred=False),
    "verify_url": Field(ADDRESS, 115, centred=False),
}
#: What differs and is not drawn: it stands in the file's metadata.
TOLD = ("document_title", "document_subject")
OWN = FIELDS.keys() | set(TOLD)
#: A line is not set smaller than this share of its size; it is then broken instead.
SMALLEST = 0.7
#: A mark reads mark:name: and may stand where an address is wanted too.
MARK = re.compile(r"mark:(\w+):")


@dataclass(frozen=True)
class Hole:
    """A mark found in the drawn page: whose it was, and how its text was set."""

    key: str
    font: str
    size: float
    left: float
    baseline: float


class Frame:
    """A page laid out with marks, cut at them."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        with pikepdf.open(io.BytesIO(pdf)) as document:
            page = document.pages[0]
            fonts = {str(name): font for name, font in page.Resources.Font.items()}
            self._faces = {name: Typeface(font) for name, font in fonts.items()}
            letters = {name: letters_of(font) for name, font in fonts.items()}
            self._pieces = list(_cut(pikepdf.parse_content_stream(page), letters))
            self._metadata = document.Root.Metadata.read_bytes().decode()

    def can_hold(self, words: Mapping[str, str]) -> bool:
        """Tell whether every own word can be set here, neither strange nor far too long."""
        return all(
            self._faces[hole.font].can_set(words[hole.key])
            and self._scale(hole, words[hole.key]) >= SMALLEST
            for hole in self._pieces
            if isinstance(hole, Hole)
        )

    def fill(self, words: Mapping[str, str]) -> bytes:
        """Return a copy with the holder's own words. Raises KeyError on a strange letter."""
        with pikepdf.open(io.BytesIO(self._pdf)) as document:
            page = document.pages[0]
            page.Contents = document.make_stream(self._draw(words))
            for link in page.Annots:
                link.A.URI = pikepdf.String(words["verify_url"])
            self._tell(document, words)
            output = io.BytesIO()
            document.save(
                output,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
            )
        return output.getvalue()

    def _draw(self, words: Mapping[str, str]) -> bytes:
        drawn = {
            bytes: lambda piece: piece,
            Hole: lambda hole: self._line(hole, words[hole.key]),
            Square: lambda _square: _stencil(qr.matrix_of(words["verify_url"])),
        }
        return b"\n".join(drawn[type(piece)](piece) for piece in self._pieces)

    def _line(self, hole: Hole, text: str) -> bytes:
        line = self._faces[hole.font].set(text)
        size = hole.size * self._scale(hole, text)
        left = CENTRE - line.width * size / 2 if FIELDS[hole.key].centred else hole.left
        place = b"1 0 0 -1 %.3f %.3f Tm" % (left, hole.baseline)
        return b"%b %b %.3f Tf [%b] TJ" % (place, hole.font.encode(), size, line.glyphs)

    def _scale(self, hole: Hole, text: str) -> float:
        width = self._faces[hole.font].set(text).width * hole.size
        return min(1.0, FIELDS[hole.key].room * PIXELS_PER_MM / width) if width else 1.0

    def _tell(self, document: pikepdf.Pdf, words: Mapping[str, str]) -> None:
        """Write title and address into the document's two kinds of metadata."""
        document.docinfo["/Title"] = words["document_title"]
        document.docinfo["/Subject"] = words["document_subject"]
        xml = MARK.sub(lambda mark: escape(words[mark[1]]), self._metadata)
        document.Root.Metadata.write(xml.encode())


def frame_for(template: str, words: Mapping[str, str]) -> Frame:
    """Return the frame of all papers whose other words are these."""
    marked = {key: _mark(key) if text and key in OWN else text for key, text in words.items()}
    return _frame(template, tuple(marked.items()), len(qr.matrix_of(words["verify_url"])))


def _mark(key: str) -> str:
    """Return the mark of a field, followed by the letters that its font is to hold."""
    return f"mark:{key}:" + (FIELDS[key].alphabet if key in FIELDS else "")


@lru_cache(maxsize=64)
def _frame(template: str, words: tuple[tuple[str, str], ...], modules: int) -> Frame:
    return Frame(lay_out(template, dict(words), qr.blank(modules)))


def _cut(
    instructions: Sequence[Any], letters: Mapping[str, Mapping[int, str]]
) -> Iterator[bytes | Hole | Square]:
    """Yield the page's drawing in pieces: what stays, and the holes between."""
    start, font, size, matrix, ink = 0, "", 0.0, None, False
    for index, (operands, operator) in enumerate(instructions):
        match str(operator):
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "Tm":
                matrix = operands
            case "rg":
                ink = _is_ink(operands)
            case "m" if ink:
                # Until the paint operator, all is the placeholder of the QR code.
                yield pikepdf.unparse_content_stream(instructions[start:index])
                ...

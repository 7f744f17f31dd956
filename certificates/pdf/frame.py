"""A paper laid out once for many: what differs from holder to holder is filled in.

WeasyPrint needs some 40 ms for a page, nearly all of it for what is the same on every
paper of a course and a day. So the page is laid out with marks in place of the holder's
own words, and each paper is a copy in which the marks are written over.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import pikepdf

from certificates.pdf import qr
from certificates.pdf.layout import lay_out
from certificates.pdf.lettering import Typeface, letters_of, text_of

#: WeasyPrint draws in CSS pixels, 96 to an inch.
PIXELS_PER_MM = 96 / 25.4
#: Half the width of A4 across.
CENTRE = 297 / 2 * PIXELS_PER_MM

_VIETNAMESE = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
)
LETTERS = _VIETNAMESE + _VIETNAMESE.upper() + "0123456789 .,-–'’()/:&\"“”+;"
ADDRESS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~:/"


@dataclass(frozen=True)
class Field:
    """A place for one holder's own words."""

    #: Letters that its font must hold.
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
#: A mark reads mark:name: and so may also stand where an address is wanted.
MARK = re.compile(r"mark:(\w+):")
#: No line is set smaller than this share of its size.
SMALLEST = 0.7


@dataclass(frozen=True)
class Hole:
    """A mark found in the drawing: whose it was, and how it was set."""

    key: str
    font: str
    size: float
    left: float
    baseline: float


@dataclass(frozen=True)
class Square:
    """Where the QR code is drawn."""


Piece = bytes | Hole | Square


class DoesNotFit(ValueError):
    """A text that no frame can hold."""


class Frame:
    """A page laid out with marks, its drawing cut at them."""

    def __init__(self, pdf: bytes) -> None:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            page = document.pages[0]
            fonts = {str(name): font for name, font in page.Resources.Font.items()}
            self._faces = {name: Typeface(font) for name, font in fonts.items()}
            letters = {name: letters_of(font) for name, font in fonts.items()}
            self._pieces = list(_cut(list(pikepdf.parse_content_stream(page)), letters))
            self._metadata = document.Root.Metadata.read_bytes().decode()
            self._pdf = _saved(document)

    def fill(self, words: Mapping[str, str]) -> bytes:
        """Return a copy with the holder's own words.

        Raises DoesNotFit on a letter that the fonts inside have not, and on a line that
        would become too small to read.
        """
        drawing = b"\n".join(self._draw(piece, words) for piece in self._pieces)
        with pikepdf.open(io.BytesIO(self._pdf)) as document:
            page = document.pages[0]
            page.Contents = document.make_stream(drawing)
            for link in page.Annots:
                link.A.URI = link.Contents = pikepdf.String(words["verify_url"])
            self._tell(document, words)
            return _saved(document)

    def _draw(self, piece: Piece, words: Mapping[str, str]) -> bytes:
        if isinstance(piece, Hole):
            return self._set(piece, words[piece.key])
        if isinstance(piece, Square):
            return qr.drawing_of(words["verify_url"])
        return piece

    def _set(self, hole: Hole, text: str) -> bytes:
        """Return the operators that show a text in a hole."""
        try:
            line = self._faces[hole.font].set(text)
        except KeyError as letter:
            raise DoesNotFit(text) from letter
        field = FIELDS[hole.key]
        size = min(hole.size, field.room * PIXELS_PER_MM / line.width)
        if size < SMALLEST * hole.size:
            raise DoesNotFit(text)
        left = CENTRE - line.width * size / 2 if field.centred else hole.left
        place = b"1 0 0 -1 %.3f %.3f Tm" % (left, hole.baseline)
        return b"%b %b %.3f Tf [%b] TJ" % (place, hole.font.encode(), size, line.glyphs)

    def _tell(self, document: pikepdf.Pdf, words: Mapping[str, str]) -> None:
        """Write title and address into the document's two kinds of metadata."""
        document.trailer.Info.Title = pikepdf.String(words["document_title"])
        document.trailer.Info.Subject = pikepdf.String(words["document_subject"])
        xml = MARK.sub(lambda mark: escape(words[mark[1]]), self._metadata)
        document.Root.Metadata.write(xml.encode())


def frame_for(template: str, words: Mapping[str, str]) -> Frame:
    """Return the frame of all papers whose other words are these.

    Raises DoesNotFit when one of these words looks like a mark itself.
    """
    if any(MARK.search(text) for text in words.values()):
        raise DoesNotFit("mark:")
    marked = {key: _mark(key) if text and key in OWN else text for key, text in words.items()}
    return _frame(template, tuple(marked.items()), qr.modules_of(words["verify_url"]))


def _mark(key: str) -> str:
    """Return the mark of a field, followed by the letters that its font is to hold."""
    return f"mark:{key}:" + (FIELDS[key].alphabet if key in FIELDS else "")


@lru_cache(maxsize=64)
def _frame(template: str, words: tuple[tuple[str, str], ...], modules: int) -> Frame:
    return Frame(lay_out(template, dict(words), qr.blank(modules)))


def _cut(instructions: Sequence[Any], letters: Mapping[str, Mapping[int, str]]) -> Iterator[Piece]:
    """Yield the drawing in pieces: what stays, and the holes between."""
    kept_from = 0
    holes: list[tuple[int, int, Hole | Square]] = [
        *_find_holes(instructions, letters),
        _find_square(instructions),
    ]
    for first, last, hole in sorted(holes, key=lambda found: found[0]):
        yield pikepdf.unparse_content_stream(instructions[kept_from:first])
        yield hole
        kept_from = last + 1
    yield pikepdf.unparse_content_stream(instructions[kept_from:])


def _find_holes(
    instructions: Sequence[Any], letters: Mapping[str, Mapping[int, str]]
) -> Iterator[tuple[int, int, Hole]]:
    """Yield each mark with its first and last instruction: place (Tm), font (Tf), text (TJ)."""
    for last, instruction in enumerate(instructions):
        if str(instruction.operator) != "TJ":
            continue
        place, (font, size) = (instructions[i].operands for i in (last - 2, last - 1))
        mark = MARK.match(text_of(instruction.operands[0], letters[str(font)]))
        if mark:
            hole = Hole(mark[1], str(font), float(size), float(place[4]), float(place[5]))
            yield last - 2, last, hole


def _find_square(instructions: Sequence[Any]) -> tuple[int, int, Square]:
    """Return the lines drawn in the ink of the QR code: first move (m), last stroke (S)."""
    operators = [str(instruction.operator) for instruction in instructions]
    ink = [int(qr.INK[i : i + 2], 16) for i in (1, 3, 5)]
    pen = next(
        index
        for index, operator in enumerate(operators)
        if operator == "RG" and [round(255 * float(c)) for c in instructions[index].operands] == ink
    )
    return operators.index("m", pen), operators.index("S", pen), Square()


def _saved(document: pikepdf.Pdf) -> bytes:
    """Return the document's bytes, small and the same each time."""
    output = io.BytesIO()
    packed = pikepdf.ObjectStreamMode.generate
    document.save(
        output, object_stream_mode=packed, deterministic_id=True, fix_metadata_version=False
    )
    return output.getvalue()

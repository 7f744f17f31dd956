"""The QR code of a certificate's verification address, as lines for SVG and for PDF."""

import base64
import re
from collections.abc import Iterator
from functools import lru_cache

import segno

#: The paper's dark ink, but for its last digit: a frame is filled where this one draws.
INK = "#1e1a2c"
#: A little more than a module: no white hair between two rows.
LINE_WIDTH = 1.04

_DARK = re.compile(b"\x01+")

#: Row, first module and number of modules of a dark stretch.
Run = tuple[int, int, int]


def modules_of(address: str) -> int:
    """Return the side of the code in modules; addresses of one length have one side."""
    return len(_code(address).matrix)


def runs_of(address: str) -> Iterator[Run]:
    """Yield the dark stretches of the code, row by row."""
    for row, modules in enumerate(_code(address).matrix):
        for dark in _DARK.finditer(modules):
            yield row, dark.start(), dark.end() - dark.start()


def picture_of(address: str) -> str:
    """Return the code as a ``data:`` URI of an SVG picture, one unit a module."""
    lines = "".join(f"M{start} {row}.5h{length}" for row, start, length in runs_of(address))
    return _svg(modules_of(address), lines)


def blank(modules: int) -> str:
    """Return a picture of the size of a code with one module in it."""
    return _svg(modules, "M0 .5h1")


def drawing_of(address: str) -> bytes:
    """Return the same lines as PDF operators, in the units of the picture."""
    lines = (
        b"%d %d.5 m %d %d.5 l" % (start, row, start + length, row)
        for row, start, length in runs_of(address)
    )
    return b" ".join([*lines, b"S"])


def _svg(modules: int, lines: str) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {modules} {modules}">'
        f'<path fill="none" stroke="{INK}" stroke-width="{LINE_WIDTH}" d="{lines}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@lru_cache(maxsize=8)
def _code(address: str) -> segno.QRCode:
    """Make the code at level M: it is still read when 15 % of it is soiled.

    A reader takes any mask. Choosing the evenest of the eight would cost more than all
    the rest of a paper, and for random addresses they differ little.
    """
    return segno.make(address, error="m", mask=2, micro=False, boost_error=False)

"""The QR code of a certificate's verification address."""

import segno

#: Dark violet-black of the paper's text; a frame is filled where it finds this colour.
INK = "#1e1a2c"


def matrix_of(address: str) -> list[bytearray]:
    """Return the code's rows of modules, 1 for dark; 15 % of it may be soiled.

    Addresses of one length have codes of one size.
    """
    return [bytearray(row) for row in _code(address).matrix]


def picture_of(address: str) -> str:
    """Return the code as a ``data:`` URI of an SVG picture without a quiet zone."""
    uri: str = _code(address).svg_data_uri(border=0, dark=INK, xmldecl=False, svgns=True)
    return uri


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False, boost_error=False)

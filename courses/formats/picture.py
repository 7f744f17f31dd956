"""Pictures that a trainer brings: a few types, told by their bytes, and none that can act.

An SVG is a program's document: only what draws is let through, by name. Pictures are
besides only ever shown as ``<img>`` or under a sandboxing policy.
"""

import re
from typing import Any

from lxml import etree

from lms.core.text import N_

MAX_BYTES = 5 * 1024**2

#: What people read for each code.
MESSAGES = {
    "picture_too_large": N_(
        "The picture is too large: photos may have 20 MB, drawings 5 MB. Make it smaller."
    ),
    "picture_type": N_("The file is not a picture of a known type. Send SVG, PNG, JPEG or WebP."),
    "picture_heic": N_(
        "The picture is in HEIC or AVIF, which few phones show. Save or send it as JPEG."
    ),
    "picture_pixels": N_("The picture has more than {limit} million pixels. Make it smaller."),
    "picture_limit": N_("A course holds at most {limit} pictures. Delete one that is not needed."),
    "picture_damaged": N_("The picture is damaged or was not sent whole."),
    "picture_ending": N_("The ending of the name does not fit the picture, which is {type}."),
    "svg_unsafe": N_("The SVG holds “{part}”, which pictures here may not. Save it as plain SVG."),
}

ENDINGS = {
    "image/svg+xml": (".svg",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
}

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
#: What drawing programs note for themselves; browsers do nothing with it.
EDITORS = (
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://purl.org/dc/elements/1.1/",
)
#: What draws, and nothing that acts, links or loads.
ELEMENTS = frozenset(
    """
    svg g defs symbol use title desc metadata style path rect circle ellipse line
    polyline polygon text tspan textPath image linearGradient radialGradient stop pattern
    clipPath mask marker filter feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
    feMerge feMergeNode feMorphology feOffset feTile feTurbulence
    """.split()  # noqa: SIM905 - fifty quoted words would be harder to read
)

#: CSS that would fetch or run something; url(#…) points within the drawing.
_OUTSIDE = re.compile(
    r"url\(\s*+['\"]?+\s*+(?!#)|image-set\(|src\(|@import|javascript:|expression\(", re.IGNORECASE
)
#: A backslash can spell any of these in another way.
_ESCAPE = "\\"
_INSIDE = re.compile(r"#[\w:.-]+|data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=\s]*")


class PictureError(Exception):
    """A picture that is not taken: ``code`` is a key of MESSAGES, ``values`` fill it in."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


def check_picture(name: str, data: bytes) -> str:
    """Return the content type of a picture. Raises PictureError.

    The type comes from the bytes; the name's ending has to agree with it.
    """
    content_type = tell_type(data)
    if not name.lower().endswith(ENDINGS[content_type]):
        raise PictureError("picture_ending", type=ENDINGS[content_type][0])
    return content_type


def tell_type(data: bytes) -> str:
    """Return the content type that the bytes show. Raises PictureError."""
    if len(data) > MAX_BYTES:
        raise PictureError("picture_too_large")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _whole("image/png", data.endswith(b"IEND\xaeB`\x82"))
    if data.startswith(b"\xff\xd8\xff"):
        return _whole("image/jpeg", b"\xff\xd9" in data[-32:])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _whole("image/webp", int.from_bytes(data[4:8], "little") + 8 <= len(data))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in data:
        _check_svg(data)
        return "image/svg+xml"
    raise PictureError("picture_type")


def _whole(content_type: str, whole: bool) -> str:
    if not whole:
        raise PictureError("picture_damaged")
    return content_type


def _check_svg(data: bytes) -> None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise PictureError("picture_damaged") from None
    if root.getroottree().docinfo.doctype:
        raise PictureError("svg_unsafe", part="<!DOCTYPE")
    if root.tag != f"{{{SVG}}}svg":
        raise PictureError("picture_type")
    # What stands before and after the root can name style sheets to be fetched.
    for node in (*root.itersiblings(preceding=True), *root.itersiblings(), *root.iter()):
        _check_node(node)


def _check_node(node: Any) -> None:
    if node.tag is etree.Comment:
        return
    if not isinstance(node.tag, str):  # a processing instruction or an entity
        raise PictureError("svg_unsafe", part=str(node)[:40])
    name = etree.QName(node)
    if name.namespace in EDITORS:
        return
    if name.namespace != SVG or name.localname not in ELEMENTS:
        raise PictureError("svg_unsafe", part=name.localname)
    if name.localname == "style":
        _check_css("".join(node.itertext()))
    for attribute, value in node.attrib.items():
        _check_attribute(name.localname, etree.QName(attribute), value)


def _check_attribute(element: str, name: etree.QName, value: str) -> None:
    if name.namespace in EDITORS:
        return
    if name.namespace == XML and name.localname in ("lang", "space"):
        return
    if name.namespace not in (None, XLINK) or name.localname.lower().startswith("on"):
        raise PictureError("svg_unsafe", part=name.localname)
    if name.localname == "href":
        # Only an image may hold its picture in itself; the rest point within the drawing.
        if not _INSIDE.fullmatch(value.strip()) or (element != "image" and value[:1] != "#"):
            raise PictureError("svg_unsafe", part=f"href={value[:40]}")
        return
    _check_css(value)


def _check_css(text: str) -> None:
    found = _OUTSIDE.search(text)
    if found or _ESCAPE in text:
        raise PictureError("svg_unsafe", part=found.group() if found else _ESCAPE)

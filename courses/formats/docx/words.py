"""The names of WordprocessingML, as lxml writes them."""

from functools import cache

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V = "urn:schemas-microsoft-com:vml"

NAMESPACES = {"w": W, "r": R, "wp": WP, "a": A, "pic": PIC}


@cache
def w(name: str) -> str:
    """Return the full name of an element or attribute of Word's own."""
    return f"{{{W}}}{name}"


def value(element: object, *path: str) -> str | None:
    """Return ``w:val`` of the element at the end of a path of children; None when it is not there.

    An element without the attribute says "".
    """
    for name in path:
        element = element.find(w(name)) if element is not None else None  # type: ignore[attr-defined]
    return None if element is None else element.get(w("val"), "")  # type: ignore[attr-defined]


def is_on(element: object, *path: str) -> bool:
    """Tell whether a property like ``w:b`` is there and not switched off."""
    found = value(element, *path)
    return found is not None and found not in ("0", "false", "off")

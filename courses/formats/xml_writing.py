"""XML documents, element by element; what XML cannot hold is left out of texts."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

#: Outside of what XML 1.0 (2.2) calls a character.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def begin(name: str, space: str, spaces: Mapping[str | None, str] | None = None) -> Any:
    """Return a root element in a namespace, with further ones by their prefixes."""
    return etree.Element(f"{{{space}}}{name}", nsmap={None: space, **(spaces or {})})


def add(
    parent: Any,
    name: str,
    attributes: Mapping[str, str] | None = None,
    text: str = "",
    space: str | None = None,
) -> Any:
    """Return a new last child, in the parent's namespace unless another is given."""
    namespace = space or etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    for key, value in (attributes or {}).items():
        element.set(key, _allowed(value))
    if text:
        element.text = _allowed(text)
    return element


def write(root: Any) -> bytes:
    """Return the document in UTF-8."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)

"""Small things that Word and PowerPoint write alike: raised figures, addresses, HTML on the way.

Both are turned into plain HTML first; courses/formats/html/text.py alone writes Markdown.
"""

import re

from courses.formats.html.text import to_markdown
from courses.formats.office.warnings import Warnings
from lms.core.text import clean

_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
#: Schemes that a lesson may lead to.
_LINK = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)


def is_link(address: str) -> bool:
    """Tell whether a lesson may lead to this address."""
    return _LINK.match(address) is not None


def raised(text: str) -> str:
    """Return the text as superscript, like m²; as it is when one of its signs cannot be."""
    return _shifted(text, _RAISED)


def lowered(text: str) -> str:
    """Return the text as subscript, like H₂O; as it is when one of its signs cannot be."""
    return _shifted(text, _LOWERED)


def write_markdown(html: str, warnings: Warnings, *, level: int) -> str:
    """Return the Markdown of HTML that this package made; h1 becomes ``level``."""

    def link(href: str) -> str | None:
        if is_link(href):
            return href
        if not href.startswith("#"):
            warnings.add("office_link", text=clean(href)[:60])
        return None

    return to_markdown(
        html,
        picture=lambda src, _alt: src if src.startswith(("images/", "media/")) else None,
        link=link,
        level=level,
    )


def _shifted(text: str, signs: dict[int, int]) -> str:
    return text.translate(signs) if all(ord(sign) in signs for sign in text) else text

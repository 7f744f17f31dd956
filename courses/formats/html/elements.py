"""The elements of HTML as far as reading them needs: parsed, sorted, and their cells counted."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from courses.formats.html.markdown_writing import MOST_COLUMNS, Style

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset(
    """
    address article aside body center details dd dialog div dl dt fieldset figcaption figure
    footer form header html legend li main nav p section summary tbody td tfoot th thead tr
    caption title
    """.split()  # noqa: SIM905 - forty quoted words would be harder to read
)
#: Blocks with a way of their own, which a line has no room for.
FLATTENED = frozenset({*HEADINGS, "ul", "ol", "table", "blockquote", "pre", "hr"})
#: What holds the cells of a table.
STRUCTURE = ("thead", "tbody", "tfoot", "tr")
#: Nothing of these is shown in a browser either.
SILENT = frozenset({"head", "meta", "link", "title", "template", "col", "colgroup", "style"})
#: These act or ask: they are left out and named.
DROPPED = frozenset(
    """
    script applet button canvas input select textarea object embed frame frameset map
    noscript svg math portal
    """.split()  # noqa: SIM905
)
#: As what pictures are called when nobody described them.
_FILE_NAME = re.compile(r"[^/\\\n]*\.(png|jpe?g|gif|webp|svg|bmp)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)")
_ITALIC = re.compile(r"font-style\s*:\s*italic")
_STRONG, _EM, _CODE = ("b", "strong"), ("i", "em", "cite", "dfn"), ("code", "kbd", "samp", "tt")


def parse(html: str) -> Any:
    """Return the root of a page or piece; None when there is nothing in it."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        recover=True,
        huge_tree=True,
    )
    try:
        return etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        # Nothing in it, or tags within tags beyond the parser's patience.
        return None


def highest_heading(root: Any) -> int:
    """Return the number of the highest heading of a page; 2 when there is none."""
    levels = (n for n, tag in enumerate(HEADINGS, 1) if root.find(f".//{tag}") is not None)
    return next(levels, 2)


def restyle(element: Any, tag: str, style: Style) -> Style:
    """Return the style that an element adds to the one around it."""
    css = (element.get("style") or "").lower()
    return replace(
        style,
        strong=style.strong or tag in _STRONG or bool(_BOLD.search(css)),
        em=style.em or tag in _EM or bool(_ITALIC.search(css)),
        code=style.code or tag in _CODE,
    )


def own_table(row: Any) -> Any:
    """Return the table that a row belongs to, and not one around that."""
    return next(row.iterancestors("table"), None)


def cells(row: Any) -> list[Any]:
    """Return the cells of a row."""
    return [cell for cell in row if cell.tag in ("td", "th")]


def skip_covered(line: list[str], covered: dict[int, int]) -> None:
    """Put empty cells where one from above reaches down."""
    while covered.get(len(line), 0) > 0:
        line.append("")


def span(cell: Any, name: str) -> int:
    """Return how many columns or rows a cell takes; nonsense is one."""
    value = cell.get(name, "")
    return min(int(value), MOST_COLUMNS) if re.fullmatch(r"[1-9][0-9]{0,3}", value) else 1


def is_file_name(alt: str) -> bool:
    """Tell whether a picture's alternative text only is the name of its file."""
    return _FILE_NAME.fullmatch(alt.strip()) is not None


def texts_of(element: Any) -> Iterator[str]:
    """Yield every text that an element shows, without its shape."""
    for part in element.iter():
        if part.tag not in DROPPED and part.tag not in SILENT and part.text:
            yield part.text
        if part is not element and part.tail:
            yield part.tail

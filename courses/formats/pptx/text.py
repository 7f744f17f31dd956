"""The text of a slide's shapes as HTML: paragraphs, levels as lists, links, bold and italic."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from courses.formats.office.package import Relation
from courses.formats.office.text import lowered, raised
from courses.formats.pptx.words import A, R

DEEPEST = 5
BULLET, NUMBER, PLAIN = "ul", "ol", "p"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a slide."""

    html: str
    kind: str
    #: From 0.
    level: int = 0


def read_paragraphs(
    body: Any, relations: Mapping[str, Relation], *, bulleted: bool
) -> list[Paragraph]:
    """Return the paragraphs of a text body that say something.

    ``bulleted`` tells whether they have bullets when they do not say: in the text of a slide
    they do, in a title or a text box they do not.
    """
    read = (_read(node, relations, bulleted) for node in body.iterchildren(f"{A}p"))
    found = [paragraph for paragraph in read if paragraph.html.strip()]
    if len(found) == 1 and found[0].kind == BULLET:
        # One bullet alone is a sentence.
        return [Paragraph(found[0].html, PLAIN)]
    return found


def write_html(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Yield HTML block by block: paragraphs, and lists within lists."""
    waiting: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.kind != PLAIN:
            waiting.append(paragraph)
            continue
        yield from _flush(waiting)
        waiting = []
        yield f"<p>{paragraph.html}</p>"
    yield from _flush(waiting)


def plain_text(body: Any) -> str:
    """Return the text of a body on one line."""
    return " ".join(
        "".join(node.text or "" for node in paragraph.iter(f"{A}t"))
        for paragraph in body.iter(f"{A}p")
    )


def _read(node: Any, relations: Mapping[str, Relation], bulleted: bool) -> Paragraph:
    properties = node.find(f"{A}pPr")
    kind, level = BULLET if bulleted else PLAIN, 0
    if properties is not None:
        asked = properties.get("lvl", "0")
        level = min(int(asked), DEEPEST) if asked.isdecimal() else 0
        kind = _kind(properties, kind)
    return Paragraph("".join(_runs(node, relations)), kind, level)


def _kind(properties: Any, default: str) -> str:
    if properties.find(f"{A}buNone") is not None:
        return PLAIN
    if properties.find(f"{A}buAutoNum") is not None:
        return NUMBER
    has_sign = (
        properties.find(f"{A}buChar") is not None or properties.find(f"{A}buBlip") is not None
    )
    return BULLET if has_sign else default


def _runs(node: Any, relations: Mapping[str, Relation]) -> Iterator[str]:
    for child in node:
        if child.tag in (f"{A}r", f"{A}fld"):
            text = child.findtext(f"{A}t") or ""
            yield _look(text, child.find(f"{A}rPr"), relations)
        elif child.tag == f"{A}br":
            yield "<br>"
        elif child.tag not in (f"{A}pPr", f"{A}endParaRPr"):
            # Equations and the like, of which the text is kept.
            yield escape("".join(child.itertext()))


def _look(text: str, properties: Any, relations: Mapping[str, Relation]) -> str:
    if properties is None:
        return _lines(text, str)
    written = _lines(text, _shift(properties))
    if properties.get("b") in ("1", "true"):
        written = f"<strong>{written}</strong>"
    if properties.get("i") in ("1", "true"):
        written = f"<em>{written}</em>"
    link = properties.find(f"{A}hlinkClick")
    relation = None if link is None else relations.get(link.get(f"{R}id", ""))
    if relation is not None and relation.outside:
        return f'<a href="{escape(relation.target)}">{written}</a>'
    return written


def _lines(text: str, shift: Callable[[str], str]) -> str:
    return "<br>".join(escape(shift(line)) for line in text.split("\v"))


def _shift(properties: Any) -> Callable[[str], str]:
    baseline = properties.get("baseline", "0")
    if baseline.lstrip("-").rstrip("%") in ("", "0"):
        return str
    return lowered if baseline.startswith("-") else raised


def _flush(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """Yield one list for neighbouring items, deeper levels within their items."""
    items = list(paragraphs)
    if not items:
        return
    lowest = min(item.level for item in items)
    html = ""
    open_lists: list[str] = []
    for item in items:
        level = min(item.level - lowest, len(open_lists))
        while len(open_lists) > level + 1:
            html += f"</li></{open_lists.pop()}>"
        if len(open_lists) == level + 1:
            html += "</li>"
            if open_lists[-1] != item.kind:
                html += f"</{open_lists.pop()}><{item.kind}>"
                open_lists.append(item.kind)
        else:
            html += f"<{item.kind}>"
            open_lists.append(item.kind)
        html += f"<li>{item.html}"
    while open_lists:
        html += f"</li></{open_lists.pop()}>"
    yield html

"""Which paragraphs of a document divide it: its headings, or lines that look like some."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from courses.formats.docx.guessing import Line, guess_beginnings
from courses.formats.docx.inline import has_text
from courses.formats.docx.styles import TITLE, Styles, outline_level
from courses.formats.docx.words import is_on, value, w
from courses.formats.office.warnings import Warnings
from lms.core.text import clean

#: A document of fewer paragraphs needs no headings, and nobody wants to hear of it.
SHORT = 20


@dataclass(frozen=True)
class Outline:
    """How a body is divided."""

    #: Paragraphs that are headings though no style says so.
    guessed: frozenset[Any] = frozenset()
    #: The heading that is the title of the whole; None when there is no such.
    title: Any | None = None
    #: Levels that stand above the first one in use.
    shift: int = 0


def find_outline(body: Any, styles: Styles, warnings: Warnings) -> Outline:
    """Return how a document is divided, noting what was guessed."""
    nodes = list(body.iterchildren(w("p")))
    headings = [(node, level) for node in nodes if (level := _level(node, styles))]
    if headings:
        return _settle(headings, _has_title(nodes, styles))
    lines = [_look(node) for node in nodes]
    places = guess_beginnings(lines)
    if places:
        warnings.add_once("office_guessed", text=lines[places[0]].text[:60])
    elif len(nodes) > SHORT:
        warnings.add_once("office_no_headings")
    return Outline(frozenset(nodes[place] for place in places))


def _settle(headings: Sequence[tuple[Any, int]], has_title: bool) -> Outline:
    """Return the levels in use from 1 on; a lone first heading above all others is the title."""
    counts = Counter(level for _node, level in headings)
    top, *lower = sorted(counts)
    first, first_level = headings[0]
    is_title = counts[top] == 1 and first_level == top and not has_title
    if is_title and lower and counts[lower[0]] > 1:
        return Outline(title=first, shift=lower[0] - 1)
    return Outline(shift=top - 1)


def _has_title(nodes: Sequence[Any], styles: Styles) -> bool:
    return any(
        styles.role(value(node, "pPr", "pStyle")).special == TITLE and has_text(node)
        for node in nodes
    )


def _level(node: Any, styles: Styles) -> int:
    if not has_text(node):
        return 0
    role = styles.role(value(node, "pPr", "pStyle"))
    return role.level or (0 if role.special else outline_level(node))


def _look(node: Any) -> Line:
    runs = [run for run in node.iter(w("r")) if has_text(run)]
    bold = bool(runs) and all(is_on(run, "rPr", "b") for run in runs)
    centred = value(node, "pPr", "jc") == "center"
    return Line(clean("".join(node.itertext(w("t")))), bold, centred)

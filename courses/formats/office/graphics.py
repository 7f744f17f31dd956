"""Charts and SmartArt inside Office files: their figures and their words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from lxml import etree
from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.packuri import PackURI
from pptx.parts.chart import ChartPart

from lms.core.text import clean

#: Namespaces of what a drawing frames.
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
MOST_ROWS = 200
MOST_COLUMNS = 30
#: Points of a diagram, those without words included; in a ring they would have no end.
MOST_POINTS = 2000
DEEPEST = 5

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DGM = f"{{{DIAGRAM}}}"
#: Points of SmartArt that hold text of their own.
_TEXT_POINTS = ("node", "asst")
_CHART_NAME = PackURI("/ppt/charts/chart1.xml")
Rows = Sequence[Sequence[str]]


def chart_relation(data: Any) -> str:
    """Return the identifier of the chart that a graphic frames; "" for none."""
    node = data.find(f"{{{CHART}}}chart")
    return "" if node is None else str(node.get(f"{_R}id", ""))


def diagram_relation(data: Any) -> str:
    """Return the identifier of the words of the SmartArt that a graphic frames; "" for none."""
    node = data.find(f"{_DGM}relIds")
    return "" if node is None else str(node.get(f"{_R}dm", ""))


def read_chart(root: Any) -> tuple[str, Rows]:
    """Return a chart's title and its figures, categories down and series across.

    ``root`` is that of the chart's part. There are no rows for what is no table: points of
    scatter and bubble charts have no categories.
    """
    try:
        # python-pptx knows what a chart's part holds, and trusts it; of the rest of the
        # file it would hold everything in memory, so it is not given that.
        part = ChartPart.load(_CHART_NAME, CT.DML_CHART, None, etree.tostring(root))  # type: ignore[arg-type]
        chart = part.chart
        return _chart_title(chart), _chart_rows(chart)
    except Exception:  # noqa: BLE001 - a chart of a kind that it does not know
        return "", []


def read_smart_art(root: Any) -> list[tuple[int, str]]:
    """Return the words of a diagram's data part in order, each with its level from 0.

    A point without words lends its place to those under it.
    """
    texts = {
        point.get("modelId", ""): clean(_words(point)) if _has_words(point) else ""
        for point in root.iter(f"{_DGM}pt")
    }
    below = _children(root)
    inner = {child for row in below.values() for child in row}
    tops = [key for key in texts if key not in inner]
    walked = (one for key in tops for one in _walk(key, texts, below, 0, 0))
    return [(level, text) for level, text in islice(walked, MOST_POINTS) if text]


def _chart_title(chart: Any) -> str:
    if not chart.has_title or not chart.chart_title.has_text_frame:
        return ""
    return clean(chart.chart_title.text_frame.text)


def _chart_rows(chart: Any) -> Rows:
    plots = list(chart.plots)
    categories = [str(category) for category in plots[0].categories][:MOST_ROWS] if plots else []
    series = [one for plot in plots for one in plot.series][:MOST_COLUMNS]
    if not categories or not series:
        return []
    rows = [["", *(str(one.name) for one in series)]]
    values = [list(one.values) for one in series]
    for place, category in enumerate(categories):
        rows.append([category, *(_figure(column[place : place + 1]) for column in values)])
    return rows


def _figure(cell: Sequence[float | None]) -> str:
    """Return a value the Vietnamese way; "" for a gap."""
    if not cell or cell[0] is None:
        return ""
    return f"{cell[0]:.10g}".replace(".", ",")


def _has_words(point: Any) -> bool:
    return point.get("type", "node") in _TEXT_POINTS


def _words(point: Any) -> str:
    return " ".join(
        "".join(text.text or "" for text in paragraph.iter(f"{_A}t"))
        for paragraph in point.iter(f"{_A}p")
    )


def _children(root: Any) -> Mapping[str, list[str]]:
    """Return the points under each point, in order."""
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iter(f"{_DGM}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            place = int(order) if order.isdecimal() else 0
            below.setdefault(link.get("srcId", ""), []).append((place, link.get("destId", "")))
    return {key: [child for _place, child in sorted(found)] for key, found in below.items()}


def _walk(
    key: str, texts: Mapping[str, str], below: Mapping[str, list[str]], level: int, depth: int
) -> Iterator[tuple[int, str]]:
    """Yield a point and those under it, silent ones too, so that the caller counts every step."""
    if depth > DEEPEST:
        return
    text = texts.get(key, "")
    yield level, text
    for child in below.get(key, ()):
        yield from _walk(child, texts, below, level + bool(text), depth + 1)

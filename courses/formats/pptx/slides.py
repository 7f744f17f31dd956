"""One slide as Markdown: its title, then what its shapes say in the order they were drawn."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from flask_babel import gettext as _

from courses.formats.office import graphics
from courses.formats.office.package import Package, Relation
from courses.formats.office.pictures import Pictures, tidy_alt
from courses.formats.office.text import write_markdown
from courses.formats.office.warnings import Warnings
from courses.formats.pptx.media import Recordings
from courses.formats.pptx.tables import read_table, write_table
from courses.formats.pptx.text import BULLET, Paragraph, plain_text, read_paragraphs, write_html
from courses.formats.pptx.words import MC, P14, A, P, R
from lms.core.text import clean

DEEPEST_GROUP = 10
#: Shapes without a word: up to so many are decoration, more are a drawing that says something.
DECORATION = 6
_TITLES = ("title", "ctrTitle")
#: What stands on every slide.
_EDGES = ("dt", "ftr", "sldNum", "hdr")
#: Text of these has bullets when it does not say otherwise; "" is a placeholder of no type.
_BULLETED = ("body", "obj", "")
_TABLE = "http://schemas.openxmlformats.org/drawingml/2006/table"


class SlideReader:
    """Reads the slides of one presentation."""

    def __init__(
        self, package: Package, pictures: Pictures, recordings: Recordings, warnings: Warnings
    ) -> None:
        self._package = package
        self._pictures = pictures
        self._recordings = recordings
        self._warnings = warnings
        self._number = 0
        self._relations: Mapping[str, Relation] = {}
        self._silent = 0

    def read(self, name: str, slide: Any, number: int) -> list[str]:
        """Return the Markdown of a slide, block by block, its heading first.

        ``name`` and ``slide`` are its part and the root of it; ``number`` counts from 1.
        """
        self._number, self._silent = number, 0
        self._relations = self._package.relations(name)
        self._warnings.place = _("Slide %(number)s", number=number)
        tree = slide.find(f"{P}cSld/{P}spTree")
        html = list(self._shapes(tree, 0)) if tree is not None else []
        if self._silent > DECORATION:
            self._warn("slide_drawing")
        written = [write_markdown(piece, self._warnings, level=1) for piece in html]
        blocks = [*filter(None, written), *self._notes(name)]
        heading = self._heading(slide, is_empty=not blocks)
        return [heading, *blocks] if heading else []

    def _heading(self, slide: Any, *, is_empty: bool) -> str:
        """Return the slide's heading; "" for one that has neither title nor content."""
        title = slide_title(slide)
        if not title and is_empty:
            self._warn("slide_empty")
            return ""
        if not title:
            self._warnings.name_once("slide_no_title", str(self._number))
        number = _("Slide %(number)s", number=self._number)
        return write_markdown(f"<h2>{escape(title or number)}</h2>", self._warnings, level=1)

    # --- shapes

    def _shapes(self, container: Any, depth: int) -> Iterator[str]:
        handlers: dict[str, Callable[[Any], Iterator[str]]] = {
            f"{P}sp": self._shape,
            f"{P}pic": self._picture,
            f"{P}graphicFrame": self._graphic,
        }
        for node in _chosen(container):
            if node.tag == f"{P}grpSp" and depth < DEEPEST_GROUP:
                yield from self._shapes(node, depth + 1)
            elif node.tag in handlers and not _is_hidden(node):
                yield from handlers[node.tag](node)
            elif node.tag == f"{P}cxnSp":
                self._silent += 1

    def _shape(self, node: Any) -> Iterator[str]:
        kind = _placeholder(node)
        if kind in _TITLES or kind in _EDGES:
            return
        body = node.find(f"{P}txBody")
        found = (
            read_paragraphs(body, self._relations, bulleted=kind in _BULLETED)
            if body is not None
            else []
        )
        yield from write_html(found)
        if node.find(f"{P}spPr/{A}blipFill/{A}blip") is not None:
            yield from self._shown(node.find(f"{P}spPr/{A}blipFill/{A}blip"), node)
        elif not found and kind is None:
            self._silent += 1

    def _picture(self, node: Any) -> Iterator[str]:
        properties = node.find(f"{P}nvPicPr/{P}nvPr")
        if properties is not None:
            sound = [
                child
                for child in properties
                if child.tag
                in (f"{A}videoFile", f"{A}audioFile", f"{A}wavAudioFile", f"{A}quickTimeFile")
            ]
            if sound:
                yield from self._recording(sound[0], properties, node)
                return
        blip = node.find(f"{P}blipFill/{A}blip")
        if blip is not None:
            yield from self._shown(blip, node)

    def _shown(self, blip: Any, node: Any) -> Iterator[str]:
        relation = self._relations.get(blip.get(f"{R}embed") or "")
        if relation is None or relation.outside:
            self._warnings.add("office_picture_away")
            return
        name = self._pictures.name_of(relation.target)
        alt = _description(node)
        if name is None:
            if alt:
                yield f"<p>{escape(alt)}</p>"
            return
        if not alt:
            self._warnings.name("office_no_words", name.removeprefix("images/"))
        yield f'<p><img src="{name}" alt="{escape(alt)}"></p>'

    def _recording(self, link: Any, properties: Any, node: Any) -> Iterator[str]:
        embedded = next(properties.iter(f"{P14}media"), None)
        identifiers = [] if embedded is None else [embedded.get(f"{R}embed")]
        identifiers += [link.get(f"{R}link"), link.get(f"{R}embed")]
        found = [self._relations[key] for key in identifiers if key in self._relations]
        inside = next((relation for relation in found if not relation.outside), None)
        name = None if inside is None else self._recordings.name_of(inside.target)
        if name is None:
            self._warn("slide_media_away" if inside is None else "slide_media_kind")
            return
        title = _description(node) or clean(_shape_name(node))
        yield f'<p><img src="{name}" alt="{escape(title)}"></p>'

    # --- tables, charts, diagrams, objects

    def _graphic(self, node: Any) -> Iterator[str]:
        data = node.find(f"{A}graphic/{A}graphicData")
        if data is None:
            return
        uri = data.get("uri", "")
        if uri == _TABLE:
            yield from self._table(data)
        elif uri == graphics.CHART:
            yield from self._chart(data)
        elif uri == graphics.DIAGRAM:
            yield from self._diagram(data)
        else:
            program = next((child.get("progId") for child in data.iter(f"{P}oleObj")), "")
            self._warn("slide_object", kind=clean(program or "").partition(".")[0][:30] or "OLE")

    def _table(self, data: Any) -> Iterator[str]:
        table = data.find(f"{A}tbl")
        if table is None:
            return
        rows, merged = read_table(table)
        if merged:
            text = clean(" ".join(rows[0]))[:60] if rows else ""
            self._warnings.add("office_merged_cells", text=text)
        yield write_table(rows)

    def _chart(self, data: Any) -> Iterator[str]:
        root = self._part(graphics.chart_relation(data))
        title, rows = ("", []) if root is None else graphics.read_chart(root)
        if not rows:
            self._warn("slide_chart")
            return
        if title:
            yield f"<p><strong>{escape(title)}</strong></p>"
        yield write_table(rows)

    def _diagram(self, data: Any) -> Iterator[str]:
        root = self._part(graphics.diagram_relation(data))
        if root is None:
            self._warn("slide_drawing")
            return
        points = graphics.read_smart_art(root)
        yield from write_html([Paragraph(escape(text), BULLET, level) for level, text in points])

    def _part(self, identifier: str) -> Any | None:
        """Return the root of the part behind a relation; None when it is not in the file."""
        relation = self._relations.get(identifier)
        if relation is None or relation.outside or relation.target not in self._package.archive:
            return None
        return self._package.xml(relation.target)

    # --- notes

    def _notes(self, slide: str) -> Iterator[str]:
        """Yield what the speaker is to say, in a box."""
        name = self._package.find(slide, "notesSlide")
        if name is None:
            return
        relations = self._package.relations(name)
        said = [
            piece
            for shape in self._package.xml(name).iter(f"{P}sp")
            if _placeholder(shape) == "body" and shape.find(f"{P}txBody") is not None
            for piece in write_html(
                read_paragraphs(shape.find(f"{P}txBody"), relations, bulleted=False)
            )
        ]
        written = [write_markdown(piece, self._warnings, level=1) for piece in said]
        if any(written):
            yield "\n\n".join(["::: speaker", *filter(None, written), ":::"])

    def _warn(self, code: str, **values: object) -> None:
        self._warnings.add_at("", code, slide=self._number, **values)


def _chosen(container: Any) -> Iterator[Any]:
    """Yield the shapes; of a choice between versions the one that every program can show."""
    for node in container:
        if node.tag != f"{MC}AlternateContent":
            yield node
            continue
        versions = [*node.iterchildren(f"{MC}Fallback"), *node.iterchildren(f"{MC}Choice")]
        yield from next((version for version in versions if len(version)), ())


def _placeholder(node: Any) -> str | None:
    """Return the type of a placeholder, "" for one that names none; None for other shapes."""
    for holder in node.iterchildren(f"{P}nvSpPr"):
        found = holder.find(f"{P}nvPr/{P}ph")
        return None if found is None else found.get("type", "")
    return None


def slide_title(slide: Any) -> str:
    """Return what stands in a slide's title; "" when there is none."""
    for node in slide.iter(f"{P}sp"):
        if _placeholder(node) in _TITLES and node.find(f"{P}txBody") is not None:
            title = clean(plain_text(node.find(f"{P}txBody")))
            if title:
                return title
    return ""


def _properties(node: Any) -> Any | None:
    return next(node.iter(f"{P}cNvPr"), None)


def _description(node: Any) -> str:
    properties = _properties(node)
    if properties is None:
        return ""
    return tidy_alt(properties.get("descr")) or tidy_alt(properties.get("title"))


def _shape_name(node: Any) -> str:
    properties = _properties(node)
    return "" if properties is None else properties.get("name", "")


def _is_hidden(node: Any) -> bool:
    properties = _properties(node)
    return properties is not None and properties.get("hidden") in ("1", "true")

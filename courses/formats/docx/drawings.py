"""What is drawn in a Word paragraph: pictures kept, text boxes found, the rest named."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from courses.formats.docx.words import MC, NAMESPACES, PIC, WP, A, R, V, w
from courses.formats.office import graphics
from courses.formats.office.package import Package, Relation
from courses.formats.office.pictures import Pictures, tidy_alt
from courses.formats.office.warnings import Warnings
from lms.core.text import clean

_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
_BOX = w("txbxContent")
#: The last words of the addresses that say what a graphic is.
_GRAPHICS = ("chart", "diagram", "chartex")
_KINDS = {"Word": "Word", "Excel": "Excel", "PowerPoint": "PowerPoint", "AcroExch": "PDF"}


class Drawings:
    """The drawings of one document."""

    def __init__(self, package: Package, pictures: Pictures, warnings: Warnings) -> None:
        self._package = package
        self._pictures = pictures
        self._warnings = warnings
        #: Course's names of the pictures by the identifiers that the cleaned runs use.
        self.shown: dict[str, str] = {}

    def put(self, node: Any, run: Any, relations: Mapping[str, Relation]) -> Iterator[Any]:
        """Add the node's pictures to the run, and yield the contents of its text boxes."""
        drawing = _choose(node)
        for ole in drawing.iter(_OLE):
            self._warnings.add("office_object", kind=_ole_kind(ole.get("ProgID", "")))
        for blip, alt in _blips(drawing):
            self._picture(blip, alt, run, relations)
        yield from _boxes(drawing)
        for data in drawing.iter(f"{{{A}}}graphicData"):
            if data.get("uri", "").rpartition("/")[2] in _GRAPHICS:
                yield from self._graphic(data, relations)

    def _graphic(self, data: Any, relations: Mapping[str, Relation]) -> Iterator[Any]:
        """Yield a chart's figures or a diagram's words as if they stood in a text box."""
        identifier = graphics.chart_relation(data) or graphics.diagram_relation(data)
        relation = relations.get(identifier)
        if relation is None or relation.outside or relation.target not in self._package.archive:
            self._warnings.add("office_drawing")
            return
        root = self._package.xml(relation.target)
        title, rows = graphics.read_chart(root) if graphics.chart_relation(data) else ("", [])
        points = [] if rows else graphics.read_smart_art(root)
        if not rows and not points:
            self._warnings.add("office_drawing")
            return
        yield _box(title, rows, [f"{'– ' * level}{text}" for level, text in points])

    def _picture(
        self, identifier: str, alt: str, run: Any, relations: Mapping[str, Relation]
    ) -> None:
        relation = relations.get(identifier)
        if relation is None or relation.outside:
            self._warnings.add("office_picture_away")
            return
        name = self._pictures.name_of(relation.target)
        if name is None:
            if alt:
                etree.SubElement(run, w("t")).text = alt
            return
        if not alt:
            self._warnings.name("office_no_words", name.removeprefix("images/"))
        own = f"picture{len(self.shown)}"
        self.shown[own] = name
        run.append(_inline(own, alt))


def _choose(node: Any) -> Any:
    """Return the version of a drawing that says most: newer programs write two."""
    if node.tag != f"{{{MC}}}AlternateContent":
        return node
    versions = [*node.iterchildren(f"{{{MC}}}Choice"), *node.iterchildren(f"{{{MC}}}Fallback")]
    for version in versions:
        if any(True for _part in _blips(version)) or any(True for _box in _boxes(version)):
            return version
    return versions[0] if versions else node


def _blips(drawing: Any) -> Iterator[tuple[str, str]]:
    """Yield the relation and the description of each picture outside of text boxes."""
    for element in drawing.iter(f"{{{A}}}blip", f"{{{V}}}imagedata"):
        if any(
            above.tag == _BOX and _is_within(above, drawing) for above in element.iterancestors()
        ):
            continue
        identifier = (
            element.get(f"{{{R}}}embed") or element.get(f"{{{R}}}link") or element.get(f"{{{R}}}id")
        )
        if identifier:
            yield identifier, _description(element, drawing)


def _description(element: Any, drawing: Any) -> str:
    """Return the alternative text: of the picture itself, else of the drawing around it."""
    for above in element.iterancestors():
        for holder in (above, *above.findall(f"{{{WP}}}docPr"), *_picture_names(above)):
            for name in ("descr", "alt", "title"):
                if words := tidy_alt(holder.get(name)):
                    return words
        if above is drawing:
            break
    return ""


def _picture_names(element: Any) -> list[Any]:
    return list(element.findall(f"{{{PIC}}}nvPicPr/{{{PIC}}}cNvPr"))


def _boxes(drawing: Any) -> Iterator[Any]:
    """Yield the outermost text boxes; those within them are found when they are read."""
    for box in drawing.iter(_BOX):
        if not any(
            above.tag == _BOX and _is_within(above, drawing) for above in box.iterancestors()
        ):
            yield box


def _is_within(element: Any, drawing: Any) -> bool:
    return any(above is drawing for above in element.iterancestors())


def _box(title: str, rows: graphics.Rows, lines: Sequence[str]) -> Any:
    """Return a text box as Word writes it."""
    box = etree.Element(_BOX, nsmap=NAMESPACES)
    if title:
        _add_paragraph(box, title, "b")
    for line in lines:
        _add_paragraph(box, line)
    if rows:
        table = etree.SubElement(box, w("tbl"))
        for cells in rows:
            row = etree.SubElement(table, w("tr"))
            for cell in cells:
                _add_paragraph(etree.SubElement(row, w("tc")), cell)
    return box


def _add_paragraph(parent: Any, text: str, look: str = "") -> None:
    run = etree.SubElement(etree.SubElement(parent, w("p")), w("r"))
    if look:
        etree.SubElement(etree.SubElement(run, w("rPr")), w(look))
    etree.SubElement(run, w("t")).text = text


def _ole_kind(program: str) -> str:
    name = clean(program).partition(".")[0][:30]
    return _KINDS.get(name, name) or "OLE"


def _inline(identifier: str, alt: str) -> Any:
    """Return a picture as mammoth reads it."""
    drawing = etree.Element(w("drawing"), nsmap=NAMESPACES)
    inline = etree.SubElement(drawing, f"{{{WP}}}inline")
    etree.SubElement(inline, f"{{{WP}}}docPr").set("descr", alt)
    graphic = etree.SubElement(inline, f"{{{A}}}graphic")
    data = etree.SubElement(graphic, f"{{{A}}}graphicData")
    picture = etree.SubElement(data, f"{{{PIC}}}pic")
    fill = etree.SubElement(picture, f"{{{PIC}}}blipFill")
    etree.SubElement(fill, f"{{{A}}}blip").set(f"{{{R}}}embed", identifier)
    return drawing

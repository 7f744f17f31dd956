"""What stands within a Word paragraph, copied piece by piece into runs that mammoth reads whole."""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from courses.formats.docx.drawings import Drawings
from courses.formats.docx.words import MC, M, R, is_on, value, w
from courses.formats.office.package import Relation
from courses.formats.office.text import is_link, lowered, raised
from courses.formats.office.warnings import Warnings
from lms.core.text import clean

#: Around a list item's number, for lists that go on after something else; private signs that
#: no text holds, since they are taken out of it.
LABEL = ("\ue000", "\ue001")

#: Signs and pieces after which a run is not joined with the next any more.
LONGEST_RUN = 500
#: Their children stand in their place.
WRAPPERS = frozenset(
    map(w, ("ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "fldSimple", "sdtContent"))
)
#: Changes under review that take something away.
DELETED = frozenset(map(w, ("del", "moveFrom")))
MEDIA = frozenset({w("drawing"), w("pict"), w("object"), f"{{{MC}}}AlternateContent"})
_PRIVATE = re.compile(f"[{LABEL[0]}{LABEL[1]}]")
_OLD_FONT = re.compile(r"\.Vn.*|VNI[- ].*|\.TMC.*|VnTime.*")
_SHIFTS: dict[str, Callable[[str], str]] = {"superscript": raised, "subscript": lowered}
_MATH_TEXT = f"{{{M}}}t"
_FIXED = {"tab": " ", "ptab": " ", "noBreakHyphen": "‑"}


class Inline:
    """The runs of one document."""

    def __init__(self, drawings: Drawings, warnings: Warnings, notes: set[tuple[str, str]]) -> None:
        self._drawings = drawings
        self._warnings = warnings
        self._notes = notes
        self._boxes: list[Any] = []
        #: What the part being read points to.
        self.relations: dict[str, Relation] = {}
        #: Addresses that links lead to, by the identifiers they are given.
        self.links: dict[str, str] = {}
        self._elements: dict[str, Callable[[Any, Any, bool], None]] = {
            w("r"): self._run,
            w("hyperlink"): self._hyperlink,
            w("sdt"): self._sdt,
            w("ruby"): self._ruby,
            f"{{{M}}}oMath": self._equation,
            f"{{{M}}}oMathPara": self._equation,
        }
        self._pieces: dict[str, Callable[[Any, Any], None]] = {
            w("br"): _copy_break,
            w("cr"): _copy_break,
            w("sym"): _copy_symbol,
            w("fldChar"): _copy_field,
            w("instrText"): _copy_field,
            w("footnoteReference"): self._note,
            w("endnoteReference"): self._note,
            w("commentReference"): lambda _child, _run: self._warnings.count("office_comments"),
            **dict.fromkeys(MEDIA, self._media),
            **{w(name): _fixed(text) for name, text in _FIXED.items()},
        }

    def copy(self, node: Any, out: Any, plain: bool) -> None:
        """Add a paragraph's runs to a cleaned one; without bold and italic when ``plain``."""
        for child in node:
            if child.tag in self._elements:
                self._elements[child.tag](child, out, plain)
            elif child.tag in WRAPPERS:
                if child.tag == w("ins"):
                    self._warnings.count("office_changes")
                self.copy(child, out, plain)
            elif child.tag in DELETED:
                self._warnings.count("office_changes")

    def take_boxes(self) -> list[Any]:
        """Return the text boxes that were met since the last time."""
        boxes, self._boxes = self._boxes, []
        return boxes

    # --- elements of a paragraph

    def _sdt(self, node: Any, out: Any, plain: bool) -> None:
        for content in node.iterchildren(w("sdtContent")):
            self.copy(content, out, plain)

    def _ruby(self, node: Any, out: Any, plain: bool) -> None:
        for base in node.iterchildren(w("rubyBase")):
            self.copy(base, out, plain)

    def _equation(self, node: Any, out: Any, _plain: bool) -> None:
        text = "".join(node.itertext(_MATH_TEXT))
        self._warnings.add("office_equation", text=clean(text)[:60])
        add_text(out, text)

    def _hyperlink(self, node: Any, out: Any, plain: bool) -> None:
        self.copy(node, self._link(node, out), plain)

    def _link(self, node: Any, out: Any) -> Any:
        """Return a link to add the runs to; the paragraph itself when it leads nowhere."""
        relation = self.relations.get(node.get(f"{{{R}}}id", ""))
        if relation is None or not relation.outside:
            return out
        target = clean(relation.target)
        if not is_link(target):
            text = clean("".join(node.itertext(w("t"))))[:60]
            self._warnings.add("office_link", text=text)
            return out
        identifier = f"link{len(self.links)}"
        self.links[identifier] = target
        link = etree.SubElement(out, w("hyperlink"))
        link.set(f"{{{R}}}id", identifier)
        return link

    def _run(self, node: Any, out: Any, plain: bool) -> None:
        properties = node.find(w("rPr"))
        look: tuple[str, ...] = ()
        shift: Callable[[str], str] = str
        if properties is not None:
            if is_on(properties, "vanish"):
                if has_text(node):
                    self._warnings.add("office_hidden_text")
                return
            self._check_font(properties)
            look = () if plain else _look(properties)
            shift = _SHIFTS.get(value(properties, "vertAlign") or "", str)
        run = _open_run(out, look)
        for child in node:
            if child.tag == w("t"):
                _add_piece(run, shift(child.text or ""))
            elif child.tag in self._pieces:
                self._pieces[child.tag](child, run)

    # --- pieces of a run

    def _note(self, node: Any, run: Any) -> None:
        kind = "footnote" if node.tag == w("footnoteReference") else "endnote"
        identifier = node.get(w("id"), "")
        if (kind, identifier) in self._notes:
            etree.SubElement(run, node.tag).set(w("id"), identifier)

    def _media(self, node: Any, run: Any) -> None:
        self._boxes += self._drawings.put(node, run, self.relations)

    def _check_font(self, properties: Any) -> None:
        fonts = properties.find(w("rFonts"))
        if fonts is None:
            return
        for name in (fonts.get(w("ascii")), fonts.get(w("hAnsi"))):
            if name and is_old_font(name):
                self._warnings.add_once("office_old_font", font=clean(name)[:40])


def is_old_font(name: str) -> bool:
    """Tell whether a font is one of TCVN3 or VNI, whose letters are not Unicode's."""
    return _OLD_FONT.fullmatch(name) is not None


def has_text(node: Any) -> bool:
    """Tell whether anything is written in an element of Word's."""
    return any((text or "").strip() for text in node.itertext(w("t")))


def add_text(out: Any, text: str) -> None:
    """Add a run that holds nothing but this text."""
    run = etree.SubElement(out, w("r"))
    etree.SubElement(run, w("t")).text = text


def _add_piece(run: Any, text: str) -> None:
    text = _PRIVATE.sub("", text)
    if len(run) and run[-1].tag == w("t"):
        run[-1].text = (run[-1].text or "") + text
    else:
        etree.SubElement(run, w("t")).text = text


def _fixed(text: str) -> Callable[[Any, Any], None]:
    return lambda _child, run: _add_piece(run, text)


def _look(properties: Any) -> tuple[str, ...]:
    return tuple(name for name in ("b", "i") if is_on(properties, name))


def _open_run(out: Any, look: tuple[str, ...]) -> Any:
    """Return the run before when it looks the same: Word cuts words up for its own ends."""
    last = out[-1] if len(out) else None
    if last is not None and last.get("look") == " ".join(look) and _has_room(last):
        return last
    run = etree.SubElement(out, w("r"))
    # For the next run only; mammoth does not know it.
    run.set("look", " ".join(look))
    properties = etree.SubElement(run, w("rPr"))
    for name in look:
        etree.SubElement(properties, w(name))
    return run


def _has_room(run: Any) -> bool:
    """Tell whether more may be joined to a run: each time its whole text is copied."""
    return len(run) < LONGEST_RUN and len(run[-1].text or "") < LONGEST_RUN


def _copy_break(node: Any, run: Any) -> None:
    # Ends of pages and columns mean nothing here.
    if node.get(w("type"), "textWrapping") == "textWrapping":
        etree.SubElement(run, w("br"))


def _copy_symbol(node: Any, run: Any) -> None:
    code, font = node.get(w("char"), ""), node.get(w("font"), "")
    if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) and font:
        symbol = etree.SubElement(run, w("sym"))
        symbol.set(w("char"), code)
        symbol.set(w("font"), font)


def _copy_field(node: Any, run: Any) -> None:
    """Copy the marks of fields, and the words of those that are links."""
    if node.tag == w("fldChar"):
        etree.SubElement(run, node.tag).set(w("fldCharType"), node.get(w("fldCharType"), ""))
    elif "HYPERLINK" in (node.text or ""):
        etree.SubElement(run, node.tag).text = node.text

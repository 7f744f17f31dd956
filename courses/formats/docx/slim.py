"""A cleaned Word document as a small file of our own, which mammoth turns into HTML.

Nothing of the file that was sent reaches mammoth but the cleaned paragraphs. Pictures are
stood for by their names in the course, so their bytes are never copied about.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import mammoth
from lxml import etree

from courses.formats.docx.cleaning import BULLETS, LIST_LEVELS, NUMBERS
from courses.formats.docx.words import NAMESPACES, w
from courses.formats.office.package import refusal
from courses.formats.zip_writing import ZipWriter

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#: Blocks that mammoth is given at a time: it holds some thirty times what it reads.
BATCH = 400
#: What cleaned paragraphs can be; mammoth's own map is longer and looked through for each.
_STYLE_MAP = "\n".join(
    [
        "p.Title => h6.title:fresh",
        "p.Quote => blockquote > p:fresh",
        *(f"p.Heading{level} => h{level}:fresh" for level in range(1, 7)),
        *(
            f"p:{kind}-list({level}) => {'ul|ol > li > ' * (level - 1)}{tag} > li:fresh"
            for kind, tag in (("unordered", "ul"), ("ordered", "ol"))
            for level in range(1, LIST_LEVELS + 1)
        ),
    ]
)
Note = tuple[str, str, list[Any]]


def to_html(
    body: Sequence[Any],
    notes: Sequence[Note],
    links: Mapping[str, str],
    pictures: Mapping[str, str],
) -> str:
    """Return mammoth's HTML of cleaned blocks; a picture's address is its name in the course.

    ``notes`` are kind, identifier and cleaned blocks. Raises UnreadableCourse for what
    mammoth cannot read all the same, like tables within tables without end.
    """
    return "".join(
        _convert(batch, list(_called(notes, batch)), links, pictures) for batch in _batches(body)
    )


def _batches(body: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the blocks a batch at a time; no list and no joined paragraphs are cut in two."""
    batch: list[Any] = []
    for block in body:
        if len(batch) >= BATCH and not any(_goes_on(one) for one in (batch[-1], block)):
            yield batch
            batch = []
        batch.append(block)
    yield batch


def _goes_on(block: Any) -> bool:
    return any(block.find(f"{w('pPr')}/{w(name)}") is not None for name in ("numPr", "rPr"))


def _called(notes: Iterable[Note], batch: Sequence[Any]) -> Iterator[Note]:
    """Yield the notes that these blocks call."""
    called = {
        (node.tag, node.get(w("id")))
        for block in batch
        for node in block.iter(w("footnoteReference"), w("endnoteReference"))
    }
    for note in notes:
        if (w(f"{note[0]}Reference"), note[1]) in called:
            yield note


def _convert(
    body: Sequence[Any],
    notes: Sequence[Note],
    links: Mapping[str, str],
    pictures: Mapping[str, str],
) -> str:
    file = io.BytesIO()
    with ZipWriter(file) as out:
        relations = _write_relations(links, pictures)
        out.add("word/document.xml", _write(_document(body)))
        out.add("word/_rels/document.xml.rels", relations)
        out.add("word/numbering.xml", _write(_numbering()))
        for kind in ("footnote", "endnote"):
            out.add(f"word/{kind}s.xml", _write(_notes(kind, notes)))
            out.add(f"word/_rels/{kind}s.xml.rels", relations)
        for identifier, name in pictures.items():
            out.add(f"word/{identifier}", name)
    try:
        result = mammoth.convert_to_html(
            file,
            style_map=_STYLE_MAP,
            include_default_style_map=False,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(_name_picture),
        )
    except Exception as error:
        # It reads on by recursion and trusts what it reads.
        raise refusal("office_damaged") from error
    return str(result.value)


def _name_picture(image: Any) -> dict[str, str]:
    with image.open() as file:
        return {"src": file.read().decode()}


def _document(body: Sequence[Any]) -> Any:
    root = etree.Element(w("document"), nsmap=NAMESPACES)
    etree.SubElement(root, w("body")).extend(body)
    return root


def _notes(kind: str, notes: Sequence[Note]) -> Any:
    root = etree.Element(w(f"{kind}s"), nsmap=NAMESPACES)
    for note_kind, identifier, blocks in notes:
        if note_kind == kind:
            node = etree.SubElement(root, w(kind))
            node.set(w("id"), identifier)
            node.extend(blocks)
    return root


def _numbering() -> Any:
    root = etree.Element(w("numbering"), nsmap=NAMESPACES)
    for list_id, form in ((BULLETS, "bullet"), (NUMBERS, "decimal")):
        abstract = etree.SubElement(root, w("abstractNum"))
        abstract.set(w("abstractNumId"), list_id)
        for level in range(LIST_LEVELS):
            node = etree.SubElement(abstract, w("lvl"))
            node.set(w("ilvl"), str(level))
            etree.SubElement(node, w("numFmt")).set(w("val"), form)
    for list_id in (BULLETS, NUMBERS):
        node = etree.SubElement(root, w("num"))
        node.set(w("numId"), list_id)
        etree.SubElement(node, w("abstractNumId")).set(w("val"), list_id)
    return root


def _write_relations(links: Mapping[str, str], pictures: Mapping[str, str]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for kind, targets in (("hyperlink", links), ("image", {key: key for key in pictures})):
        for identifier, target in targets.items():
            node = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship")
            node.set("Id", identifier)
            node.set("Type", _KINDS + kind)
            node.set("Target", target)
    return _write(root)


def _write(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

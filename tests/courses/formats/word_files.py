"""Word files for tests, written part by part: every sign in them is ours."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(words: str, look: str = "") -> str:
    """A run."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs, or of plain words."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = content if content.startswith(("<w:", "<m:")) else text(content)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def item(words: str, list_id: int, level: int = 0) -> str:
    """A paragraph in a list."""
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(words, "", numbers)


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of plain words; a cell that begins with < is taken as it is."""
    written = ""
    for row in rows:
        cells = (c if c.startswith("<w:tc>") else f"<w:tc>{paragraph(c)}</w:tc>" for c in row)
        written += f"<w:tr>{''.join(cells)}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"


def picture(relation: str, words: str = "") -> str:
    """A run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{escape(words)}"/>'
        "<a:graphic><a:graphicData><pic:pic><pic:blipFill>"
        f'<a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def chart(relation: str) -> str:
    """A run with a chart."""
    uri = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    return (
        f'<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="{uri}">'
        f'<c:chart xmlns:c="{uri}" r:id="{relation}"/></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
    for key, name, more in (
        ("Heading1", "heading 1", ""),
        ("Heading2", "heading 2", ""),
        ("Tiu1", "Tiêu đề 1", ""),
        ("Tiu2", "Tiêu đề 2", ""),
        ("Chuong", "Chương của tôi", '<w:basedOn w:val="Heading1"/>'),
        ("Muc", "Mục", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        ("Title", "Title", ""),
        ("Quote", "Intense Quote", ""),
        ("TOC1", "toc 1", ""),
    )
)

#: List 1 has bullets; 2 counts 1. and a); 3 writes Điều 1.; 4 goes on counting as 2 does.
NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="5"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>'
)


def word_file(
    *blocks: str,
    title: str = "",
    styles: str = STYLES,
    numbering: str = NUMBERING,
    notes: Mapping[str, str] | None = None,
    media: Mapping[str, bytes] | None = None,
    links: Mapping[str, str] | None = None,
    more: Mapping[str, bytes] | None = None,
    main_type: str = MAIN,
) -> bytes:
    """A .docx: ``media`` by relation (rIdP1) become word/media/<relation>.png, notes by number."""
    relations = [("rIdS", "styles", "styles.xml", ""), ("rIdN", "numbering", "numbering.xml", "")]
    relations += [("rIdF", "footnotes", "footnotes.xml", "")]
    relations += [(key, "image", f"media/{key}.png", "") for key in media or {}]
    relations += [(key, "hyperlink", to, "External") for key, to in (links or {}).items()]
    footnotes = "".join(
        f'<w:footnote w:id="{key}">{paragraph(words)}</w:footnote>'
        for key, words in (notes or {}).items()
    )
    parts = {
        "[Content_Types].xml": _types(main_type),
        "_rels/.rels": _relations(
            [
                ("rId1", "officeDocument", "word/document.xml", ""),
                ("rId2", "metadata/core-properties", "docProps/core.xml", ""),
            ]
        ),
        "docProps/core.xml": _core(title),
        "word/document.xml": _root("document", f"<w:body>{''.join(blocks)}</w:body>"),
        "word/_rels/document.xml.rels": _relations(relations),
        "word/styles.xml": _root("styles", styles),
        "word/numbering.xml": _root("numbering", numbering),
        "word/footnotes.xml": _root("footnotes", footnotes),
        **{f"word/media/{key}.png": data for key, data in (media or {}).items()},
        **(more or {}),
    }
    return pack(parts)


def pack(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def png(side: int = 2) -> bytes:
    """A small grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    lines = (b"\x00" + b"\x80" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def handbook(chapters: int = 10, paragraphs: int = 110) -> bytes:
    """A handbook; ten chapters of 110 paragraphs make about a hundred pages."""
    blocks = [paragraph("Sổ tay bình đẳng giới", "Title")]
    sentence = "Cơ quan, tổ chức và gia đình có trách nhiệm thực hiện bình đẳng giới theo luật. "
    for chapter in range(1, chapters + 1):
        blocks.append(paragraph(f"Chương {chapter}", "Heading1"))
        for number in range(paragraphs):
            if number % 12 == 0:
                blocks.append(paragraph(f"Mục {number // 12 + 1}", "Heading2"))
            words = text(sentence * 2) + text("Điều cần nhớ. ", "<w:b/>") + text(sentence * 2)
            blocks.append(paragraph(words))
        blocks.append(table([["Năm", "Nữ", "Nam"], *([str(y), "31", "69"] for y in range(9))]))
        blocks.append(paragraph(picture("rIdP1", "Biểu đồ tỉ lệ nữ lãnh đạo")))
    return word_file(*blocks, media={"rIdP1": png()})


def _root(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {NAMESPACES}>{content}</w:{name}>'


def _types(main_type: str) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>'
    )


def _relations(relations: Sequence[tuple[str, str, str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{_KINDS}/{kind}" Target="{escape(target)}"'
        f"{' TargetMode=' + chr(34) + mode + chr(34) if mode else ''}/>"
        for key, kind, target, mode in relations
    )
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def _core(title: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    )

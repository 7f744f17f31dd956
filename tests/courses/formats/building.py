"""Packages of other systems for tests, all of them written for this project."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping

from lxml import etree

from courses.formats.brought import Brought
from courses.formats.packed import (
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
    PackedPicture,
)
from lms.core.text import clean
from tests.courses.formats.pdf_files import pdf_file


def png(width: int = 4, height: int = 3) -> bytes:
    """Return a picture of one grey."""
    lines = (b"\0" + b"\x80" * width) * height
    chunks = (
        (b"IHDR", width.to_bytes(4) + height.to_bytes(4) + b"\x08\0\0\0\0"),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    parts = (
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PNG = png()
PDF = pdf_file(deterministic_id=True)
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0" * 200
PAGE = "<!DOCTYPE html><title>Trang</title><h1>Trang</h1>"

MANIFEST_12 = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1.1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>{title}</title>
{items}
</organization></organizations>
<resources{base}>
{resources}
</resources></manifest>"""

MANIFEST_2004 = (
    MANIFEST_12.replace("imsproject.org/xsd/imscp_rootv1p1p2", "imsglobal.org/xsd/imscp_v1p1")
    .replace("adlcp_rootv1p2", "adlcp_v1p3")
    .replace("<schemaversion>1.2", "<schemaversion>{edition}")
    .replace("xmlns:adlcp", 'xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xmlns:adlcp')
)

CARTRIDGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="C" xmlns="http://www.imsglobal.org/xsd/imsccv1p{minor}/imscp_v1p1"
 xmlns:lom="http://ltsc.ieee.org/xsd/imsccv1p{minor}/LOM/manifest">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.{minor}.0</schemaversion>
<lom:lom><lom:general><lom:title><lom:string>{title}</lom:string></lom:title></lom:general></lom:lom>
</metadata>
<organizations><organization identifier="O" structure="rooted-hierarchy">
<item identifier="root">{items}</item>
</organization></organizations>
<resources>{resources}</resources></manifest>"""

ITEM = '<item identifier="{0}" identifierref="R{0}"{2}><title>{1}</title>{3}</item>'
RESOURCE = '<resource identifier="R{0}" type="webcontent" adlcp:scormtype="{2}" href="{1}"/>'


def zip_of(files: Mapping[str, bytes | str]) -> bytes:
    """Return a zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def brought(data: bytes, name: str = "tệp.zip") -> Brought:
    """Return the bytes as a trainer brings them."""
    return Brought(io.BytesIO(data), name)


def item(name: str, title: str, attributes: str = "", inside: str = "") -> str:
    """Return an item that refers to the resource of the same name."""
    return ITEM.format(name, title, attributes, inside)


def resource(name: str, href: str, scorm_type: str = "sco") -> str:
    """Return what an item of that name shows."""
    return RESOURCE.format(name, href, scorm_type)


def scorm_12(
    items: str = item("a", "Bài 1"),
    resources: str = resource("a", "index.html"),
    title: str = "Bình đẳng giới",
    base: str = "",
    **files: bytes | str,
) -> bytes:
    """Return a SCORM 1.2 package; files are named with __ for a dot."""
    manifest = MANIFEST_12.format(title=title, items=items, resources=resources, base=base)
    return zip_of({"imsmanifest.xml": manifest, "index.html": PAGE, **_named(files)})


def scorm_2004(
    items: str = item("a", "Bài 1"),
    resources: str = resource("a", "index.html"),
    edition: str = "2004 4th Edition",
    **files: bytes | str,
) -> bytes:
    """Return a SCORM 2004 package."""
    manifest = MANIFEST_2004.format(
        title="Bình đẳng giới", items=items, resources=resources, base="", edition=edition
    )
    # SCORM 2004 writes the attribute with a capital.
    manifest = manifest.replace("adlcp:scormtype", "adlcp:scormType")
    return zip_of({"imsmanifest.xml": manifest, "index.html": PAGE, **_named(files)})


def cartridge(
    items: str, resources: str, files: Mapping[str, bytes | str], minor: int = 3
) -> bytes:
    """Return a Common Cartridge 1.x."""
    manifest = CARTRIDGE.format(minor=minor, title="Khóa mẫu", items=items, resources=resources)
    return zip_of({"imsmanifest.xml": manifest, **files})


def h5p(**changes: object) -> bytes:
    """Return H5P content with its library; changes are entries of h5p.json."""
    facts = {
        "title": "Nhận biết định kiến",
        "language": "vi",
        "mainLibrary": "H5P.Thu",
        "preloadedDependencies": [{"machineName": "H5P.Thu", "majorVersion": 1, "minorVersion": 0}],
        **changes,
    }
    library = {"title": "Thử", "machineName": "H5P.Thu", "majorVersion": 1, "minorVersion": 0}
    return zip_of(
        {
            "h5p.json": json.dumps(facts),
            "content/content.json": json.dumps({"text": "Xin chào"}),
            "H5P.Thu-1.0/library.json": json.dumps(library),
        }
    )


QUESTIONS = [
    {
        "key": "q01",
        "category": "Khái niệm",
        "type": "single_choice",
        "stem": "Giới là gì & <vì sao>?",
        "options": [{"text": "Đặc điểm xã hội", "correct": True}, {"text": "Đặc điểm sinh học"}],
        "feedback": "Giới do xã hội tạo nên.",
    },
    {
        "key": "q02",
        "category": "Khái niệm",
        "type": "multiple_choice",
        "stem": "Chọn hai.",
        "options": [
            {"text": "Một", "correct": True},
            {"text": "Hai", "correct": True},
            {"text": "Ba"},
        ],
    },
    {
        "key": "q03",
        "category": "Luật",
        "type": "true_false",
        "stem": "Luật Bình đẳng giới có từ năm 2006.",
        "answer": True,
    },
    {
        "key": "q04",
        "category": "Luật",
        "type": "short_answer",
        "stem": "Thủ đô?",
        "answers": ["Hà Nội", "TP. Hà Nội"],
    },
    {
        "key": "q05",
        "category": "Luật",
        "type": "matching",
        "stem": "Ghép đôi.",
        "pairs": [{"left": "A", "right": "1"}, {"left": "B", "right": "2"}],
        "extra": ["3"],
    },
]


def whole_course() -> PackedCourse:
    """Return a course with a lesson of each kind and a question of each type."""
    quiz = {
        "pass_mark": 70,
        "attempts": 2,
        "time_limit": 15,
        "sections": [
            {"title": "Phần một", "category": "Khái niệm", "draw": 2},
            {"title": "Phần hai", "category": "Luật", "draw": 3},
        ],
        "questions": QUESTIONS,
    }
    text = (
        "::: objectives\n- Nêu được khái niệm *giới*.\n:::\n\n## Một mục\n\n"
        "Chữ **đậm** và [liên kết](https://example.org/a).\n\n"
        "![Sơ đồ](images/so-do.png)\n\n| Nam | Nữ |\n|---|---|\n| 1 | 2 |"
    )
    rubric = [
        {
            "title": "Nội dung",
            "points": 10,
            "levels": [{"points": 10, "text": "Đủ"}, {"points": 0, "text": "Thiếu"}],
        }
    ]
    package = {"file": "packages/goi.zip", "standard": "scorm12", "launch": "index.html"}
    return PackedCourse(
        slug="khoa-mau",
        title="Khóa mẫu",
        periods=1,
        summary="Một câu về khóa.",
        modules=(
            PackedModule(
                "Phần một",
                (
                    PackedLesson("mo-dau", "Mở đầu", source=text),
                    PackedLesson("phim", "Xem phim", "video", settings={"file": "media/phim.mp4"}),
                    PackedLesson(
                        "so-tay", "Sổ tay", "document", settings={"file": "media/so-tay.pdf"}
                    ),
                ),
            ),
            PackedModule(
                "Phần hai",
                (
                    PackedLesson(
                        "bai-tap",
                        "Bài tập",
                        "assignment",
                        source="Soạn một điều luật.",
                        settings={"rubric": rubric, "file_types": ["docx"]},
                    ),
                    PackedLesson("goi", "Gói", "package", settings=package),
                    PackedLesson("kiem-tra", "Kiểm tra", "quiz", quiz=quiz),
                ),
            ),
        ),
        pictures={"images/so-do.png": PackedPicture(PNG, "image/png")},
        files={
            "media/phim.mp4": PackedFile.of_bytes("video/mp4", MP4),
            "media/phim.vi.vtt": PackedFile.of_bytes(
                "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nXin chào\n".encode()
            ),
            "media/so-tay.pdf": PackedFile.of_bytes("application/pdf", PDF),
            "packages/goi.zip": PackedFile.of_bytes("application/zip", scorm_12()),
        },
    )


def text_of(html: str) -> str:
    """Return what a reader sees of a page."""
    root = etree.fromstring(f"<div>{html}</div>", etree.HTMLParser())
    return clean(" ".join(root.itertext())) if root is not None else ""


def squeezed(text: str) -> str:
    """Return the text without white space, which a page may hold in any number."""
    return re.sub(r"\s+", "", clean(text))


def _named(files: Mapping[str, bytes | str]) -> dict[str, bytes | str]:
    return {name.replace("__", "."): content for name, content in files.items()}

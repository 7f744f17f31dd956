"""Courses whose lessons have rules, and files that learners hand in."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from courses.models import Course, Lesson, Module, Revision
from lms.core.clock import now
from lms.core.db import db
from lms.people.models import Person
from tests.factories import Factory
from tests.services.page_client import PageClient

RUBRIC = [
    {
        "title": "Xác định vấn đề giới",
        "points": 6,
        "levels": [
            {"points": 6, "text": "Nêu đủ, có số liệu tách biệt theo giới tính"},
            {"points": 3, "text": "Nêu được một phần"},
            {"points": 0, "text": "Chưa nêu"},
        ],
    },
    {
        "title": "Biện pháp",
        "points": 4,
        "levels": [{"points": 4, "text": "Khả thi"}, {"points": 1.5, "text": "Chung chung"}],
    },
]
EXERCISE = {"rubric": RUBRIC, "pass_points": 5}
_numbers = count(1)
_WORD = (
    (
        "[Content_Types].xml",
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
    ),
    (
        "_rels/.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    (
        "word/document.xml",
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Bài làm</w:t></w:r></w:p></w:body></w:document>',
    ),
)
_PLAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def make_ruled_course(
    make: Factory,
    lessons: Sequence[Mapping[str, Any]],
    *,
    owner: Person | None = None,
    published: bool = True,
    in_order: bool = False,
) -> Course:
    """Make a course of lessons given by what is not usual about them, called bai-1 and so on."""
    with make.writing():
        course = Course(
            slug=f"khoa-luat-{next(_numbers)}",
            owner_id=owner.id if owner else None,
            created_at=now(),
        )
        revision = Revision(
            course=course,
            number=1,
            state="published" if published else "draft",
            title="Lồng ghép giới trong văn bản",
            periods=8,
            in_order=in_order,
            updated_at=now(),
            published_at=now() if published else None,
        )
        module = Module(revision=revision, key="phan-1", position=1, title="Phần một")
        db.session.add_all([course, revision, module])
        db.session.flush()
        for position, facts in enumerate(lessons, 1):
            db.session.add(_lesson(revision, module, position, facts))
        db.session.commit()
        db.session.refresh(course)
        db.session.expunge(course)
    return course


def word_file(*, macros: bool = False) -> bytes:
    """Return a small Word file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in _WORD:
            main = _WITH_MACROS if macros else _PLAIN
            file.writestr(zipfile.ZipInfo(name), text.replace("{main}", main))
        if macros:
            file.writestr(zipfile.ZipInfo("word/vbaProject.bin"), b"\xd0\xcf\x11\xe0")
    return buffer.getvalue()


def hand_in(
    client: PageClient,
    course: Course,
    data: bytes | None = None,
    name: str = "bai-lam.docx",
    key: str = "bai-1",
    note: str = "",
) -> Any:
    """Hand in a file as the one who is signed in."""
    file = (io.BytesIO(word_file() if data is None else data), name)
    return client.post(
        f"/courses/{course.slug}/lessons/{key}/hand-in", data={"file": file, "note": note}
    )


def _lesson(revision: Revision, module: Module, position: int, facts: Mapping[str, Any]) -> Lesson:
    usual = {
        "key": f"bai-{position}",
        "kind": "article",
        "title": f"Bài {position}",
        "source": "Giới là đặc điểm, vị trí, vai trò của nam và nữ.",
    }
    return Lesson(
        revision_id=revision.id, module_id=module.id, position=position, **{**usual, **facts}
    )

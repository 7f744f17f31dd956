"""Spoilt Office and PDF files never make a reader fail in a way that it does not explain."""

import io

import pikepdf
import pytest

from courses.formats import docx, office, pdf, pptx
from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from tests.courses.formats.fuzzing import fuzz, mutate
from tests.courses.formats.pdf_files import add_address, add_attachment, add_script, pdf_file
from tests.courses.formats.slide_files import chart_part, full_deck
from tests.courses.formats.word_files import (
    chart,
    item,
    paragraph,
    picture,
    png,
    table,
    text,
    word_file,
)


def full_document() -> bytes:
    box = f"<w:txbxContent>{paragraph('khung')}</w:txbxContent>"
    return word_file(
        paragraph("Sổ tay", "Title"),
        paragraph("Một", "Heading1", '<w:numPr><w:numId w:val="3"/></w:numPr>'),
        paragraph(text("đậm", "<w:b/>") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        paragraph(f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"),
        item("a", 1),
        item("b", 1, 1),
        item("c", 2),
        paragraph("Hai", "Tiu2"),
        table([["x", "y"], ["1", f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{table([["z"]])}</w:tc>']]),
        paragraph(f'<w:hyperlink r:id="rIdL">{text("luật")}</w:hyperlink>' + picture("rIdP1", "Hình")),
        title="Sổ tay",
        notes={"2": "ghi chú"},
        media={"rIdP1": png()},
        links={"rIdL": "https://vbpl.vn"},
    )  # fmt: skip


def pdf_seeds() -> list[bytes]:
    plain = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False}
    acting = (pdf_file(2, "T", finish, **plain) for finish in (add_script, add_attachment))
    return [pdf_file(3, "Sổ tay", add_address), *acting]


def test_word_documents():
    with_chart = word_file(paragraph(chart("rIdC")), media={"rIdC": chart_part()})
    fuzz(docx.read, [full_document(), with_chart], rounds=150)


def test_presentations():
    fuzz(pptx.read, [full_deck()], rounds=100)


def test_pdf_files():
    fuzz(pdf.read, pdf_seeds(), rounds=150)


@pytest.mark.parametrize("module", [docx, pptx, office, pdf])
def test_telling_a_format_never_fails(module):
    fuzz(module.recognises, [full_document(), full_deck(), *pdf_seeds()], rounds=80)


def test_files_of_the_old_kind():
    seed = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
    fuzz(office.read, [seed], rounds=60)


def test_the_seeds_themselves_are_read():
    for module, seed in ((docx, full_document()), (pptx, full_deck()), (pdf, pdf_seeds()[1])):
        assert list(module.read(Brought(io.BytesIO(seed), "a")).lessons())


def test_mutations_reach_the_inside_of_a_file():
    """Enough of them are read all the same, and enough are refused."""
    seeds, read, refused = [full_document()], 0, 0
    for number in range(60):
        try:
            docx.read(Brought(io.BytesIO(mutate(seeds, number)), "a"))
            read += 1
        except UnreadableCourse:
            refused += 1
    assert read > 10
    assert refused > 10

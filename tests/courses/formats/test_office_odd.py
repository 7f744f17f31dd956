"""Office files that cannot be read are refused by name of the cause, whatever they are called."""

import io

import pytest

from courses.formats import docx, office, pptx
from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, UnreadableCourse
from courses.formats.office import package as office_package
from courses.formats.recognising import recognise
from tests.courses.formats.slide_files import Deck
from tests.courses.formats.word_files import MAIN, pack, paragraph, word_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(*streams: str) -> bytes:
    """A compound file as far as its names are looked at."""
    return OLE + bytes(1000) + b"".join(name.encode("utf-16-le") for name in streams) + bytes(600)


def refusal(data: bytes, filename: str = "a.docx") -> str:
    brought = Brought(io.BytesIO(data), filename)
    with pytest.raises(UnreadableCourse) as caught:
        recognise(brought).read(brought)
    (fault,) = caught.value.faults
    assert MESSAGES[fault.code].format(**fault.values)
    return fault.code


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        (("EncryptionInfo", "EncryptedPackage"), "office_password"),
        (("WordDocument", "1Table"), "office_old_word"),
        (("PowerPoint Document",), "office_old_slides"),
        (("EncryptedSummary", "PowerPoint Document"), "office_password"),
        (("Workbook",), "office_old_sheet"),
        (("Something",), "office_old_other"),
    ],
)
def test_files_of_the_old_kind_are_refused_by_what_they_are(streams, code):
    assert refusal(ole(*streams)) == code


def test_an_excel_file_is_refused_with_what_would_do():
    sheet = MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet")
    assert refusal(word_file(paragraph("x"), main_type=sheet)) == "office_sheet"


def test_a_macro_document_is_refused_even_when_the_macros_were_taken_out():
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert refusal(word_file(paragraph("x"), main_type=kind)) == "office_macros"


def test_strict_open_xml_is_refused_with_what_would_do():
    data = word_file(paragraph("x"))
    strict = b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'
    assert refusal(_with(data, "word/document.xml", strict)) == "office_strict"


def test_a_template_is_a_document_too():
    kind = MAIN.replace("document.main", "template.main")
    brought = Brought(io.BytesIO(word_file(paragraph("x"), main_type=kind)), "a.dotx")
    assert recognise(brought) is docx


def test_formats_are_told_by_content_and_not_by_name():
    deck = Deck("T")
    deck.slide("a", "b")
    assert recognise(Brought(io.BytesIO(deck.data()), "a.docx")) is pptx
    assert recognise(Brought(io.BytesIO(word_file(paragraph("x"))), "a.pptx")) is docx


def test_what_is_no_office_file_is_left_to_others():
    for data in (b"", b"PK\x03\x04", b"%PDF-1.7", pack({"imsmanifest.xml": "<m/>"})):
        brought = Brought(io.BytesIO(data), "a.docx")
        assert not any(module.recognises(brought) for module in (docx, pptx, office))


def test_a_document_whose_main_part_is_gone_is_refused():
    assert refusal(pack({"[Content_Types].xml": "<Types/>", "word/x.xml": "<x/>"})) == (
        "office_damaged"
    )


def test_parts_too_large_to_be_text_are_refused(monkeypatch):
    monkeypatch.setattr(office_package, "PART_BYTES", 50_000)
    assert refusal(word_file(paragraph("chữ " * 20_000))) == "office_too_large"


def _with(data: bytes, name: str, content: bytes) -> bytes:
    archive = Brought(io.BytesIO(data), "").archive
    assert archive is not None
    return pack({**{key: archive[key] for key in archive}, name: content})

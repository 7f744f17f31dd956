"""A PDF becomes a course of one lesson that shows it, without what could act."""

import io

import pikepdf
import pytest

from courses.formats import pdf
from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, UnreadableCourse
from courses.formats.packed import FILE_NAME, PackedCourse
from tests.courses.formats.pdf_files import (
    add_address,
    add_attachment,
    add_launch,
    add_script,
    pdf_file,
)

ACTING = (b"/JavaScript", b"/JS", b"/Launch", b"cmd.exe", b"/EmbeddedFile", b"MZ programs")


def read(data: bytes, filename: str = "Sổ tay.pdf") -> PackedCourse:
    brought = Brought(io.BytesIO(data), filename)
    assert pdf.recognises(brought)
    return pdf.read(brought)


def kept(course: PackedCourse) -> bytes:
    ((name, file),) = course.files.items()
    assert FILE_NAME.fullmatch(name)
    with file.open() as stream:
        return stream.read()


def codes(course: PackedCourse) -> list[str]:
    assert all(MESSAGES[fault.code] for fault in course.warnings)
    return [fault.code for fault in course.warnings]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableCourse) as caught:
        read(data)
    return caught.value.faults[0].code


def test_a_plain_pdf_is_kept_byte_for_byte_in_one_lesson():
    data = pdf_file(30, "Sổ tay bình đẳng giới", add_address)
    course = read(data)
    (lesson,) = course.lessons()
    assert (course.title, lesson.kind) == ("Sổ tay bình đẳng giới", "document")
    assert lesson.settings == {"file": "media/so-tay-binh-dang-gioi.pdf"}
    assert (lesson.minutes, course.periods) == (60, 2)
    assert kept(course) == data
    assert codes(course) == []


def test_without_a_title_the_file_lends_its_name():
    assert read(pdf_file(1, "Microsoft Word - x.doc")).title == "Sổ tay"


@pytest.mark.parametrize("finish", [add_script, add_launch, add_attachment])
def test_what_could_act_is_taken_out(finish):
    course = read(pdf_file(2, "", finish, compress_streams=False))
    assert codes(course) == ["pdf_scripts"]
    with pikepdf.open(io.BytesIO(kept(course))) as cleaned:
        assert len(cleaned.pages) == 2
        plain = io.BytesIO()
        cleaned.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert not any(mark in plain.getvalue() for mark in ACTING)


def test_cleaning_gives_the_same_bytes_each_time():
    data = pdf_file(2, "", add_script)
    assert read(data).files == read(data).files


def test_a_scan_without_text_is_said_to_be_one():
    assert codes(read(pdf_file(text=False))) == ["pdf_no_text"]


def test_a_signature_that_cannot_last_is_said_to_be_gone():
    def finish(one: pikepdf.Pdf) -> None:
        add_script(one)
        one.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), SigFlags=3)

    assert codes(read(pdf_file(1, "", finish))) == ["pdf_scripts", "pdf_signature"]


def test_a_password_is_refused():
    locked = pikepdf.Encryption(owner="o", user="u")
    assert refusal(pdf_file(encryption=locked)) == "pdf_password"


def test_a_pdf_that_may_not_be_printed_can_still_be_shown():
    locked = pikepdf.Encryption(owner="o", user="")
    assert codes(read(pdf_file(encryption=locked))) == []


def test_a_pdf_cut_short_is_refused():
    data = pdf_file(3)
    assert refusal(data[: len(data) // 2]) == "pdf_damaged"


def test_a_pdf_whose_index_is_off_is_mended():
    data = pdf_file(3, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    course = read(data.replace(b"startxref\n", b"startxref\n9"))
    with pikepdf.open(io.BytesIO(kept(course)), attempt_recovery=False) as mended:
        assert len(mended.pages) == 3


def test_a_pdf_of_no_pages_is_refused():
    assert refusal(pdf_file(0)) == "pdf_empty"


def test_text_that_calls_itself_pdf_is_refused():
    assert refusal(b"%PDF-1.7\n<html>") == "pdf_damaged"

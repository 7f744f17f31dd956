"""Pages of Common Cartridges, with the pictures and files that they show."""

import base64
import io

import pytest
from PIL import Image

from tests.courses.formats.building import (
    MP4,
    PDF,
    PNG,
    cartridge,
    png,
    zip_of,
)
from tests.courses.formats.cartridges import item, page, read_one, refusal, resource
from tests.courses.formats.pdf_files import add_script, pdf_file
from tests.courses.formats.word_files import handbook


@pytest.mark.parametrize(
    "src",
    [
        "../hinh/so%20%C4%91%E1%BB%93.png",
        "$IMS-CC-FILEBASE$/hinh/so%20đồ.png",
        "%24IMS_CC_FILEBASE%24/so đồ.png?canvas_download=1",
        "/hinh/so đồ.png",
    ],
)
def test_pictures_are_found_however_they_are_addressed(src):
    html = page(f'<p><img src="{src}" alt="Sơ đồ"></p>')
    lesson, course, codes = read_one("trang/a.html", html, **{"hinh/so đồ.png": PNG})
    assert lesson.source == "![Sơ đồ](images/so-do.png)"
    assert course.pictures["images/so-do.png"].data == PNG
    assert codes == []


def test_pictures_that_stay_behind_leave_their_words_and_a_warning():
    html = page(
        "<p><img src='https://example.org/a.png' alt='Xa'><img src='thieu.png' alt='Thiếu'>"
        "<img src='hong.png' alt='Hỏng'><img src='hong.png' alt='DSC_01.JPG'></p>"
    )
    lesson, course, codes = read_one("a.html", html, **{"hong.png": b"junk"})
    assert lesson.source == "XaThiếuHỏng"
    assert course.pictures == {}
    assert codes == ["cc_picture_away", "cc_file_missing", "cc_picture"]


def test_a_picture_without_words_is_named():
    html = page("<img src='a.png' alt='a.png'><img src='b.png'>")
    lesson, _course, codes = read_one("a.html", html, **{"a.png": PNG, "b.png": png(9)})
    assert lesson.source == "![](images/a.png)![](images/b.png)"
    assert codes == ["cc_no_alt", "cc_no_alt"]


def test_a_picture_written_into_the_page_is_taken():
    data = base64.b64encode(PNG).decode()
    html = page(f"<img alt='Nhỏ' src='data:image/png;base64,{data}'>")
    lesson, course, _codes = read_one("a.html", html)
    assert course.pictures["images/picture.png"].data == PNG
    assert lesson.source == "![Nhỏ](images/picture.png)"


def test_an_old_picture_becomes_one_that_lessons_show():
    gif = io.BytesIO()
    Image.new("P", (3, 2)).save(gif, "GIF")
    html = page("<img src='a.gif' alt='Cũ'>")
    lesson, course, codes = read_one("a.html", html, **{"a.gif": gif.getvalue()})
    assert lesson.source == "![Cũ](images/a.png)"
    assert course.pictures["images/a.png"].content_type == "image/png"
    assert codes == []


def test_files_that_a_page_links_to_are_shown_at_its_end():
    html = page("<p>Xem <a href='tai-lieu.pdf'>tài liệu</a> và <a href='b.html'>trang</a>.</p>")
    lesson, course, codes = read_one("a.html", html, **{"tai-lieu.pdf": PDF, "b.html": page("b")})
    assert lesson.source == "Xem tài liệu và trang.\n\n![tai-lieu.pdf](media/tai-lieu.pdf)"
    assert course.files["media/tai-lieu.pdf"].content_type == "application/pdf"
    assert codes == ["cc_internal_link"]


@pytest.mark.parametrize(
    ("href", "content", "kind", "file"),
    [
        ("a.pdf", PDF, "document", "media/a.pdf"),
        ("phim.MOV", MP4, "video", "media/phim.mp4"),
        ("nghe.mp3", b"ID3" + bytes(100), "video", "media/nghe.mp3"),
    ],
)
def test_files_become_lessons_by_their_content(href, content, kind, file):
    lesson, course, codes = read_one(href, content)
    assert (lesson.kind, lesson.settings) == (kind, {"file": file})
    with course.files[file].open() as stream:
        assert stream.read() == content
    assert codes == []


def test_what_acts_in_a_document_is_taken_out_and_a_bad_one_left_out():
    lesson, course, codes = read_one("a.pdf", pdf_file(3, finish=add_script))
    assert lesson.minutes == 6
    with course.files["media/a.pdf"].open() as stream:
        assert b"app.alert" not in stream.read()
    assert codes == ["pdf_scripts"]
    html = page("<a href='a.pdf'>a</a>")
    _lesson, course, codes = read_one("a.html", html, **{"a.pdf": b"%PDF-1.7\njunk"})
    assert course.files == {}
    assert codes == ["cc_file", "pdf_damaged"]


def test_captions_beside_a_video_come_with_it():
    captions = "1\n00:00:00,000 --> 00:00:01,000\nXin chào\n"
    files = {"phim.srt": captions, "phim.en.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n"}
    lesson, course, _codes = read_one("phim.mp4", MP4, **files)
    assert lesson.settings == {"file": "media/phim.mp4"}
    assert set(course.files) == {"media/phim.mp4", "media/phim.vi.vtt", "media/phim.en.vtt"}
    assert course.files["media/phim.vi.vtt"].content_type == "text/vtt"


def test_a_picture_is_shown_and_an_office_file_offered():
    lesson, _course, _codes = read_one("hinh.png", PNG)
    assert (lesson.kind, lesson.source) == ("article", "![Bài](images/hinh.png)")
    lesson, _course, _codes = read_one("mau.docx", handbook(1, 1))
    assert lesson.source == "![Bài](media/mau.docx)"
    assert refusal(
        cartridge(item("r", "X"), resource("r", "a.docx"), {"a.docx": zip_of({"a": "b"})})
    ) == ["cc_nothing"]


def test_a_file_of_another_kind_is_left_out():
    assert refusal(cartridge(item("r", "X"), resource("r", "a.bin"), {"a.bin": b"junk"})) == [
        "cc_nothing"
    ]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("windows-1258", "<meta charset='windows-1258'>"),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'),
    ],
)
def test_pages_are_read_in_the_encoding_that_they_say(encoding, head):
    html = f"<html><head>{head}</head><body><p>Bà à</p></body></html>"
    lesson, _course, _codes = read_one("a.html", html.encode(encoding))
    assert lesson.source == "Bà à"


def test_what_scripts_and_styles_a_page_holds_never_comes_in():
    html = page(
        "<style>p{}</style><script>alert(1)</script><p onclick='x()'>Chữ &lt;b&gt; *sao*</p>"
        "<iframe src='https://example.org/v' title='Phim'></iframe>"
    )
    lesson, _course, codes = read_one("a.html", html)
    assert lesson.source == "Chữ \\<b\\> \\*sao\\*\n\n[Phim](https://example.org/v)"
    assert codes == ["cc_script", "cc_frame"]

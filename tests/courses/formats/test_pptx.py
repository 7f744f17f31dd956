"""Presentations become lessons of slides: text, tables, charts, pictures, videos and notes."""

import io

import pytest

from courses.formats import pptx
from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, UnreadableCourse
from courses.formats.office.graphics import DEEPEST, read_smart_art
from courses.formats.packed import PackedCourse
from courses.markdown import render
from lms.core.xml import parse_xml
from tests.courses.formats.slide_files import (
    BOX,
    MP4,
    Deck,
    add_chart,
    add_movie,
    add_picture,
    add_scatter,
    add_table,
    change,
    full_deck,
)


def read(data: bytes, filename: str = "Bài giảng.pptx") -> PackedCourse:
    brought = Brought(io.BytesIO(data), filename)
    assert pptx.recognises(brought)
    return pptx.read(brought)


def source(deck: Deck) -> str:
    (lesson,) = read(deck.data()).lessons()
    return lesson.source


def codes(course: PackedCourse) -> set[str]:
    assert all(MESSAGES[fault.code].format(**fault.values) for fault in course.warnings)
    return {fault.code for fault in course.warnings}


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableCourse) as caught:
        read(data)
    return caught.value.faults[0].code


def test_each_slide_is_a_heading_with_its_text_as_lists():
    deck = Deck("Bình đẳng giới")
    deck.slide("Khái niệm", "giới", ("xã hội", 1), ("thay đổi được", 1), "giới tính")
    deck.slide("Luật", "Luật Bình đẳng giới 2006")
    course = read(deck.data())
    assert (course.title, course.slug) == ("Bình đẳng giới", "binh-dang-gioi")
    (lesson,) = course.lessons()
    assert lesson.source == (
        "## Khái niệm\n\n- giới\n  - xã hội\n  - thay đổi được\n- giới tính\n\n"
        "## Luật\n\nLuật Bình đẳng giới 2006"
    )


def test_sections_are_lessons():
    course = read(full_deck())
    assert [lesson.title for lesson in course.lessons()] == ["Phần một", "Phần hai"]


def test_slides_outside_of_every_section_are_not_lost():
    deck = Deck("T")
    for title in ("a", "b", "c"):
        deck.slide(title, title)
    deck.sections(("Một", [0]), ("Hai", [1]))
    assert [lesson.title for lesson in read(deck.data()).lessons()] == ["T", "Một", "Hai"]


def test_many_slides_without_sections_become_lessons_of_like_length():
    deck = Deck("T")
    for number in range(45):
        deck.slide(f"Trang {number}", "x")
    lessons = list(read(deck.data()).lessons())
    assert [lesson.source.count("## Trang") for lesson in lessons] == [15, 15, 15]
    assert lessons[0].title == "T: slides 1 to 15"


def test_notes_stand_in_a_box_of_the_speaker():
    deck = Deck("T")
    deck.slide("Mở đầu", "a", notes="Chào *anh* chị.\nMời xem.")
    written = source(deck)
    assert written.endswith("::: speaker\n\nChào \\*anh\\* chị.\n\nMời xem.\n\n:::")
    assert '<section class="callout speaker">' in render(written)


def test_tables_and_charts_are_tables():
    deck = Deck("T")
    slide = deck.slide("Số liệu")
    add_table(slide, [["Năm", "Nữ"], ["2026", "31"]])
    add_chart(slide, "Tỉ lệ nữ")
    assert source(deck) == (
        "## Số liệu\n\n| Năm | Nữ |\n|---|---|\n| 2026 | 31 |\n\n**Tỉ lệ nữ**\n\n"
        "|  | Nữ đại biểu |\n|---|---|\n| 2021 | 29,5 |\n| 2026 | 31 |"
    )


def test_a_chart_that_is_no_table_is_named():
    deck = Deck("T")
    add_scatter(deck.slide("Điểm", "x"))
    (warning,) = read(deck.data()).warnings
    assert (warning.code, warning.values) == ("slide_chart", {"slide": 1})


def test_merged_cells_are_named():
    deck = Deck("T")
    frame = add_table(deck.slide("Bảng"), [["a", "b"], ["c", "d"]])
    frame.table.cell(0, 0).merge(frame.table.cell(0, 1))
    assert "office_merged_cells" in codes(read(deck.data()))


def test_pictures_are_kept_with_their_words_and_those_without_are_named():
    deck = Deck("T")
    slide = deck.slide("Hình")
    add_picture(slide, "Sơ đồ lồng ghép giới")
    add_picture(deck.slide("Hình nữa"), "Picture 3")
    course = read(deck.data())
    (lesson,) = course.lessons()
    assert "![Sơ đồ lồng ghép giới](images/picture-1.png)" in lesson.source
    assert "![](images/picture-1.png)" in lesson.source
    assert list(course.pictures) == ["images/picture-1.png"]
    assert "office_no_words" in codes(course)


def test_a_video_inside_is_a_file_of_the_course_and_its_poster_is_not():
    deck = Deck("T")
    add_movie(deck.slide("Phim", "xem"))
    course = read(deck.data())
    (name,) = course.files
    assert name.startswith("media/")
    assert f"]({name})" in next(course.lessons()).source
    with course.files[name].open() as stream:
        assert stream.read() == MP4
    assert (course.files[name].content_type, course.pictures) == ("video/mp4", {})


def test_hidden_slides_are_left_out_and_named():
    deck = Deck("T")
    deck.slide("Hiện", "a")
    deck.slide("Ẩn", "b")._element.set("show", "0")
    course = read(deck.data())
    assert "Ẩn" not in next(course.lessons()).source
    (warning,) = course.warnings
    assert (warning.code, warning.values) == ("slide_hidden", {"slide": 2})


def test_slides_without_a_title_are_numbered_and_named_and_empty_ones_left_out():
    deck = Deck("T")
    deck.slide("", "a")
    deck.slide("")
    course = read(deck.data())
    assert next(course.lessons()).source == "## Slide 1\n\na"
    assert codes(course) == {"slide_no_title", "slide_empty"}


def test_groups_and_text_boxes_are_read_and_links_kept():
    deck = Deck("T")
    slide = deck.slide("Nhóm")
    group = slide.shapes.add_group_shape()
    run = group.shapes.add_textbox(*BOX).text_frame.paragraphs[0].add_run()
    run.text, run.hyperlink.address = "Luật", "https://vbpl.vn/"
    assert source(deck) == "## Nhóm\n\n[Luật](https://vbpl.vn/)"


def test_smart_art_is_read_as_a_list():
    def point(key: str, words: str, kind: str = "node") -> str:
        return (
            f'<dgm:pt modelId="{key}" type="{kind}"><dgm:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p>'
            "</dgm:t></dgm:pt>"
        )

    def link(above: str, below: str, order: int) -> str:
        return f'<dgm:cxn srcId="{above}" destId="{below}" srcOrd="{order}"/>'

    data = (
        '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst>'
        + point("0", "", "doc")
        + point("2", "Nội dung")
        + point("1", "Mở đầu")
        + point("3", "Luật")
        + "</dgm:ptLst><dgm:cxnLst>"
        + link("0", "2", 1)
        + link("0", "1", 0)
        + link("2", "3", 0)
        + link("3", "2", 0)  # a ring
        + "</dgm:cxnLst></dgm:dataModel>"
    )
    points = read_smart_art(parse_xml(data.encode()))
    assert points[:3] == [(0, "Mở đầu"), (0, "Nội dung"), (1, "Luật")]
    assert len(points) <= DEEPEST + 2


def test_text_stays_text():
    deck = Deck("T")
    deck.slide("# <b> *x*", "[a](b) ::: note | _c_")
    html = render(source(deck))
    assert "<h2># &lt;b&gt; *x*</h2>" in html
    assert "<p>[a](b) ::: note | _c_</p>" in html


def test_a_slide_show_is_read_as_well():
    deck = Deck("T")
    deck.slide("a", "b")
    show = b"presentationml.slideshow.main+xml"
    data = change(
        deck.data(),
        "[Content_Types].xml",
        lambda part: part.replace(b"presentationml.presentation.main+xml", show),
    )
    assert next(read(data).lessons()).source == "## a\n\nb"


def test_macros_and_damage_and_document_types_are_refused():
    deck = Deck("T")
    deck.slide("a", "b")
    data = deck.data()
    macros = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    types = "[Content_Types].xml"
    assert refusal(change(data, types, lambda part: part.replace(plain, macros))) == "office_macros"
    name = "ppt/slides/slide1.xml"
    assert refusal(change(data, name, lambda part: part[:-20])) == "office_damaged"
    assert refusal(data[: len(data) // 2]) == "office_cut"
    bomb = b"<?xml version='1.0'?><!DOCTYPE a><a/>"
    assert refusal(change(data, name, lambda _part: bomb)) == "office_doctype"


def test_a_presentation_of_nothing_is_refused():
    deck = Deck("")
    deck.slide("")
    assert refusal(deck.data()) == "office_empty"

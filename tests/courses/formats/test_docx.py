"""Word documents become lessons: what is kept, what is said to be lost, what is refused."""

import io

import pytest
from PIL import Image

from courses.formats import docx
from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.markdown import render
from tests.courses.formats.slide_files import chart_part
from tests.courses.formats.word_files import (
    STYLES,
    chart,
    handbook,
    item,
    paragraph,
    picture,
    png,
    table,
    text,
    word_file,
)


def read(data: bytes, filename: str = "Tài liệu.docx") -> PackedCourse:
    brought = Brought(io.BytesIO(data), filename)
    assert docx.recognises(brought)
    return docx.read(brought)


def source(*blocks: str, **parts) -> str:
    (lesson,) = read(word_file(*blocks, **parts)).lessons()
    return lesson.source


def codes(course: PackedCourse) -> set[str]:
    assert all(MESSAGES[fault.code].format(**fault.values) for fault in course.warnings)
    return {fault.code for fault in course.warnings}


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableCourse) as caught:
        read(data)
    return caught.value.faults[0].code


# --- lessons


def test_each_first_level_heading_begins_a_lesson():
    course = read(
        word_file(
            paragraph("Bình đẳng giới trong lập pháp", "Title"),
            paragraph("Khái niệm", "Heading1"),
            paragraph("Giới là gì."),
            paragraph("Giới tính", "Heading2"),
            paragraph("Giới tính là gì."),
            paragraph("Lồng ghép", "Heading1"),
            paragraph("Lồng ghép là gì."),
        )
    )
    assert course.title == "Bình đẳng giới trong lập pháp"
    assert course.slug == "binh-dang-gioi-trong-lap-phap"
    first, second = course.lessons()
    assert (first.key, first.title) == ("khai-niem", "Khái niệm")
    assert first.source == "Giới là gì.\n\n## Giới tính\n\nGiới tính là gì."
    assert (second.title, second.source) == ("Lồng ghép", "Lồng ghép là gì.")
    assert course.periods == 1
    assert course.warnings == ()


@pytest.mark.parametrize("style", ["Heading1", "Tiu1", "Chuong"])
def test_headings_are_known_by_identifier_by_name_and_by_what_they_are_based_on(style):
    course = read(
        word_file(paragraph("Một", style), paragraph("a"), paragraph("Hai", style), paragraph("b"))
    )
    assert [lesson.title for lesson in course.lessons()] == ["Một", "Hai"]


def test_an_outline_level_makes_a_heading_too():
    assert source(paragraph("Một", "Heading1"), paragraph("Hai", "Muc"), paragraph("b")) == (
        "## Hai\n\nb"
    )


def test_without_any_title_the_file_lends_its_name():
    assert read(word_file(paragraph("x")), "So_tay 2026.docx").title == "So tay 2026"


def test_a_title_that_a_program_filled_in_is_passed_over():
    assert read(word_file(paragraph("x"), title="Document1"), "Sổ tay.docx").title == "Sổ tay"


@pytest.mark.parametrize(
    "lines",
    [
        ("CHƯƠNG I", "CHƯƠNG II"),
        ("Phần 1. Mở đầu", "Phần 2. Nội dung"),
        ("Bài 1: Giới", "Bài 2: Giới tính"),
        ("Điều 1. Phạm vi", "Điều 2. Đối tượng"),
    ],
)
def test_without_headings_bold_lines_that_begin_a_part_divide_the_document(lines):
    blocks = []
    for line in lines:
        blocks += [paragraph(text(line, "<w:b/>")), paragraph("Nội dung của phần này.")]
    course = read(word_file(*blocks))
    assert [lesson.title for lesson in course.lessons()] == list(lines)
    assert "office_guessed" in codes(course)


def test_a_sentence_that_mentions_an_article_divides_nothing():
    course = read(word_file(paragraph("Điều 1 quy định phạm vi."), paragraph("Điều 2 thì không.")))
    assert len(list(course.lessons())) == 1


def test_a_heading_with_nothing_under_it_names_a_chapter():
    course = read(
        word_file(
            paragraph("Phần I", "Heading1"),
            paragraph("Bài 1", "Heading1"),
            paragraph("x"),
            paragraph("Phần II", "Heading1"),
            paragraph("Bài 2", "Heading1"),
            paragraph("y"),
        )
    )
    assert [(m.title, [x.title for x in m.lessons]) for m in course.modules] == [
        ("Phần I", ["Bài 1"]),
        ("Phần II", ["Bài 2"]),
    ]


def test_a_lone_first_heading_above_all_others_is_the_title():
    course = read(
        word_file(
            paragraph("Sổ tay", "Heading1"),
            paragraph("Một", "Heading2"),
            paragraph("a"),
            paragraph("Hai", "Heading2"),
            paragraph("b"),
        )
    )
    assert course.title == "Sổ tay"
    assert [lesson.title for lesson in course.lessons()] == ["Một", "Hai"]


def test_a_document_that_begins_at_the_second_level_is_divided_there():
    blocks = [paragraph("Một", "Heading2"), paragraph("a"), paragraph("Hai", "Heading2")]
    course = read(word_file(*blocks, paragraph("b")))
    assert [lesson.title for lesson in course.lessons()] == ["Một", "Hai"]


def test_a_long_document_without_any_sign_of_parts_says_how_to_divide_it():
    course = read(word_file(*(paragraph(f"Câu {number}.") for number in range(30))))
    assert codes(course) == {"office_no_headings"}


def test_quotations_are_kept():
    assert source(paragraph("Điều 5", "Quote"), paragraph("khoản 1", "Quote")) == (
        "> Điều 5\n>\n> khoản 1"
    )


def test_lists_in_cells_are_written_out():
    cells = [f"<w:tc>{item('a', 1)}{item('b', 2)}</w:tc>", "c"]
    assert source(table([["x", "y"], cells])).endswith("| • a 1. b | c |")


def test_lessons_of_one_title_have_keys_of_their_own():
    course = read(
        word_file(
            paragraph("Bài", "Heading1"),
            paragraph("a"),
            paragraph("Bài", "Heading1"),
            paragraph("b"),
        )
    )
    assert [lesson.key for lesson in course.lessons()] == ["bai", "bai-2"]


# --- text


def test_text_stays_text():
    words = "1. # *sao* [x](y) <b> ::: note | a_b_ `c` & \\"
    assert words in render(source(paragraph(words))).replace("&lt;", "<").replace(
        "&gt;", ">"
    ).replace("&amp;", "&")


def test_bold_italic_and_links_are_kept_and_harmful_links_are_not():
    runs = (
        text("đậm", "<w:b/>")
        + text(" và ")
        + text("nghiêng", "<w:i/>")
        + f'<w:hyperlink r:id="rIdL1">{text("luật")}</w:hyperlink>'
        + f'<w:hyperlink r:id="rIdL2">{text("bẫy")}</w:hyperlink>'
    )
    course = read(
        word_file(
            paragraph(runs),
            links={"rIdL1": "https://vbpl.vn/luat", "rIdL2": "javascript:alert(1)"},
        )
    )
    (lesson,) = course.lessons()
    assert lesson.source == "**đậm** và *nghiêng*[luật](https://vbpl.vn/luat)bẫy"
    assert "office_link" in codes(course)


def test_raised_and_lowered_figures_are_kept():
    runs = text("m") + text("2", '<w:vertAlign w:val="superscript"/>')
    runs += text(" CO") + text("2", '<w:vertAlign w:val="subscript"/>')
    assert source(paragraph(runs)) == "m² CO₂"


def test_lists_within_lists_are_kept():
    assert source(item("một", 1), item("hai", 1, 1), item("ba", 1)) == "- một\n  - hai\n- ba"


def test_a_numbered_list_goes_on_after_a_paragraph():
    written = source(item("một", 2), item("hai", 2), paragraph("Xen vào."), item("ba", 4))
    assert written == "1. một\n2. hai\n\nXen vào.\n\n3. ba"


def test_letters_of_points_are_written_out():
    assert source(item("khoản", 2), item("điểm", 2, 1), item("điểm", 2, 1)) == (
        "1. khoản\n\na) điểm\n\nb) điểm"
    )


def test_the_numbers_of_headings_are_written_out():
    numbers = '<w:numPr><w:numId w:val="3"/></w:numPr>'
    course = read(
        word_file(
            paragraph("Phạm vi", "Heading1", numbers),
            paragraph("a"),
            paragraph("Đối tượng", "Heading1", numbers),
            paragraph("b"),
        )
    )
    assert [x.title for x in course.lessons()] == ["Điều 5. Phạm vi", "Điều 6. Đối tượng"]


def test_tables_are_kept():
    assert source(table([["Năm", "Nữ"], ["2025", "31 | 2"]])) == (
        "| Năm | Nữ |\n|---|---|\n| 2025 | 31 \\| 2 |"
    )


def test_merged_cells_are_taken_apart_with_a_warning():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph("Rộng") + "</w:tc>"
    top = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("Cao") + "</w:tc>"
    rest = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc>"
    course = read(
        word_file(table([["a", "b", "c"], [wide, "d"], [top, "e", "f"], [rest, "g", "h"]]))
    )
    (lesson,) = course.lessons()
    assert lesson.source.split("\n")[2:] == ["| Rộng |  | d |", "| Cao | e | f |", "|  | g | h |"]
    assert "office_merged_cells" in codes(course)


def test_a_table_within_a_table_stands_after_it():
    inner = f"<w:tc>{table([['x', 'y'], ['1', '2']])}{paragraph('ngoài')}</w:tc>"
    course = read(word_file(table([["a", "b"], [inner, "c"]])))
    (lesson,) = course.lessons()
    assert lesson.source.index("ngoài") < lesson.source.index("| x | y |")
    assert "office_inner_table" in codes(course)


def test_footnotes_are_numbered_anew_at_the_end_of_each_lesson():
    def note(number: int) -> str:
        return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'

    course = read(
        word_file(
            paragraph("Một", "Heading1"),
            paragraph(text("a") + note(2)),
            paragraph("Hai", "Heading1"),
            paragraph(text("b") + note(3) + note(9)),
            notes={"2": "ghi chú a", "3": "ghi chú b"},
        )
    )
    assert [lesson.source for lesson in course.lessons()] == [
        "a\\[1\\]\n\n***\n\n1. ghi chú a",
        "b\\[1\\]\n\n***\n\n1. ghi chú b",
    ]


def test_changes_under_review_are_accepted():
    runs = f"<w:ins>{text('mới ')}</w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>"
    course = read(word_file(paragraph(runs + text("giữ"))))
    assert next(course.lessons()).source == "mới giữ"
    assert "office_changes" in codes(course)


def test_text_boxes_stand_after_their_paragraph_once():
    box = f"<w:txbxContent>{paragraph('trong khung')}</w:txbxContent>"
    choice = f"<w:drawing><wp:anchor><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></wp:anchor></w:drawing>"
    fallback = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    runs = (
        f"<w:r><mc:AlternateContent><mc:Choice>{choice}</mc:Choice>"
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert source(paragraph(text("ngoài") + runs)) == "ngoài\n\ntrong khung"


def test_a_style_called_content_is_text():
    styles = '<w:style w:type="paragraph" w:styleId="ND"><w:name w:val="Nội dung"/></w:style>'
    assert source(paragraph("còn đây", "ND"), styles=styles) == "còn đây"


def test_a_chart_is_a_table_after_its_paragraph():
    written = source(paragraph(text("Xem: ") + chart("rIdC")), media={"rIdC": chart_part()})
    assert written == (
        "Xem:\n\n**Tỉ lệ nữ**\n\n|  | Nữ đại biểu |\n|---|---|\n| 2021 | 29,5 |\n| 2026 | 31 |"
    )


def test_what_is_left_out_is_said():
    course = read(
        word_file(
            paragraph("Mục lục cũ", "TOC1"),
            paragraph(
                text("còn lại ")
                + text("ẩn", "<w:vanish/>")
                + text("chu", '<w:rFonts w:ascii=".VnTime"/>')
                + '<w:r><w:commentReference w:id="1"/></w:r>'
                + '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
                + "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>"
            ),
        )
    )
    assert next(course.lessons()).source == "còn lại chua=b"
    assert codes(course) >= {
        "office_contents",
        "office_hidden_text",
        "office_old_font",
        "office_comments",
        "office_object",
        "office_equation",
    }


# --- pictures


def test_pictures_are_kept_with_their_words_and_those_without_are_named():
    course = read(
        word_file(
            paragraph(picture("rIdP1", "Biểu đồ")),
            paragraph(picture("rIdP2", "image2.png")),
            media={"rIdP1": png(2), "rIdP2": png(3), "rIdP3": png(4)},
        )
    )
    (lesson,) = course.lessons()
    assert lesson.source == "![Biểu đồ](images/picture-1.png)\n\n![](images/picture-2.png)"
    assert set(course.pictures) == {"images/picture-1.png", "images/picture-2.png"}
    (warning,) = (fault for fault in course.warnings if fault.code == "office_no_words")
    assert warning.values == {"names": "picture-2.png"}


def test_a_picture_that_no_browser_shows_leaves_its_words():
    course = read(
        word_file(paragraph(picture("rIdP1", "Sơ đồ")), media={"rIdP1": b"\x01\x00\x00\x00 EMF"})
    )
    assert next(course.lessons()).source == "Sơ đồ"
    assert "office_picture_kind" in codes(course)


def test_a_picture_shown_twice_is_kept_once():
    course = read(
        word_file(
            paragraph(picture("rIdP1", "Một") + picture("rIdP1", "Hai")), media={"rIdP1": png()}
        )
    )
    assert len(course.pictures) == 1


# --- long documents


def test_a_handbook_of_a_hundred_pages_becomes_lessons_that_fit_a_phone():
    course = read(handbook())
    assert course.title == "Sổ tay bình đẳng giới"
    lessons = list(course.lessons())
    assert len(lessons) >= 10
    assert max(len(lesson.source) for lesson in lessons) <= 36_000
    written = "\n".join(lesson.source for lesson in lessons)
    assert written.count("Điều cần nhớ.") == 1100
    assert written.count("## Mục") == 100
    assert course.periods > 5


# --- refused


def test_a_document_type_in_any_part_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    assert (
        refusal(word_file(paragraph("x"), more={"customXml/item1.xml": bomb})) == "office_doctype"
    )


def test_a_document_of_nothing_is_refused():
    assert refusal(word_file(paragraph(""))) == "office_empty"


def test_macros_are_refused_by_what_is_inside_not_by_name():
    data = word_file(paragraph("x"), more={"word/vbaProject.bin": b"\xd0\xcf"})
    assert refusal(data) == "office_macros"


def test_a_document_cut_short_is_refused_as_that():
    assert refusal(word_file(paragraph("x" * 500))[:900]) == "office_cut"


def test_damage_inside_is_refused():
    assert refusal(word_file("<w:p><w:r>")) == "office_damaged"


def test_a_document_without_styles_is_read():
    assert source(paragraph("chữ"), styles="") == "chữ"
    assert STYLES


def test_a_picture_of_an_old_kind_becomes_one_that_browsers_show():
    gif = io.BytesIO()
    Image.new("P", (3, 3)).save(gif, "GIF")
    course = read(word_file(paragraph(picture("rIdP1", "Sơ đồ")), media={"rIdP1": gif.getvalue()}))
    (kept,) = course.pictures.values()
    assert (kept.content_type, codes(course)) == ("image/png", set())

"""Common Cartridges: modules, links, quizzes and tasks, and what could not come along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.formats import imscc
from courses.formats.qti import writing as qti_writing
from courses.formats.xml_writing import write
from tests.courses.formats.building import (
    PDF,
    PNG,
    QUESTIONS,
    brought,
    cartridge,
    scorm_12,
    zip_of,
)
from tests.courses.formats.cartridges import item, module, page, read, read_one, refusal, resource
from tests.courses.formats.fuzzing import fuzz

RUBRICS = """<rubrics xmlns="http://canvas.instructure.com/xsd/cccv1p0"><rubric identifier="rb">
<criteria><criterion><points>5.0</points><description>Nội dung</description>
<long_description>Đúng luật</long_description><ratings>
<rating><description>Thiếu</description><points>0.0</points></rating>
<rating><description>Đủ</description><points>2.5</points></rating></ratings></criterion>
</criteria></rubric></rubrics>"""
TASK = """<assignment xmlns="http://www.imsglobal.org/xsd/imscc_extensions/assignment" identifier="t">
<title>Soạn điều luật</title><text texttype="text/html">&lt;p&gt;Viết &lt;b&gt;một&lt;/b&gt; điều.&lt;/p&gt;</text>
<submission_formats><format type="file"/></submission_formats><extensions>
<assignment xmlns="http://canvas.instructure.com/xsd/cccv1p0">
<rubric_identifierref>rb</rubric_identifierref><allowed_extensions>docx,PNG</allowed_extensions>
</assignment></extensions></assignment>"""


@pytest.mark.parametrize("minor", [1, 2, 3])
def test_modules_and_pages_come_in_for_each_version(minor):
    items = module("Phần một", item("a", "Mở đầu"), item("b", "")) + item("a", "Kết")
    resources = resource("a", "a.html") + resource("b", "b.html")
    files = {"a.html": page("<h2>Một</h2><p>Chữ</p>"), "b.html": page("<p>B</p>", "Tên trang")}
    course = read(cartridge(items, resources, files, minor))
    assert course.title == "Khóa mẫu"
    assert [(m.title, [(x.key, x.title, x.source) for x in m.lessons]) for m in course.modules] == [
        ("Phần một", [("mo-dau", "Mở đầu", "## Một\n\nChữ"), ("ten-trang", "Tên trang", "B")]),
        ("Khóa mẫu", [("ket", "Kết", "## Một\n\nChữ")]),
    ]
    assert course.warnings == ()


def test_the_first_version_is_known_by_its_own_namespace():
    data = cartridge(item("a", "A"), resource("a", "a.html"), {"a.html": page("a")})
    archive = brought(data).archive
    manifest = (
        archive["imsmanifest.xml"]
        .replace(b"imsccv1p3", b"imscc")
        .replace(b"Common Cartridge", b"X")
    )
    assert read(zip_of({"imsmanifest.xml": manifest, "a.html": page("a")})).title == "Khóa mẫu"


def test_pages_in_no_module_stand_at_the_end_and_subheadings_are_told():
    items = module("Một", item("a", "A"), "<item identifier='h'><title>Nhóm</title></item>")
    resources = resource("a", "a.html") + resource("b", "b.html")
    course = read(cartridge(items, resources, {"a.html": page("a"), "b.html": page("b", "B")}))
    assert [m.title for m in course.modules] == ["Một", "Khóa mẫu"]
    assert [w.code for w in course.warnings] == ["cc_heading", "cc_loose"]


def test_links_discussions_and_tools():
    link = '<webLink xmlns="x"><title>Cổng *</title><url href="https://example.org/a b"/></webLink>'
    topic = "<topic><title>Bàn luận</title><text>&lt;p&gt;Nghĩ gì?&lt;/p&gt;</text></topic>"
    items = item("l", "Liên kết") + item("d", "Bàn") + item("t", "Công cụ") + item("k", "Lạ")
    resources = (
        resource("l", "l.xml", "imswl_xmlv1p3")
        + resource("d", "d.xml", "imsdt_xmlv1p3")
        + resource("t", "t.xml", "imsbasiclti_xmlv1p0")
        + resource("k", "k.xml", "khac_v9")
    )
    files = {"l.xml": link, "d.xml": topic, "t.xml": "<a/>", "k.xml": "<a/>"}
    course = read(cartridge(items, resources, files))
    assert [(x.title, x.source) for x in course.lessons()] == [
        ("Cổng *", "[Cổng \\*](https://example.org/a%20b)\n\nhttps://example.org/a b"),
        ("Bàn luận", "Nghĩ gì?"),
    ]
    assert [w.code for w in course.warnings] == ["cc_discussion", "cc_tool", "cc_unknown"]


def test_a_link_that_would_run_something_is_left_out():
    link = '<webLink><title>x</title><url href="javascript:alert(1)"/></webLink>'
    resources = resource("r", "l.xml", "imswl_xmlv1p1")
    assert refusal(cartridge(item("r", "X"), resources, {"l.xml": link})) == ["cc_nothing"]


def test_quizzes_of_the_profile_come_in():
    quiz = {"pass_mark": 70, "attempts": 2, "questions": QUESTIONS[:2]}
    content = write(qti_writing.write_profile("q", "Kiểm tra", quiz))
    resources = '<resource identifier="r" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="q/a.xml"/></resource>'
    course = read(cartridge(item("r", "Cuối khóa"), resources, {"q/a.xml": content}))
    (lesson,) = course.lessons()
    assert (lesson.kind, lesson.title) == ("quiz", "Kiểm tra")
    assert [q["key"] for q in lesson.quiz["questions"]] == ["q01", "q02"]
    assert [w.code for w in course.warnings] == ["qti_pass_mark"]


def test_a_task_comes_with_its_rubric_and_file_types():
    lesson, _course, codes = read_one(
        "t.xml", TASK, "Bài tập", "assignment_xmlv1p0", **{"course_settings/rubrics.xml": RUBRICS}
    )
    assert (lesson.kind, lesson.title, lesson.source) == (
        "assignment",
        "Bài tập",
        "Viết **một** điều.",
    )
    assert lesson.settings == {
        "rubric": [
            {
                "title": "Nội dung: Đúng luật",
                "points": 2.5,
                "levels": [{"points": 2.5, "text": "Đủ"}, {"points": 0, "text": "Thiếu"}],
            }
        ],
        "file_types": ["docx", "picture"],
    }
    assert codes == []


def test_the_settings_of_canvas_say_that_lessons_go_in_order():
    meta = "<modules><module><require_sequential_progress>true</require_sequential_progress></module></modules>"
    _lesson, course, _codes = read_one(
        "a.html", page("a"), **{"course_settings/module_meta.xml": meta}
    )
    assert course.in_order


def test_one_bad_file_leaves_the_rest():
    items = item("a", "A") + item("b", "B") + item("c", "C")
    resources = resource("a", "a.html") + resource("b", "b.xml", "imsdt_xmlv1p1")
    course = read(cartridge(items, resources, {"a.html": page("a"), "b.xml": "<topic>"}))
    assert [lesson.title for lesson in course.lessons()] == ["A"]
    assert [w.code for w in course.warnings] == ["xml_damaged", "cc_unreadable", "cc_missing"]


def test_a_cartridge_of_nothing_is_refused():
    assert refusal(cartridge("", "", {})) == ["cc_nothing"]


def test_programs_in_a_cartridge_stay_behind():
    files = {"a.html": page("<a href='x.exe'>x</a>"), "x.exe": "MZ"}
    course = read(cartridge(item("a", "A"), resource("a", "a.html"), files))
    assert course.files == {}
    assert [w.code for w in course.warnings] == ["cc_file"]


def test_a_cartridge_is_told_from_a_scorm_package():
    assert not imscc.recognises(brought(scorm_12(title="IMS Common Cartridge")))


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=60)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_any_titles_give_lessons_with_keys_of_their_own(titles):
    safe = [title.replace("&", "+").replace("<", "(") for title in titles]
    course = read(
        cartridge(
            "".join(item("a", title) for title in safe),
            resource("a", "a.html"),
            {"a.html": page("a")},
        )
    )
    keys = [lesson.key for lesson in course.lessons()]
    assert len(set(keys)) == len(keys) == len(titles)
    assert all(lesson.title for lesson in course.lessons())


def test_only_refusals_come_out_of_bad_cartridges():
    quiz = write(
        qti_writing.write_whole("q", "Q", {"pass_mark": 1, "attempts": 1, "questions": QUESTIONS})
    )
    items = module("M", item("a", "A"), item("q", "Q")) + item("t", "T")
    resources = (
        resource("a", "a.html")
        + resource("q", "q.xml", "imsqti_xmlv1p2/imscc_xmlv1p3/assessment")
        + resource("t", "t.xml", "assignment_xmlv1p0")
    )
    files = {
        "a.html": page(
            "<h1>x</h1><ul><li>a</ul><img src='p.png'><a href='d.pdf'>d</a><table><tr><td>1"
        ),
        "q.xml": quiz,
        "t.xml": TASK,
        "course_settings/rubrics.xml": RUBRICS,
        "p.png": PNG,
        "d.pdf": PDF,
    }
    assert fuzz(imscc.read, [cartridge(items, resources, files)])

"""SCORM packages: what opens becomes a lesson, what does not is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from courses.formats import imscc, scorm
from courses.formats.faults import MESSAGES, UnreadableCourse
from tests.courses.formats.building import (
    PAGE,
    brought,
    item,
    resource,
    scorm_12,
    scorm_2004,
    zip_of,
)
from tests.courses.formats.fuzzing import fuzz


def read(data, name="tệp.zip"):
    file = brought(data, name)
    assert scorm.recognises(file)
    assert not imscc.recognises(file)
    return scorm.read(file)


def lessons(course):
    return list(course.lessons())


def launches(data):
    return [lesson.settings["launch"] for lesson in lessons(read(data))]


def codes(course):
    return [warning.code for warning in course.warnings]


def refusal(data):
    with pytest.raises(UnreadableCourse) as caught:
        scorm.read(brought(data))
    for fault in caught.value.faults:
        assert MESSAGES[fault.code].format(**fault.values)
    return [fault.code for fault in caught.value.faults]


def test_a_package_becomes_one_lesson_that_plays_the_whole_zip():
    data = scorm_12()
    course = read(data)
    (lesson,) = lessons(course)
    assert (course.title, course.slug, lesson.title, lesson.kind) == (
        "Bình đẳng giới",
        "binh-dang-gioi",
        "Bài 1",
        "package",
    )
    file = course.files[lesson.settings["file"]]
    assert file.content_type == "application/zip"
    with file.open() as stream:
        assert stream.read() == data
    assert lesson.settings["standard"] == "scorm12"
    assert lesson.settings["item"] == "a"
    assert lesson.settings["score_completes"] is False
    assert course.warnings == ()


@pytest.mark.parametrize(
    "edition", ["CAM 1.3", "2004 3rd Edition", "2004 4th Edition", "2004 2nd Edition"]
)
def test_each_edition_of_scorm_2004_is_known(edition):
    (lesson,) = lessons(read(scorm_2004(edition=edition)))
    assert lesson.settings["standard"] == "scorm2004"
    assert lesson.settings["edition"] == edition


def test_clusters_become_modules_and_loose_items_one_of_their_own():
    items = (
        item("a", "Mở đầu")
        + f"<item identifier='k'><title>Chương I</title>{item('b', 'Bài 1')}"
        + f"<item identifier='m'><title>Mục</title>{item('c', 'Bài 2')}</item></item>"
        + item("d", "Kết")
    )
    course = read(scorm_12(items, "".join(resource(name, "index.html") for name in "abcd")))
    assert [(m.title, [x.title for x in m.lessons]) for m in course.modules] == [
        ("Bình đẳng giới", ["Mở đầu"]),
        ("Chương I", ["Bài 1", "Bài 2"]),
        ("Bình đẳng giới", ["Kết"]),
    ]
    assert codes(course) == ["scorm_flattened"]


@pytest.mark.parametrize(
    ("href", "name", "launch"),
    [
        ("Bài giảng số 1.html", "Bài giảng số 1.html", "B%C3%A0i%20gi%E1%BA%A3ng%20s%E1%BB%91%201.html"),
        ("B%C3%A0i%201.html", "Bài 1.html", "B%C3%A0i%201.html"),
        ("Ba\u0300i 1.html", "Bài 1.html", "B%C3%A0i%201.html"),
        ("noi\\dung\\a.html", "noi/dung/a.html", "noi/dung/a.html"),
        ("A.HTML", "a.html", "a.html"),
        ("a.html?che-do=1&amp;b=2#phan", "a.html", "a.html?che-do=1&b=2#phan"),
        ("./x/../a.html", "a.html", "a.html"),
        ("100% đúng.html", "100% đúng.html", "100%25%20%C4%91%C3%BAng.html"),
        ("câu #1?.html", "câu #1?.html", "c%C3%A2u%20%231%3F.html"),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(href, name, launch):
    data = scorm_12(resources=resource("a", href), **{name.replace(".", "__"): PAGE})
    assert launches(data) == [launch]


def test_bases_and_parameters_are_joined_to_the_address():
    items = item("a", "Bài", ' parameters="?cau=3&amp;x=y"') + item("b", "Bài", ' parameters="#c"')
    resources = '<resource identifier="Ra" xml:base="trong/" href="a.html?z=1"/>' + resource(
        "b", "trong/a.html"
    )
    data = scorm_12(items, resources, base=' xml:base="noi-dung/"', **{
        "noi-dung/trong/a__html": PAGE,
    })  # fmt: skip
    assert launches(data) == [
        "noi-dung/trong/a.html?z=1&cau=3&x=y",
        "noi-dung/trong/a.html#c",
    ]


def test_a_package_one_folder_down_is_played_from_there():
    inside = {"khoa/imsmanifest.xml": _manifest(), "khoa/index.html": PAGE}
    course = read(zip_of(inside))
    assert [x.settings["launch"] for x in lessons(course)] == ["khoa/index.html"]
    assert codes(course) == ["package_in_folder"]


def _manifest():
    file = brought(scorm_12())
    return file.archive["imsmanifest.xml"]


def test_a_manifest_with_a_byte_order_mark_is_read():
    assert lessons(
        read(zip_of({"imsmanifest.xml": b"\xef\xbb\xbf" + _manifest(), "index.html": PAGE}))
    )


def test_titles_with_markup_are_text():
    course = read(
        scorm_12(item("a", "&lt;img src=x onerror=alert(1)&gt;"), title="A &amp; <b>B</b>")
    )
    assert course.title == "A & B"
    assert lessons(course)[0].title == "<img src=x onerror=alert(1)>"


def test_what_the_package_asks_of_its_player_is_kept():
    inside = (
        "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>abc</adlcp:datafromlms>"
        "<adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>"
        "<adlcp:prerequisites type='aicc_script'>b</adlcp:prerequisites>"
    )
    course = read(scorm_12(item("a", "Bài", inside=inside)))
    settings = lessons(course)[0].settings
    assert settings["pass_share"] == 0.8
    assert settings["launch_data"] == "abc"
    assert settings["max_time"] == "00:30:00"
    assert codes(course) == ["scorm_sequencing", "scorm_time_limit"]


def test_the_objectives_of_scorm_2004_give_the_pass_mark():
    inside = (
        "<imsss:sequencing><imsss:controlMode choice='false'/><imsss:objectives>"
        "<imsss:primaryObjective satisfiedByMeasure='true'>"
        "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>"
        "</imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
        "<adlcp:completionThreshold minProgressMeasure='0.75'/>"
    )
    course = read(scorm_2004(item("a", "Bài", inside=inside)))
    settings = lessons(course)[0].settings
    assert (settings["pass_share"], settings["complete_share"]) == (0.6, 0.75)
    assert codes(course) == ["scorm_sequencing"]


@pytest.mark.parametrize(
    ("time", "periods"), [("01:30:00", 2), ("PT2H15M", 3), ("PT40M", 1), ("lâu", 1), ("", 1)]
)
def test_what_the_metadata_says_of_content_and_time_is_taken(time, periods):
    lom = (
        "<lom><general><description><langstring>Một câu.</langstring><langstring>One.</langstring>"
        f"</description></general><educational><typicallearningtime><datetime>{time}</datetime>"
        "</typicallearningtime></educational></lom></metadata>"
    )
    manifest = _manifest().decode().replace("</metadata>", lom)
    course = read(zip_of({"imsmanifest.xml": manifest, "index.html": PAGE}))
    assert (course.summary, course.periods) == ("Một câu.", periods)


def test_an_asset_is_confirmed_by_the_learner():
    course = read(scorm_12(resources=resource("a", "index.html", "asset")))
    assert lessons(course)[0].completion == {"rule": "read"}
    assert codes(course) == ["scorm_asset"]


def test_a_content_package_without_scorm_is_shown_and_says_so():
    manifest = _manifest().decode().replace("ADL SCORM", "IMS Content").replace(">1.2<", ">1.1.3<")
    manifest = manifest.replace(' adlcp:scormtype="sco"', "").replace(
        "adlnet.org/xsd/adlcp_rootv1p2", "x"
    )
    course = read(zip_of({"imsmanifest.xml": manifest, "index.html": PAGE}))
    assert codes(course) == ["scorm_plain"]


@pytest.mark.parametrize(
    ("items", "resources", "code"),
    [
        (item("a", "Bài"), resource("a", "thieu.html"), "scorm_missing_file"),
        (item("a", "Bài"), resource("a", "https://example.org/"), "scorm_elsewhere"),
        (item("a", "Bài"), resource("a", "//example.org/"), "scorm_elsewhere"),
        (item("a", "Bài"), resource("a", "../../etc/passwd"), "scorm_missing_file"),
        (item("a", "Bài"), "<resource identifier='Ra'/>", "scorm_no_address"),
        (item("a", "Bài"), "", "scorm_no_address"),
        ("", "", "scorm_nothing"),
    ],
)
def test_a_package_in_which_nothing_opens_is_refused(items, resources, code):
    assert refusal(scorm_12(items, resources)) == [code]


def test_what_does_not_open_is_left_out_when_something_else_does():
    resources = resource("a", "index.html") + resource("b", "thieu.html")
    course = read(scorm_12(item("a", "Bài 1") + item("b", "Bài 2"), resources))
    assert [lesson.title for lesson in lessons(course)] == ["Bài 1"]
    assert codes(course) == ["scorm_missing_file"]


def test_hidden_items_and_further_organizations_are_named():
    hidden = item("a", "Bài 1") + item("b", "Bài 2", ' isvisible="false"')
    more = "</organization><organization identifier='P'><title>Khác</title>"
    course = read(scorm_12(hidden + more, resource("a", "index.html")))
    assert codes(course) == ["package_hidden", "package_others"]


def test_programs_are_refused_and_flash_is_said():
    assert refusal(scorm_12(setup__exe=b"MZ")) == ["package_program"]
    assert codes(read(scorm_12(phim__swf=b"FWS"))) == ["package_flash"]


def test_a_file_beside_the_folder_of_the_package_is_none_of_it():
    assert not scorm.recognises(brought(zip_of({"a/imsmanifest.xml": "", "b.txt": ""})))


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (b"", "xml_damaged"),
        (b"<manifest>", "xml_damaged"),
        (b'<!DOCTYPE m [<!ENTITY e SYSTEM "file:///etc/hostname">]><manifest>&e;</manifest>', "xml_doctype"),
    ],
)  # fmt: skip
def test_a_bad_manifest_is_refused_by_its_cause(manifest, code):
    assert refusal(zip_of({"imsmanifest.xml": manifest, "index.html": PAGE})) == [code]


def test_a_zip_that_was_cut_is_refused():
    data = scorm_12(a__bin=b"x" * 1000)
    assert refusal(data[: len(data) // 2]) == ["truncated"]


def test_hundreds_of_items_are_held_in_bounds():
    items = "".join(item("a", f"Bài {n}") for n in range(350))
    course = read(scorm_12(items))
    assert len(lessons(course)) == 300
    assert codes(course) == ["package_too_many"]
    deep = "<item identifier='x'><title>x</title>" * 200 + item("a", "Bài") + "</item>" * 200
    assert refusal(scorm_12(deep + "<item/>")) == ["scorm_nothing"]


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=300)


@given(st.lists(TITLES, min_size=1, max_size=6), TITLES)
def test_any_titles_give_a_course_with_keys_of_its_own(titles, name):
    items = "".join(item("a", _xml(title)) for title in titles)
    course = read(scorm_12(items, title=_xml(name)), "")
    keys = [lesson.key for lesson in lessons(course)]
    assert len(keys) == len(set(keys)) == len(titles)
    assert all(0 < len(lesson.title) <= 200 for lesson in lessons(course))
    assert course.slug
    assert course.title


def _xml(text):
    element = etree.Element("a")
    try:
        element.text = text
    except ValueError:
        return ""
    return etree.tostring(element, encoding="unicode")[3:-4] if text else ""


def test_only_refusals_come_out_of_bad_packages():
    cluster = f"<item identifier='k'><title>Chương</title>{item('a', 'Bài')}</item>"
    assert fuzz(scorm.read, [scorm_12(), scorm_2004(), scorm_12(cluster, swf__swf=b"FWS")])

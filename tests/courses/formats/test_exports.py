"""Courses carried away: as a Common Cartridge and as a SCORM package, and read back."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from courses import markdown
from courses.formats import imscc, pack, scorm
from courses.formats.faults import MESSAGES
from courses.formats.html.text import to_markdown
from courses.formats.imscc import writing as imscc_writing
from courses.formats.scorm import writing as scorm_writing
from lms.core.xml import parse_xml
from tests.courses.formats.building import MP4, brought, squeezed, text_of, whole_course, zip_of
from tests.courses.formats.fuzzing import fuzz
from tests.courses.packs import courses

CONTENT = Path(__file__).resolve().parents[3] / "lms" / "seed" / "content"
DEMO = sorted(path.name for path in CONTENT.iterdir())
#: Hypothesis goes through many courses in one app, which keeps nothing of them.
ONE_APP = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _only_texts(course):
    """Return the course with its quizzes, which may be nonsense, as readings."""
    return replace(
        course,
        modules=tuple(
            replace(
                module,
                lessons=tuple(replace(x, kind="article", quiz=None) for x in module.lessons),
            )
            for module in course.modules
        ),
    )


READINGS = courses().map(_only_texts).filter(lambda course: any(course.lessons()))


@pytest.fixture(autouse=True)
def request_context(app: Flask):
    with app.test_request_context():
        yield


def exported(write, course):
    out = io.BytesIO()
    write(course, out)
    return out.getvalue()


def warnings(write, course):
    found = write(course, io.BytesIO())
    for warning in found:
        assert MESSAGES[warning.code].format(**warning.values)
    return [(warning.code, warning.file) for warning in found]


def carried(course):
    """Return the course as a cartridge brings it back, and that course's warnings."""
    file = brought(exported(imscc_writing.write, course))
    assert imscc.recognises(file)
    return imscc.read(file)


def shown(course):
    """Return what learners see of each lesson."""
    media = {name: _Shown(name) for name in course.pictures}
    return [(x.key, x.title, x.kind, markdown.render(x.source, media)) for x in course.lessons()]


class _Shown:
    def __init__(self, url):
        self.url = url
        self.content_type = "image/png"


def test_what_only_holds_here_is_said_for_either_form():
    course = whole_course()
    first = replace(next(course.lessons()), sensitive=True, release={"from": "2027-01-01"})
    course = replace(course, modules=(replace(course.modules[0], lessons=(first,)),))
    for write in (imscc_writing.write, scorm_writing.write):
        assert warnings(write, course) == [
            ("export_sensitive", "mo-dau"),
            ("export_rules", "mo-dau"),
        ]


# --- Common Cartridge


@pytest.mark.parametrize("name", DEMO)
def test_a_demo_course_comes_back_from_a_cartridge_as_learners_see_it(name):
    course = pack.read(CONTENT / name)
    back = carried(course)
    assert back.warnings == ()
    assert replace(back, slug=course.slug, modules=()) == replace(course, modules=())
    facts = [
        (x.minutes, x.required, x.sensitive, x.completion, x.release) for x in course.lessons()
    ]
    assert facts == [
        (x.minutes, x.required, x.sensitive, x.completion, x.release) for x in back.lessons()
    ]
    assert shown(back) == shown(course)
    assert back.pictures == course.pictures
    assert [module.title for module in back.modules] == [module.title for module in course.modules]
    assert [x.quiz for x in back.lessons()] == [x.quiz for x in course.lessons()]


def test_every_kind_of_lesson_but_packages_comes_back_from_a_cartridge():
    course = whole_course()
    back = carried(course)
    kept = [lesson for lesson in course.lessons() if lesson.kind != "package"]
    assert [(x.key, x.title, x.kind, x.settings, x.quiz) for x in back.lessons()] == [
        (x.key, x.title, x.kind, x.settings, x.quiz) for x in kept
    ]
    assert back.files == {k: v for k, v in course.files.items() if k.startswith("media/")}
    assert back.warnings == ()


@pytest.mark.parametrize("facts", [b"", b"[]", b'{"format": 2}', b'{"format": 1, "periods": -1}'])
def test_a_damaged_file_of_facts_is_passed_over(facts):
    archive = brought(exported(imscc_writing.write, whole_course())).archive
    files = {**{name: archive[name] for name in archive}, "beside/course.json": facts}
    back = imscc.read(brought(zip_of(files)))
    assert back.title == "Khóa mẫu"
    assert [warning.code for warning in back.warnings] == (["cc_facts"])


def test_what_a_cartridge_cannot_hold_is_said():
    assert warnings(imscc_writing.write, whole_course()) == [
        ("export_package", "goi"),
        ("export_matching", "kiem-tra"),
    ]


def test_the_manifest_of_a_cartridge_is_that_of_version_1_3():
    archive = zipfile.ZipFile(io.BytesIO(exported(imscc_writing.write, whole_course())))
    root = parse_xml(archive.read("imsmanifest.xml"))
    space = "{http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1}"
    assert root.tag == f"{space}manifest"
    assert root.findtext(f"{space}metadata/{space}schemaversion") == "1.3.0"
    identifiers = [
        element.get("identifier") for element in root.iter() if element.get("identifier")
    ]
    assert len(identifiers) == len(set(identifiers))
    resources = {r.get("identifier") for r in root.iter(f"{space}resource")}
    for element in (*root.iter(f"{space}item"), *root.iter(f"{space}dependency")):
        assert element.get("identifierref") in {None, *resources}
    named = {file.get("href") for file in root.iter(f"{space}file")}
    assert named == set(archive.namelist()) - {"imsmanifest.xml"}


@pytest.mark.parametrize("write", [imscc_writing.write, scorm_writing.write])
def test_the_same_course_gives_the_same_bytes(write):
    assert exported(write, whole_course()) == exported(write, whole_course())


@ONE_APP
@given(READINGS)
def test_any_course_can_be_carried_away_in_both_forms(course):
    back = carried(course)
    assert [(x.key, x.title) for x in back.lessons()] == [
        (x.key, x.title) for x in course.lessons()
    ]
    file = brought(exported(scorm_writing.write, course))
    assert len(list(scorm.read(file).lessons())) == 1


@ONE_APP
@given(READINGS)
def test_the_text_of_any_lesson_is_the_same_after_a_round_trip(course):
    for lesson in course.lessons():
        html = markdown.render(lesson.source)
        back = to_markdown(html, picture=lambda src, _alt: src, link=lambda href: href, level=1)
        assert _words(markdown.render(back)) == _words(html)


def _words(html):
    return squeezed(text_of(html))


# --- SCORM


@pytest.fixture
def package():
    return zipfile.ZipFile(io.BytesIO(exported(scorm_writing.write, whole_course())))


def test_a_scorm_export_is_a_scorm_package_to_our_own_reader():
    course = scorm.read(brought(exported(scorm_writing.write, whole_course())))
    (lesson,) = course.lessons()
    assert (course.title, lesson.title) == ("Khóa mẫu", "Khóa mẫu")
    assert lesson.settings["standard"] == "scorm12"
    assert lesson.settings["launch"] == "index.html"
    assert course.warnings == ()


def test_its_manifest_names_every_file(package):
    root = parse_xml(package.read("imsmanifest.xml"))
    named = {
        e.get("href") for e in root.iter("{http://www.imsproject.org/xsd/imscp_rootv1p1p2}file")
    }
    assert named == set(package.namelist()) - {"imsmanifest.xml"}
    assert package.read("media/phim.mp4") == MP4


def test_its_page_holds_every_lesson_and_no_answer(package):
    page = package.read("index.html").decode()
    for lesson in whole_course().lessons():
        assert (f'id="lesson-{lesson.key}"' in page) == (lesson.kind != "package")
    assert '<track kind="captions" src="media/phim.vi.vtt" srclang="vi">' in page
    assert 'href="media/so-tay.pdf"' in page
    assert "onclick" not in page
    data = package.read("course.js").decode().removeprefix("window.COURSE = ").rstrip(";\n")
    assert "<" not in data
    quizzes = [lesson["quiz"] for lesson in json.loads(data)["lessons"] if "quiz" in lesson]
    assert [quiz["pass_mark"] for quiz in quizzes] == [70]


def test_titles_in_a_scorm_export_are_text():
    course = replace(whole_course(), title="<script>alert(1)</script>")
    page = zipfile.ZipFile(io.BytesIO(exported(scorm_writing.write, course))).read("index.html")
    assert b"<script>alert" not in page


def test_what_a_scorm_export_cannot_hold_is_said():
    assert warnings(scorm_writing.write, whole_course()) == [
        ("export_task", "bai-tap"),
        ("export_time_limit", "kiem-tra"),
        ("export_package", "goi"),
    ]


def test_only_refusals_come_out_of_spoilt_exports():
    cartridges = [exported(imscc_writing.write, whole_course())]
    packages = [exported(scorm_writing.write, whole_course())]
    assert fuzz(imscc.read, cartridges, rounds=120)
    assert fuzz(scorm.read, packages)

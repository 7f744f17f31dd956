"""H5P content: one lesson, with the libraries that play it."""

import pytest

from courses.formats import h5p, imscc, scorm, xapi
from courses.formats.faults import UnreadableCourse
from tests.courses.formats import building
from tests.courses.formats.building import brought, zip_of
from tests.courses.formats.fuzzing import fuzz


def read(data):
    file = brought(data, "noi-dung.h5p")
    assert [each for each in (h5p, scorm, imscc, xapi) if each.recognises(file)] == [h5p]
    return h5p.read(file)


def refusal(data):
    with pytest.raises(UnreadableCourse) as caught:
        h5p.read(brought(data))
    return [fault.code for fault in caught.value.faults]


def without(data, *names):
    archive = brought(data).archive
    return zip_of({name: archive[name] for name in archive if name not in names})


def test_content_becomes_one_lesson_that_plays_the_whole_file():
    course = read(building.h5p())
    (lesson,) = course.lessons()
    assert (course.title, course.slug) == ("Nhận biết định kiến", "nhan-biet-dinh-kien")
    assert lesson.settings == {
        "file": "packages/nhan-biet-dinh-kien.zip",
        "standard": "h5p",
        "launch": "",
        "item": "H5P.Thu",
        "score_completes": False,
        "language": "vi",
    }
    assert list(course.files) == [lesson.settings["file"]]
    assert course.warnings == ()


def test_a_title_that_is_none_falls_back_on_the_files_name():
    assert read(building.h5p(title=7)).title == "noi-dung"


def test_content_without_its_libraries_is_refused_with_what_to_do():
    assert refusal(without(building.h5p(), "H5P.Thu-1.0/library.json")) == ["h5p_content_only"]
    assert refusal(building.h5p(mainLibrary="H5P.Khac")) == ["h5p_missing_library"]
    wanted = [{"machineName": "H5P.Thu", "majorVersion": 2, "minorVersion": 0}]
    assert refusal(building.h5p(preloadedDependencies=wanted)) == ["h5p_missing_library"]


def test_a_missing_library_of_a_part_is_a_warning():
    wanted = [
        {"machineName": "H5P.Thu", "majorVersion": 1, "minorVersion": 0},
        {"machineName": "H5P.Phu", "majorVersion": 3, "minorVersion": 4},
        {"machineName": "../../x", "majorVersion": 3, "minorVersion": 4},
        "junk",
    ]
    (warning,) = read(building.h5p(preloadedDependencies=wanted)).warnings
    assert (warning.code, warning.values) == ("h5p_missing_dependency", {"name": "H5P.Phu 3.4"})


def test_a_file_without_content_or_in_a_folder_is_refused():
    assert refusal(without(building.h5p(), "content/content.json")) == ["h5p_no_content"]
    archive = brought(building.h5p()).archive
    assert refusal(zip_of({f"x/{name}": archive[name] for name in archive})) == ["h5p_in_folder"]


@pytest.mark.parametrize("facts", ["", "[]", "{", "[" * 100_000, "\xff", '{"title": NaN}'])
def test_facts_that_cannot_be_read_are_refused(facts):
    archive = brought(building.h5p()).archive
    files = {**{name: archive[name] for name in archive}, "h5p.json": facts}
    assert refusal(zip_of(files)) in (["h5p_damaged"], ["h5p_missing_library"])


def test_only_refusals_come_out_of_bad_content():
    assert fuzz(h5p.read, [building.h5p(), building.h5p(language="en")])

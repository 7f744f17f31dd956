"""Real packages and hostile ones: each comes in or is refused with its reason, in a table."""

import sys
from pathlib import Path

import pytest

from courses.formats import imscc
from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, UnreadableCourse
from courses.formats.recognising import read_any

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "examples"
FOLDERS = ("packages", "hostile/zip", "hostile/xml")
#: What the README of the examples asks of each; what is not here may come in or be refused.
REFUSED = {
    "scorm_xxe_file.zip": "xml_doctype",
    "bomb_ratio_50MB.zip": "ratio",
    "empty_manifest.zip": "xml_damaged",
    "not_a_zip.zip": "unknown_file",
    "slip_absolute.zip": "absolute",
    "slip_dotdot.zip": "parent",
    "slip_symlink.zip": "link",
    "truncated.zip": "truncated",
    "InvalidFileReferences_SCORM12.zip": "scorm_missing_file",
    "MissingLaunchUrl_SCORM12.zip": "scorm_no_address",
    "basic_course.zip": "xapi_tincan",
    "course-with-no-showable-resources.imscc": "cc_nothing",
}
TAKEN = {
    "bom_manifest.zip": "Khoa hoc thu",
    "macosx_junk.zip": "Khoa hoc thu",
    "nested_manifest.zip": "Khoa hoc thu",
    "vn_names.zip": "Chuyển đổi số – cơ bản",
    "xss_title.zip": "<script>alert(1)</script>",
    "MultipleItemsWithIdentifierRef_SCORM12.zip": "Multiple Items With IdentifierRef Test",
    "PrerequisitesTest_SCORM12.zip": "Prerequisites Test Course",
    "multiple-pages.imscc": "Cartridge With Multiple Pages",
    "assignment-rubrics.imscc": "Course with An Assignment that Has a Rubric",
    "rich-content-cc-file.imscc": "Dhealey Main 1",
}

pytestmark = pytest.mark.skipif(not EXAMPLES.exists(), reason="the folder of examples is not here")


def examples():
    return [
        path
        for folder in FOLDERS
        for path in sorted((EXAMPLES / folder).rglob("*"))
        if path.is_file()
    ]


def look(path):
    """Return the verdict on a file, the code of its refusal, and words for the table."""
    with path.open("rb") as file:
        try:
            one, course = read_any(Brought(file, path.name))
        except UnreadableCourse as error:
            fault = error.faults[0]
            return "refused", fault.code, MESSAGES[fault.code].format(**fault.values)
    said = [MESSAGES[warning.code].format(**warning.values) for warning in course.warnings]
    lessons = len(list(course.lessons()))
    return one.KEY, course.title, f"{course.title} · {lessons} lessons · {len(said)} warnings"


def test_every_example_comes_in_or_is_refused_with_its_reason(capsys):
    rows = [(path, *look(path)) for path in examples()]
    with capsys.disabled():
        for path, verdict, _code, words in rows:
            sys.stdout.write(f"\n{path.relative_to(EXAMPLES)!s:72} {verdict:8} {words[:120]}")
    for path, verdict, code, words in rows:
        assert words
        if path.name in REFUSED:
            assert (path.name, verdict, code) == (path.name, "refused", REFUSED[path.name])
        if path.name in TAKEN:
            assert (path.name, code) == (path.name, TAKEN[path.name])


def test_nothing_of_the_machine_ever_shows_in_a_title():
    host = Path("/etc/hostname").read_text().strip()
    for path in examples():
        assert host not in str(look(path))


def test_the_rubric_of_a_canvas_export_is_kept():
    path = EXAMPLES / "packages" / "imscc" / "assignment-rubrics.imscc"
    with path.open("rb") as file:
        (lesson,) = imscc.read(Brought(file, path.name)).lessons()
    assert [criterion["points"] for criterion in lesson.settings["rubric"]] == [5]

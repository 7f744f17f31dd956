"""Every document among the examples is imported or refused with its reason; the table says which."""

from pathlib import Path

import pytest

from courses.formats.brought import Brought
from courses.formats.faults import MESSAGES, Fault, UnreadableCourse
from courses.formats.recognising import recognise

EXAMPLES = Path(__file__).parents[4] / "shared" / "examples" / "documents"
FOLDERS = ("docx", "pptx", "pdf", "odd")
#: What the odd ones are, by the beginning of their names.
ODD = {
    "poi_PasswordProtected.doc": "office_old_word",
    "poi_Password_Protected-hello.ppt": "office_password",
    "poi_SimpleMacro.docm": "office_macros",
    "poi_SimpleMacro.pptm": "office_macros",
    "poi_SimpleMacro.xlsm": "office_sheet_macros",
    "poi_bug53475-password-is-pass.docx": "office_password",
    "poi_clusterfuzz": "office_cut",
    "poi_documentProtection_readonly_no_password.docx": "",
    "poi_protected_passtika.xlsx": "office_password",
    "poi_truncated62886.docx": "office_cut",
    "poi_workbookProtection_worksheet_protected.xlsx": "office_sheet",
    "poi_xlsx-corrupted.xlsx": "office_sheet",
}

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason=f"{EXAMPLES} is not there")


def test_every_example_is_imported_or_refused_with_its_reason(capsys):
    rows = [(path, *_verdict(path)) for path in _files()]
    table = (
        f"{path.relative_to(EXAMPLES)!s:76} {verdict:16} {words}" for path, verdict, words in rows
    )
    with capsys.disabled():
        print("", *table, sep="\n")  # noqa: T201 - the table is what it is for
    assert {verdict for _path, verdict, _words in rows if verdict == "nothing said"} == set()
    plain = [row for row in rows if "odd" not in row[0].parts]
    # Files of nothing but empty paragraphs are among the plain ones.
    assert all(verdict in ("imported", "office_empty") for _path, verdict, _words in plain)


@pytest.mark.parametrize("name", sorted(ODD))
def test_an_odd_file_is_refused_by_name_of_its_cause(name):
    (path,) = EXAMPLES.glob(f"odd/{name}*")
    verdict, words = _verdict(path)
    assert verdict == (ODD[name] or "imported"), words


def _files() -> list[Path]:
    return sorted(
        path
        for folder in FOLDERS
        for path in (EXAMPLES / folder).rglob("*.*")
        if path.suffix != ".mp4"
    )


def _verdict(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        brought = Brought(file, path.name)
        try:
            course = recognise(brought).read(brought)
        except UnreadableCourse as error:
            words = "; ".join(map(_say, error.faults))
            return error.faults[0].code if words else "nothing said", words
    lessons = list(course.lessons())
    said = "; ".join(map(_say, course.warnings))
    return "imported", f"“{course.title}”, {len(lessons)} lesson(s) {said}"


def _say(fault: Fault) -> str:
    return MESSAGES[fault.code].format(**fault.values)

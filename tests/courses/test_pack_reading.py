"""Course packs read: what a good one holds, and each fault by its file and line."""

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.formats.faults import MESSAGES, Fault, UnreadableCourse
from courses.formats.pack import read
from courses.formats.pack import writing as pack_writing
from courses.formats.packed import PackedCourse
from tests.courses.packs import COURSE, LESSON, PNG, QUIZ, SVG, courses, zipped

CONTENT = Path(__file__).resolve().parents[2] / "lms" / "seed" / "content"


def write(course: PackedCourse) -> bytes:
    buffer = io.BytesIO()
    assert pack_writing.write(course, buffer) == []
    return buffer.getvalue()


def faults(files: dict[str, str | bytes | None]) -> list[Fault]:
    with pytest.raises(UnreadableCourse) as caught:
        read(zipped(files))
    assert all(fault.code in MESSAGES for fault in caught.value.faults)
    for fault in caught.value.faults:
        MESSAGES[fault.code].format(**fault.values)
    return list(caught.value.faults)


def fault(files: dict[str, str | bytes | None]) -> tuple[str, str, int | None, str]:
    (only,) = faults(files)
    return only.code, only.file, only.line, only.place


def test_a_pack_holds_a_whole_course() -> None:
    course = read(zipped())
    assert (course.slug, course.title, course.periods) == ("khoa-thu", "Khóa thử", 2)
    assert course.sources[0]["date"] == "2006-11-29"
    reading, quiz = course.lessons()
    assert (reading.key, reading.minutes, reading.required) == ("mo-dau", 5, True)
    assert reading.source.startswith("## Khái niệm")
    assert quiz.quiz is not None
    assert quiz.quiz["questions"][0]["answer"] is True
    assert course.pictures["images/o-vuong.svg"].content_type == "image/svg+xml"
    assert course.warnings == ()


def test_the_folder_itself_may_be_zipped() -> None:
    assert read(zipped(top="khoa-thu/")) == read(zipped())


@given(courses())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back_the_same_and_written_the_same_again(
    course: PackedCourse,
) -> None:
    data = write(course)
    assert read(data) == course
    assert write(read(data)) == data


@pytest.mark.parametrize("folder", sorted(CONTENT.iterdir()), ids=lambda folder: folder.name)
def test_the_starter_courses_are_faultless_and_survive_the_round_trip(folder: Path) -> None:
    course = read(folder)
    assert course.warnings == ()
    assert read(write(course)) == course


def test_unknown_keys_files_and_pictures_are_passed_over_with_a_warning() -> None:
    course = read(
        zipped(
            {
                "course.yml": COURSE + "colour: violet\n",
                "lessons/01-mo-dau.md": LESSON.replace("o-vuong", "khac"),
                "README.txt": "…",
            }
        )
    )
    assert [(w.code, w.file, w.values) for w in course.warnings] == [
        ("unknown_key", "course.yml", {"key": "colour"}),
        ("picture_missing", "mo-dau", {"name": "images/khac.svg"}),
        ("unread_file", "README.txt", {}),
    ]


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "place"),
    [
        ("format: 1", "format: 2", "format", 1, "format"),
        ("slug: khoa-thu", "slug: Khóa thử", "bad_key", 2, "slug"),
        ("slug: khoa-thu", "slug: write", "slug_taken", 2, "slug"),
        ("slug: khoa-thu\n", "", "required", 1, "slug"),
        ("title: Khóa thử", "title: 2026", "not_text", 3, "title"),
        ("title: Khóa thử", "title: yes", "not_text", 3, "title"),
        ("title: Khóa thử", "title: ''", "required", 3, "title"),
        ("title: Khóa thử", f"title: {'x' * 201}", "too_long", 3, "title"),
        ("title: Khóa thử", "title: a: b", "yaml", 3, ""),
        ("title: Khóa thử", "title: !!python/object:os.system x", "yaml", 3, ""),
        ("summary:", "title: Lần nữa\nsummary:", "yaml_twice", 4, ""),
        ("periods: 2", "periods: 0", "not_whole", 6, "periods"),
        ("periods: 2", "periods: hai", "not_whole", 6, "periods"),
        ("periods: 2", f"periods: {'9' * 5000}", "yaml", 1, ""),
        ("date: 2006-11-29", "date: 29/11/2006", "not_a_day", 12, "sources.1.date"),
        ("date: 2006-11-29", "date: '2006-13-29'", "not_a_day", 12, "sources.1.date"),
        ("date: 2006-11-29", "date: 2006-13-29", "yaml", 1, ""),
        ("[official]", "official", "not_a_list", 5, "audiences"),
        ("- file: lessons/01-mo-dau.md", "- mo-dau", "not_a_mapping", 16, "modules.1.lessons.1"),
        ("01-mo-dau", "02-mo-dau", "no_such_file", 16, "modules.1.lessons.1.file"),
        ("- file: lessons/01-mo-dau.md", "- key: a", "lesson_kind", 16, "modules.1.lessons.1"),
        ("key: kiem-tra", "key: mo-dau", "key_twice", 19, "modules.2.lessons.1.quiz"),
        ("  - Nêu", "  - &a Nêu", "", 0, ""),
    ],
)
def test_a_fault_in_course_yml_is_told_with_its_line(
    before: str, after: str, code: str, line: int, place: str
) -> None:
    assert before in COURSE
    files: dict[str, str | bytes | None] = {"course.yml": COURSE.replace(before, after, 1)}
    if not code:  # an anchor alone repeats nothing
        assert read(zipped(files)).slug == "khoa-thu"
        return
    assert fault(files) == (code, "course.yml", line, place)


def test_references_and_depths_are_refused_before_they_multiply() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert {f.code for f in faults({"course.yml": laughs})} == {"yaml_reference"}
    assert {f.code for f in faults({"course.yml": "a: " + "[" * 40 + "]" * 40})} == {
        "yaml_too_deep"
    }
    for deep in ("[" * 20_000, "- " * 20_000, "a: &a [*a]"):
        assert faults({"course.yml": deep})


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("---\nkey", "key", "front_matter", None),
        ("\n---\n", "\n", "front_matter", None),
        ("minutes: 5", "minutes: lâu", "not_whole", 4),
        ("minutes: 5", "required: có", "not_yes_no", 4),
        ("key: mo-dau\n", "", "required", 2),
        ("title: Mở đầu", "title: a: b", "yaml", 3),
    ],
)
def test_a_fault_in_a_lesson_is_told_with_its_line(
    before: str, after: str, code: str, line: int | None
) -> None:
    text = LESSON.replace(before, after, 1)
    found = fault({"lessons/01-mo-dau.md": text})
    assert found[:3] == (code, "lessons/01-mo-dau.md", line)


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("pass_mark: 60", "pass_mark: 101", "not_whole", 3),
        ("draw: 1", "draw: 3", "too_few_questions", 9),
        ("key: q02", "key: q01", "question_twice", 17),
        ("    stem: Chọn một.\n", "", "required", 17),
        ("feedback: Vì thế.", "feedback: .inf", "not_text", 27),
        ("feedback: Vì thế.", "feedback: !!binary aGE=", "not_text", 27),
    ],
)
def test_a_fault_in_a_quiz_is_told_with_its_line(
    before: str, after: str, code: str, line: int
) -> None:
    found = fault({"quiz.yml": QUIZ.replace(before, after, 1)})
    assert found[:3] == (code, "quiz.yml", line)


def test_all_faults_are_told_at_once() -> None:
    found = faults(
        {
            "course.yml": COURSE.replace("periods: 2", "periods: 0"),
            "lessons/01-mo-dau.md": LESSON.replace("minutes: 5", "minutes: -1"),
            "quiz.yml": "{}",
            "images/o-vuong.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
        }
    )
    assert {(f.code, f.file) for f in found} == {
        ("not_whole", "course.yml"),
        ("not_whole", "lessons/01-mo-dau.md"),
        ("required", "quiz.yml"),
        ("svg_unsafe", "images/o-vuong.svg"),
    }


def test_a_pack_without_course_yml_or_in_another_encoding_is_refused() -> None:
    assert fault({"course.yml": None})[0] == "no_course_file"
    assert fault({"course.yml": COURSE.encode("utf-16")})[:2] == ("not_utf8", "course.yml")
    assert fault({"course.yml": "x" * 300_000})[0] == "file_too_large"
    assert fault({"lessons/01-mo-dau.md": b"---\n\xff\n---\n"})[0] == "not_utf8"


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(UnreadableCourse) as caught:
        read(b"not a zip")
    assert caught.value.faults == (Fault("not_a_zip"),)


def test_line_ends_marks_and_unseen_signs_do_not_matter() -> None:
    windows = {
        "course.yml": b"\xef\xbb\xbf" + COURSE.replace("\n", "\r\n").encode(),
        "lessons/01-mo-dau.md": (LESSON.replace("\n", "\r\n") + "\u202e\x00").encode(),
    }
    assert read(zipped(windows)) == read(zipped())


def test_pictures_have_plain_names_and_known_types() -> None:
    assert fault({"images/sơ đồ.svg": SVG})[0] == "picture_name"
    assert fault({"images/sub/a.svg": SVG})[0] == "picture_name"
    assert fault({"images/a.png": b"<html>"})[0] == "picture_type"
    assert fault({"images/a.svg": PNG})[0] == "picture_ending"
    assert read(zipped({"images/a.png": PNG})).pictures["images/a.png"].content_type == "image/png"


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "course.yml").symlink_to("/etc/passwd")
    with pytest.raises(UnreadableCourse) as caught:
        read(tmp_path)
    assert caught.value.faults[0].code == "link"


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
@settings(deadline=None)
def test_no_text_in_any_file_brings_it_down(course: str, lesson: str, quiz: str) -> None:
    for files in (
        {"course.yml": course},
        {"lessons/01-mo-dau.md": f"---\n{lesson}"},
        {"quiz.yml": quiz},
    ):
        try:
            read(zipped({name: text.encode("utf-8", "replace") for name, text in files.items()}))
        except UnreadableCourse as error:
            assert error.faults  # noqa: PT017 - being read is as good

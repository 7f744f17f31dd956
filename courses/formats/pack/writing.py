"""Writing the course pack: the same course gives the same bytes, today and next year."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

import yaml

from courses.formats.faults import Fault
from courses.formats.pack.reading import COURSE_FILE, FORMAT
from courses.formats.packed import PackedCourse, PackedLesson, PackedModule
from courses.formats.zip_writing import ZipWriter

#: Questions read best with their key first and the reason last.
_QUIZ_ORDER = ("pass_mark", "attempts", "time_limit", "sections", "questions")


def write(course: PackedCourse, out: BinaryIO) -> list[Fault]:
    """Write the zip of a course, everything in one folder named by its slug.

    A pack carries all that a course holds, so the list of what could not go is empty.
    """
    with ZipWriter(out) as archive:
        for name, data in sorted(_files(course)):
            archive.add(f"{course.slug}/{name}", data)
        for name, file in sorted(course.files.items()):
            archive.add_file(f"{course.slug}/{name}", file)
    return []


def _files(course: PackedCourse) -> Iterator[tuple[str, bytes]]:
    names = _name_files(course)
    yield COURSE_FILE, _yaml(_course(course, names)).encode()
    for lesson in course.lessons():
        if lesson.quiz is not None:
            yield names[lesson.key], _yaml(_quiz(lesson)).encode()
        else:
            yield names[lesson.key], _written(lesson).encode()
    for name, picture in course.pictures.items():
        yield name, picture.data


def _name_files(course: PackedCourse) -> dict[str, str]:
    """Return each lesson's file: readings numbered as they follow, a lone quiz in quiz.yml."""
    quizzes = [lesson.key for lesson in course.lessons() if lesson.quiz is not None]
    names = {
        lesson.key: f"lessons/{number:02}-{lesson.key}.md"
        for number, lesson in enumerate(course.lessons(), 1)
    }
    names.update({key: f"quiz-{key}.yml" for key in quizzes})
    return {**names, quizzes[0]: "quiz.yml"} if len(quizzes) == 1 else names


def _course(course: PackedCourse, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "slug": course.slug,
        "title": course.title,
        "summary": course.summary,
        "audiences": list(course.audiences),
        "periods": course.periods,
        **({"in_order": True} if course.in_order else {}),
        "objectives": list(course.objectives),
        "sources": [_source(source) for source in course.sources],
        "modules": [_module(module, names) for module in course.modules],
    }


def _source(source: Mapping[str, str]) -> dict[str, Any]:
    keys = ("title", "number", "date", "note")
    plain: dict[str, Any] = {key: source[key] for key in keys if source.get(key)}
    if "date" in plain:
        plain["date"] = date.fromisoformat(plain["date"])
    return plain


def _module(module: PackedModule, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": module.title,
        "lessons": [
            {"file": names[lesson.key]}
            if lesson.quiz is None
            else {"quiz": names[lesson.key], **_lesson(lesson)}
            for lesson in module.lessons
        ],
    }


def _lesson(lesson: PackedLesson) -> dict[str, Any]:
    return {
        "key": lesson.key,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "required": lesson.required,
        "sensitive": lesson.sensitive,
        **{name: dict(value) for name, value in _rules(lesson) if value},
    }


def _rules(lesson: PackedLesson) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "settings", lesson.settings
    yield "completion", lesson.completion
    yield "release", lesson.release


def _written(lesson: PackedLesson) -> str:
    kind = {} if lesson.kind == "article" else {"kind": lesson.kind}
    return f"---\n{_yaml({**_lesson(lesson), **kind})}---\n\n{lesson.source}\n"


def _quiz(lesson: PackedLesson) -> dict[str, Any]:
    quiz = dict(lesson.quiz or {})
    first = {key: quiz.pop(key) for key in _QUIZ_ORDER if key in quiz}
    return {"format": FORMAT, "title": lesson.title, **first, **quiz}


def _yaml(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)

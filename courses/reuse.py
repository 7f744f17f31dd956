"""A module lent to another course, under names that cannot meet the borrower's. Pure.

Every name is made of the lender's address, so that the same module lent again later has
the same names: lessons, pictures and questions can be followed through all revisions.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from courses.formats.packed import KEY_LENGTH, PackedCourse, PackedLesson
from courses.lesson_text import list_pictures

#: Characters of a category of questions, and of the lender's title after it: KEY_LENGTH in all.
_CATEGORY_SHOWN, _TITLE_SHOWN = 40, 32


def lend(course: PackedCourse, number: int) -> PackedCourse:
    """Return a course of one module, the one with this number (from 1), ready to be borrowed."""
    mark = hashlib.sha256(course.slug.encode()).hexdigest()[:8]
    module = course.modules[number - 1]
    names = {name: _mark_file(name, mark) for name in _names(course, module.lessons)}
    keys = {lesson.key: _mark_key(lesson.key, mark) for lesson in module.lessons}
    lessons = tuple(_lend_lesson(x, course.title, mark, names, keys) for x in module.lessons)
    return replace(
        course,
        modules=(replace(module, lessons=lessons),),
        pictures={names[n]: p for n, p in course.pictures.items() if n in names},
        files={names[n]: f for n, f in course.files.items() if n in names},
        warnings=(),
    )


def _names(course: PackedCourse, lessons: tuple[PackedLesson, ...]) -> list[str]:
    """Return the files that the lessons show, captions beside a video included."""
    shown = {name for lesson in lessons for name in list_pictures(lesson.source)}
    shown |= {str(lesson.settings["file"]) for lesson in lessons if lesson.settings.get("file")}
    stems = {name.rpartition(".")[0] for name in shown}
    there = [*course.pictures, *course.files]
    return [name for name in there if name in shown or _stem_of_captions(name) in stems]


def _stem_of_captions(name: str) -> str:
    """Return media/x for media/x.vi.vtt, "" for what is no captions."""
    stem, _dot, ending = name.rpartition(".")
    return stem.rpartition(".")[0] if ending == "vtt" else ""


def _lend_lesson(
    lesson: PackedLesson,
    title: str,
    mark: str,
    names: Mapping[str, str],
    keys: Mapping[str, str],
) -> PackedLesson:
    settings = dict(lesson.settings)
    if settings.get("file") in names:
        settings["file"] = names[str(settings["file"])]
    after = str(lesson.release.get("after"))
    release = {k: v for k, v in lesson.release.items() if k != "after"}
    if after in keys:  # a lesson outside the module stays behind, and so does waiting for it
        release["after"] = keys[after]
    return replace(
        lesson,
        key=keys[lesson.key],
        source=_rename(lesson.source, names),
        settings=settings,
        release=release,
        quiz=None if lesson.quiz is None else _lend_quiz(lesson.quiz, title, mark),
    )


def _lend_quiz(quiz: Mapping[str, Any], title: str, mark: str) -> dict[str, Any]:
    sections, questions = quiz.get("sections", []), quiz.get("questions", [])
    ours = _name_categories({q.get("category", "") for q in (*sections, *questions)}, title)
    return {
        **quiz,
        "sections": [{**s, "category": ours[s.get("category", "")]} for s in sections],
        "questions": [
            {**q, "key": _mark_key(q["key"], mark), "category": ours[q.get("category", "")]}
            for q in questions
        ],
    }


def _name_categories(categories: set[str], title: str) -> dict[str, str]:
    """Return each category with the lender's title, none like another however long they are."""
    names: dict[str, str] = {}
    for category in sorted(categories):
        number = sum(other[:_CATEGORY_SHOWN] == category[:_CATEGORY_SHOWN] for other in names)
        again = f" {number + 1}" if number else ""
        shown = category[:_CATEGORY_SHOWN]
        names[category] = f"{shown}{again} ({title[:_TITLE_SHOWN]})".strip()
    return names


def _mark_key(key: str, mark: str) -> str:
    return f"{key[: KEY_LENGTH - len(mark) - 1].rstrip('-')}-{mark}"


def _mark_file(name: str, mark: str) -> str:
    folder, _slash, file = name.partition("/")
    return f"{folder}/{mark}-{file[-(99 - len(mark)) :].lstrip('.-')}"


def _rename(source: str, names: Mapping[str, str]) -> str:
    """Return a text with the names of its files changed, wherever they stand whole."""
    for old, new in names.items():
        source = re.sub(rf"(?<![\w./-]){re.escape(old)}(?![\w-]|\.\w)", new, source)
    return source

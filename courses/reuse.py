"""A module lent to another course, under names that cannot meet the borrower's. Pure.

Every name is made of the lender's address, so that the same module lent again later has
the same names: lessons, files and questions can be followed through all revisions.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from courses.formats.packed import KEY_LENGTH, PackedCourse, PackedLesson, PackedModule
from courses.joining import QUESTION_KEY_LENGTH
from courses.lesson_text import list_files
from courses.renaming import Names, rename_lesson, stem_of

#: Characters of a category of questions, and of the lender's title after it: KEY_LENGTH in all.
_CATEGORY_SHOWN, _TITLE_SHOWN = 40, 32
#: Characters of a file's name after its folder, without its ending.
_STEM_LENGTH = 70


def lend(course: PackedCourse, number: int) -> PackedCourse:
    """Return a course of one module, the one with this number (from 1), ready to be borrowed."""
    module = course.modules[number - 1]
    names = _name_all(course, module)
    return replace(
        course,
        modules=(replace(module, lessons=tuple(_lend(x, names) for x in module.lessons)),),
        pictures={names.files[n]: p for n, p in course.pictures.items() if n in names.files},
        files={names.files[n]: f for n, f in course.files.items() if n in names.files},
        warnings=(),
    )


def _lend(lesson: PackedLesson, names: Names) -> PackedLesson:
    """Return a lesson renamed; waiting for one outside the module stays behind with that one."""
    if lesson.release.get("after") not in names.lessons:
        release = {name: value for name, value in lesson.release.items() if name != "after"}
        lesson = replace(lesson, release=release)
    return rename_lesson(lesson, names)


def _name_all(course: PackedCourse, module: PackedModule) -> Names:
    mark = hashlib.sha256(course.slug.encode()).hexdigest()[:8]
    quizzes = [lesson.quiz for lesson in module.lessons if lesson.quiz is not None]
    questions = [one for quiz in quizzes for one in quiz.get("questions", ())]
    sections = [one for quiz in quizzes for one in quiz.get("sections", ())]
    return Names(
        lessons={x.key: _mark(x.key, mark, KEY_LENGTH) for x in module.lessons},
        files={name: _mark_file(name, mark) for name in _list_shown(course, module.lessons)},
        questions={q["key"]: _mark(q["key"], mark, QUESTION_KEY_LENGTH) for q in questions},
        categories=_name_categories(
            {one.get("category", "") for one in (*questions, *sections)}, course.title
        ),
    )


def _list_shown(course: PackedCourse, lessons: Iterable[PackedLesson]) -> list[str]:
    """Return the files that lessons show, captions beside a video included."""
    shown: set[str] = set()
    for lesson in lessons:
        shown |= {*list_files(lesson.source), str(lesson.settings.get("file", ""))}
    stems = {stem_of(name) for name in shown}
    there = [*course.pictures, *course.files]
    return [n for n in there if n in shown or (n.endswith(".vtt") and stem_of(n) in stems)]


def _name_categories(categories: Iterable[str], title: str) -> dict[str, str]:
    """Return each category with the lender's title, none like another however long they are."""
    names: dict[str, str] = {}
    for category in sorted(categories):
        number = sum(other[:_CATEGORY_SHOWN] == category[:_CATEGORY_SHOWN] for other in names)
        again = f" {number + 1}" if number else ""
        shown = category[:_CATEGORY_SHOWN]
        names[category] = f"{shown}{again} ({title[:_TITLE_SHOWN].strip()})".strip()
    return names


def _mark(key: str, mark: str, longest: int) -> str:
    """Return a key with the mark; of a long one as much as keeps it unlike its neighbours."""
    room = longest - len(mark) - 1
    if len(key) > room:
        own = hashlib.sha256(key.encode()).hexdigest()[:8]
        key = f"{key[: room - len(own) - 1].rstrip('-')}-{own}"
    return f"{key}-{mark}"


def _mark_file(name: str, mark: str) -> str:
    folder, _slash, file = name.partition("/")
    stem = stem_of(name).partition("/")[2]
    ending = file.removeprefix(stem)
    if len(stem) > _STEM_LENGTH:
        stem = hashlib.sha256(stem.encode()).hexdigest()[:32]
    return f"{folder}/{mark}-{stem}{ending}"

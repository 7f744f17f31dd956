"""Modules brought to a course that is there already: nothing of either is lost or overwritten.

Pure. What has a name that the course uses for something else gets another one, and every
mention of it follows.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from courses.formats.packed import KEY_LENGTH, PackedCourse
from courses.renaming import Names, rename_lesson, stem_of

#: Characters of a category of questions, and of the title after it.
_CATEGORY_SHOWN, _TITLE_SHOWN = 40, 32
_NAME_LENGTH = 100
#: As quizzes keep them.
QUESTION_KEY_LENGTH = 64


@dataclass(frozen=True)
class Taken:
    """The names that a course uses already."""

    #: Keys of its lessons.
    lessons: Collection[str] = ()
    #: Hexadecimal SHA-256 of each picture and file, by name.
    files: Mapping[str, str] = field(default_factory=dict)
    categories: Collection[str] = ()


def fit(packed: PackedCourse, taken: Taken, mark: str) -> PackedCourse:
    """Return the course so that its modules can stand beside those of another.

    A file of a name and content that are there already keeps its name. Questions carry
    ``mark`` in their keys, which no other import may use.
    """
    files = _name_files(packed, taken.files)
    names = Names(
        lessons=_name_lessons(packed, taken.lessons),
        files=files,
        questions=_name_questions(packed, mark),
        categories=_name_categories(packed, taken.categories),
    )
    modules = tuple(
        replace(module, lessons=tuple(rename_lesson(lesson, names) for lesson in module.lessons))
        for module in packed.modules
    )
    return replace(
        packed,
        modules=modules,
        pictures={files[name]: picture for name, picture in packed.pictures.items()},
        files={files[name]: file for name, file in packed.files.items()},
    )


def _name_lessons(packed: PackedCourse, taken: Collection[str]) -> dict[str, str]:
    used = set(taken)
    keys = {}
    for lesson in packed.lessons():
        keys[lesson.key] = _free(lesson.key, used, KEY_LENGTH)
        used.add(keys[lesson.key])
    return keys


def _free(key: str, used: Collection[str], longest: int) -> str:
    if key not in used:
        return key
    numbered = (f"{key[: longest - len(str(n)) - 1].rstrip('-')}-{n}" for n in count(2))
    return next(one for one in numbered if one not in used)


def _name_files(packed: PackedCourse, taken: Mapping[str, str]) -> dict[str, str]:
    """Return a new name for each file; captions stay beside their video, whatever its name."""
    hashes = {n: hashlib.sha256(p.data).hexdigest() for n, p in packed.pictures.items()}
    hashes |= {name: file.sha256 for name, file in packed.files.items()}
    groups: dict[str, list[str]] = {}
    for name in hashes:
        groups.setdefault(stem_of(name), []).append(name)
    used = dict(taken)
    names: dict[str, str] = {}
    for stem, members in groups.items():
        for candidate in _stems(stem):
            renamed = {name: candidate + name.removeprefix(stem) for name in members}
            if all(used.get(new, hashes[old]) == hashes[old] for old, new in renamed.items()):
                break
        names |= renamed
        used |= {new: hashes[old] for old, new in renamed.items()}
    return names


def _stems(stem: str) -> list[str]:
    # As many as any course has files: one of them is free.
    return [stem, *(f"{stem[: _NAME_LENGTH - 12]}-{number}" for number in range(2, 2000))]


def _name_questions(packed: PackedCourse, mark: str) -> dict[str, str]:
    """Return a new key for each question; one that two quizzes share stays one."""
    used: set[str] = set()
    keys: dict[str, str] = {}
    room = QUESTION_KEY_LENGTH - len(mark) - 1
    for key in _list_of_quizzes(packed, "questions", "key"):
        if key not in keys:
            keys[key] = _free(f"{key[:room]}-{mark}", used, QUESTION_KEY_LENGTH)
            used.add(keys[key])
    return keys


def _name_categories(packed: PackedCourse, taken: Collection[str]) -> dict[str, str]:
    """Return each category of questions with the course's title, unlike any that is there."""
    used, names = set(taken), {}
    found = {*_list_of_quizzes(packed, "sections", "category")}
    found |= {*_list_of_quizzes(packed, "questions", "category")}
    for category in sorted(found):
        shown = f"{category[:_CATEGORY_SHOWN]} ({packed.title[:_TITLE_SHOWN].strip()})".strip()
        numbered = (f"{shown} {n}" for n in count(2))
        names[category] = (
            shown if shown not in used else next(one for one in numbered if one not in used)
        )
        used.add(names[category])
    return names


def _list_of_quizzes(packed: PackedCourse, part: str, name: str) -> list[str]:
    quizzes = [lesson.quiz for lesson in packed.lessons() if lesson.quiz is not None]
    return [one.get(name, "") for quiz in quizzes for one in quiz.get(part, ())]

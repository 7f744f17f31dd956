"""Lessons under other names: keys, files, questions and categories changed throughout. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from courses.formats.packed import PackedLesson


@dataclass(frozen=True)
class Names:
    """The new name of each thing by its old one."""

    lessons: Mapping[str, str]
    files: Mapping[str, str]
    questions: Mapping[str, str]
    categories: Mapping[str, str]


def rename_lesson(lesson: PackedLesson, names: Names) -> PackedLesson:
    """Return a lesson with every name in it changed."""
    settings, release = dict(lesson.settings), dict(lesson.release)
    if settings.get("file") in names.files:
        settings["file"] = names.files[settings["file"]]
    if release.get("after") in names.lessons:
        release["after"] = names.lessons[release["after"]]
    return replace(
        lesson,
        key=names.lessons[lesson.key],
        source=rename_files(lesson.source, names.files),
        settings=settings,
        release=release,
        quiz=None if lesson.quiz is None else _rename_quiz(lesson.quiz, names),
    )


def rename_files(source: str, names: Mapping[str, str]) -> str:
    """Return a text with the names of its files changed, wherever they stand whole."""
    changed = {old: new for old, new in names.items() if old != new and old in source}
    if not changed:
        return source
    # In one go: a new name may be another file's old one.
    whole = "|".join(re.escape(old) for old in sorted(changed, key=len, reverse=True))
    pattern = rf"(?<![\w./-])({whole})(?![\w-]|\.\w)"
    return re.sub(pattern, lambda found: changed[found.group()], source)


def stem_of(name: str) -> str:
    """Return what a file and its captions share: media/x of media/x.mp4 and media/x.vi.vtt."""
    stem, _dot, ending = name.rpartition(".")
    if ending == "vtt" and "." in stem.rpartition("/")[2]:
        return stem.rpartition(".")[0]
    return stem or name


def _rename_quiz(quiz: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {
        **quiz,
        "sections": [
            {**one, "category": names.categories[one.get("category", "")]}
            for one in quiz.get("sections", ())
        ],
        "questions": [
            {
                **one,
                "key": names.questions[one.get("key", "")],
                "category": names.categories[one.get("category", "")],
            }
            for one in quiz.get("questions", ())
        ],
    }

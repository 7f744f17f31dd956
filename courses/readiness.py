"""Whether a course may be published. Pure: no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.formats.packed import PackedCourse, PackedLesson
from courses.lesson_text import list_files
from courses.rubric import most_points, read_pass_points, read_rubric
from courses.rules.releasing import find_rule_faults, read_release

NO_LESSON, NOTHING_REQUIRED = "no_lesson", "nothing_required"
NOTHING_FOR_ALL, TOO_FEW_POINTS = "nothing_for_all", "too_few_points"
EMPTY_TEXT, EMPTY_QUIZ = "empty_text", "empty_quiz"
PICTURE_MISSING, FILE_MISSING = "picture_missing", "file_missing"
NOTHING_CHECKED = "nothing_checked"

#: Kinds that show a file; their text is by choice.
FILE_KINDS = ("video", "document", "package")


@dataclass(frozen=True)
class Obstacle:
    """One reason; ``lesson`` and ``name`` say where."""

    code: str
    lesson: str = ""
    #: Key of the lesson.
    key: str = ""
    #: Name of a picture.
    name: str = ""


def find_obstacles(course: PackedCourse) -> list[Obstacle]:
    """Return what forbids publishing, in the order of the course."""
    lessons = list(course.lessons())
    if not lessons:
        return [Obstacle(NO_LESSON)]
    if not any(lesson.required for lesson in lessons):
        return [Obstacle(NOTHING_REQUIRED)]
    if not any(
        lesson.required and not read_release(lesson.release).audiences for lesson in lessons
    ):
        return [Obstacle(NOTHING_FOR_ALL)]
    awaited = {read_release(lesson.release).after for lesson in lessons}
    empty = [
        Obstacle(lack, lesson.title, lesson.key)
        for lesson in lessons
        if (lesson.required or lesson.key in awaited) and (lack := _find_lack(lesson, course))
    ]
    faults = find_rule_faults(lessons, in_order=course.in_order)
    unreachable = [
        Obstacle(TOO_FEW_POINTS, lesson.title, lesson.key)
        for lesson in lessons
        if read_pass_points(lesson.settings) > most_points(read_rubric(lesson.settings))
    ]
    broken = [Obstacle(x.code, x.title, x.key) for x in faults]
    return [*empty, *broken, *unreachable, *_find_unchecked(lessons)]


def find_gaps(course: PackedCourse) -> list[Obstacle]:
    """Return what a learner would miss, though it forbids nothing: pictures not there."""
    return [
        Obstacle(PICTURE_MISSING, lesson.title, lesson.key, name)
        for lesson in course.lessons()
        for name in list_files(lesson.source)
        if name not in course.pictures and name not in course.files
    ]


def find_new_packages(before: PackedCourse | None, after: PackedCourse) -> list[str]:
    """Return the lessons whose package was not published before: a program that runs."""
    known = {file.sha256 for file in before.files.values()} if before else set()
    lessons = (lesson for lesson in after.lessons() if lesson.kind == "package")
    return [
        lesson.title
        for lesson in lessons
        if (file := after.files.get(lesson.settings.get("file", ""))) is None
        or file.sha256 not in known
    ]


def _find_lack(lesson: PackedLesson, course: PackedCourse) -> str:
    """Return what a lesson lacks to be done at all; "" when nothing."""
    if lesson.kind == "quiz":
        quiz = lesson.quiz or {}
        return "" if quiz.get("sections") and quiz.get("questions") else EMPTY_QUIZ
    if lesson.kind in FILE_KINDS:
        return "" if lesson.settings.get("file") in course.files else FILE_MISSING
    return "" if lesson.source.strip() else EMPTY_TEXT


def _find_unchecked(lessons: Sequence[PackedLesson]) -> list[Obstacle]:
    """Return the packages whose own word would decide on a certificate.

    What a package reports comes from the learner's browser and can be forged. Where it counts,
    something that everyone has to do must be checked here: a quiz, marked work, presence.
    """
    everyones = [x for x in lessons if x.required and not read_release(x.release).audiences]
    if any(_is_checked(lesson) for lesson in everyones):
        return []
    return [
        Obstacle(NOTHING_CHECKED, lesson.title, lesson.key)
        for lesson in lessons
        if lesson.required and _speaks_for_itself(lesson)
    ]


def _is_checked(lesson: PackedLesson) -> bool:
    rule = lesson.completion.get("rule")
    is_marked = lesson.kind == "assignment" and rule in (None, "marked")
    return lesson.kind == "quiz" or is_marked or rule == "confirmed"


def _speaks_for_itself(lesson: PackedLesson) -> bool:
    is_allowed = lesson.kind == "package" and lesson.settings.get("score_completes") is True
    return is_allowed and lesson.completion.get("rule") in (None, "package")

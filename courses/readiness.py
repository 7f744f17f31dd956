"""Whether a course may be published. Pure: no database."""

from dataclasses import dataclass

from courses.formats.packed import PackedCourse, PackedLesson
from courses.lesson_text import list_pictures

NO_LESSON, NOTHING_REQUIRED = "no_lesson", "nothing_required"
EMPTY_TEXT, EMPTY_QUIZ = "empty_text", "empty_quiz"
PICTURE_MISSING = "picture_missing"


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
    return [
        Obstacle(EMPTY_QUIZ if lesson.kind == "quiz" else EMPTY_TEXT, lesson.title, lesson.key)
        for lesson in lessons
        if lesson.required and _is_empty(lesson)
    ]


def find_gaps(course: PackedCourse) -> list[Obstacle]:
    """Return what a learner would miss, though it forbids nothing: pictures not there."""
    return [
        Obstacle(PICTURE_MISSING, lesson.title, lesson.key, name)
        for lesson in course.lessons()
        for name in list_pictures(lesson.source)
        if name not in course.pictures
    ]


def _is_empty(lesson: PackedLesson) -> bool:
    if lesson.kind == "quiz":
        quiz = lesson.quiz or {}
        return not quiz.get("sections") or not quiz.get("questions")
    return not lesson.source.strip()

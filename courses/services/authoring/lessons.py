"""What a lesson says, saved so that nobody's words are lost."""

from dataclasses import dataclass

from courses.lesson_text import normalise
from courses.models import Lesson, Revision
from courses.services.authoring.drafts import StaleEdit, hold
from lms.core import audit
from lms.core.db import db


@dataclass(frozen=True)
class LessonEdit:
    """A lesson as its trainer sends it."""

    title: str
    #: Markdown; empty for kinds without a text.
    source: str
    minutes: int
    required: bool
    sensitive: bool


def save_lesson(draft: Revision, lesson: Lesson, edit: LessonEdit, version: int) -> None:
    """Keep a lesson's text. Raises StaleEdit when it is not the version that was read.

    Saving the same words again changes nothing, however old the version.
    """
    hold(draft)
    db.session.refresh(lesson)
    source = normalise(edit.source)
    same = (lesson.title, lesson.source, lesson.minutes, lesson.required, lesson.sensitive) == (
        edit.title,
        source,
        edit.minutes,
        edit.required,
        edit.sensitive,
    )
    if same:
        return
    if lesson.version != version:
        raise StaleEdit
    lesson.title = edit.title
    lesson.source = source
    lesson.minutes = edit.minutes
    lesson.required = edit.required
    lesson.sensitive = edit.sensitive
    lesson.version += 1
    audit.record(
        "courses.lesson_saved",
        f"course:{draft.course_id}",
        revision=draft.number,
        lesson=lesson.key,
        version=lesson.version,
    )

"""What a lesson says, saved so that nobody's words are lost."""

from dataclasses import dataclass

from courses.lesson_text import normalise
from courses.models import Lesson, Revision
from courses.services.authoring.drafts import StaleEdit, hold, refuse_followed
from courses.services.authoring.history import Saved, keep_version, settle_version
from lms.core import audit
from lms.core.clock import now
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


def save_lesson(
    draft: Revision,
    lesson: Lesson,
    edit: LessonEdit,
    version: int,
    saved: Saved | None = None,
) -> None:
    """Keep a lesson's text, and what it was before in its history.

    ``saved`` says by whom, when, and whether the page did so while they wrote. Saving the
    same words again changes nothing, however old the version. Raises StaleEdit when it is
    not the version that was read.
    """
    edited_at = draft.updated_at
    hold(draft)
    db.session.refresh(lesson)
    refuse_followed(lesson.module)
    source = normalise(edit.source)
    same = (lesson.title, lesson.source, lesson.minutes, lesson.required, lesson.sensitive) == (
        edit.title,
        source,
        edit.minutes,
        edit.required,
        edit.sensitive,
    )
    saved = saved or Saved(None, now(), autosaved=False)
    if same:
        settle_version(draft, lesson, saved)
        return
    if lesson.version != version:
        raise StaleEdit
    keep_version(draft, lesson, Saved(None, edited_at, autosaved=False))
    lesson.title = edit.title
    lesson.source = source
    lesson.minutes = edit.minutes
    lesson.required = edit.required
    lesson.sensitive = edit.sensitive
    lesson.version += 1
    is_new = keep_version(draft, lesson, saved)
    if saved.autosaved and not is_new:
        return  # the row of history that goes on is in the log already
    audit.record(
        "courses.lesson_saved",
        f"course:{draft.course_id}",
        revision=draft.number,
        lesson=lesson.key,
        version=lesson.version,
    )

"""What a lesson once said: a row for each time it was saved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.models import Lesson, LessonVersion, Revision
from courses.queries.history import find_newest_version
from lms.core.db import db

#: What the page saves for one person within this time becomes one row.
FOLDED_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Saved:
    """Who saved, when, and whether the page did so by itself."""

    #: None: before there was a history, or by a command.
    by: int | None
    at: datetime
    autosaved: bool


def keep_version(draft: Revision, lesson: Lesson, saved: Saved) -> bool:
    """Keep what a lesson says now, unless its history ends with that already.

    Returns whether that is a new row. The caller holds the draft. What the page saves for one person within ten minutes
    overwrites its own row; what somebody meant to save never is.
    """
    newest = find_newest_version(draft.course_id, lesson.key)
    if newest is not None and (newest.title, newest.source) == (lesson.title, lesson.source):
        return False
    is_new = newest is None or not _goes_on(newest, saved)
    if newest is not None and not is_new:
        newest.title, newest.source, newest.saved_at = lesson.title, lesson.source, saved.at
        newest.autosaved = saved.autosaved
    else:
        db.session.add(_new_version(draft, lesson, saved, newest.number + 1 if newest else 1))
    db.session.flush()
    return is_new


def settle_version(draft: Revision, lesson: Lesson, saved: Saved) -> None:
    """Note that a person saves on purpose what the page had saved for them."""
    newest = find_newest_version(draft.course_id, lesson.key)
    if newest is not None and newest.autosaved and not saved.autosaved:
        newest.autosaved = newest.saved_by_id != saved.by


def _goes_on(newest: LessonVersion, saved: Saved) -> bool:
    same_hand = newest.autosaved and newest.saved_by_id == saved.by
    return same_hand and saved.at - newest.began_at < FOLDED_FOR


def _new_version(draft: Revision, lesson: Lesson, saved: Saved, number: int) -> LessonVersion:
    return LessonVersion(
        course_id=draft.course_id,
        lesson_key=lesson.key,
        number=number,
        title=lesson.title,
        source=lesson.source,
        saved_by_id=saved.by,
        saved_at=saved.at,
        began_at=saved.at,
        autosaved=saved.autosaved,
    )

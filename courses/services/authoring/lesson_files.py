"""Which file a lesson shows, and the captions beside it."""

from pathlib import PurePosixPath

from flask_babel import gettext as _
from sqlalchemy import select

from courses.formats.brought import Brought
from courses.formats.captions import CONTENT_TYPE, MAX_BYTES, CaptionsError, clean_captions
from courses.formats.packed import PackedFile
from courses.models import Lesson, Media, Revision
from courses.services.authoring.drafts import hold, refuse_followed
from courses.services.authoring.files import keep_file
from lms.core import audit
from lms.core.db import db
from lms.core.errors import Refused

#: Beginnings of the content types that each kind of lesson shows.
SHOWN_BY = {"video": ("video/", "audio/"), "document": ("application/pdf",)}


def fits(lesson: Lesson, content_type: str) -> bool:
    """Tell whether a lesson of this kind can show a file of this type."""
    return content_type.startswith(SHOWN_BY.get(lesson.kind, ()))


def choose_file(draft: Revision, lesson: Lesson, name: str) -> None:
    """Let a lesson show a file of its course. Raises Refused for one that it cannot show."""
    hold(draft)
    db.session.refresh(lesson)
    refuse_followed(lesson.module)
    query = select(Media.content_type).where(Media.revision_id == draft.id, Media.name == name)
    content_type = db.session.scalar(query)
    if content_type is None or not fits(lesson, content_type):
        raise Refused(_("Choose a file that this lesson can show."))
    lesson.settings = {**lesson.settings, "file": name}
    lesson.version += 1
    audit.record(
        "courses.lesson_file_chosen",
        f"course:{draft.course_id}",
        lesson=lesson.key,
        file=name,
    )


def add_captions(draft: Revision, video: str, language: str, brought: Brought) -> str:
    """Keep captions beside a video of the draft; return their name. Raises CaptionsError."""
    if brought.size > MAX_BYTES:
        raise CaptionsError("captions_too_large", limit=20_000)
    data = clean_captions(brought.all_bytes())
    hold(draft)
    name = f"{PurePosixPath(video).with_suffix('')}.{language}.vtt"
    keep_file(draft, name, PackedFile.of_bytes(CONTENT_TYPE, data))
    return name

"""Drafts: a course begins as one, and each later revision is written as a copy."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from courses.events import LessonsRemoved, RevisionCopied
from courses.formats.packed import KEY_LENGTH, TAKEN_SLUGS
from courses.models import Course, Lesson, Media, Module, Revision
from courses.queries.authoring import get_newest
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.text import slugify

_COPIED_FACTS = (
    *("title", "summary", "periods", "language", "audiences", "objectives", "sources"),
    "in_order",
)
_COPIED_MODULE = ("key", "position", "title", "origin_course_id", "origin_key")
_COPIED_LESSON = (
    *("key", "position", "kind", "title", "source", "minutes", "required", "sensitive"),
    *("settings", "completion", "release"),
)
_COPIED_MEDIA = ("name", "sha256", "content_type", "size", "library_file_id")


class StaleEdit(Exception):
    """An edit of something that was saved by another tab or person meanwhile."""


@dataclass(frozen=True)
class Facts:
    """What the catalogue says of a revision."""

    title: str
    summary: str
    periods: int
    audiences: Sequence[str]
    objectives: Sequence[str]
    #: title, number, date (ISO 8601) and note, each when there is one.
    sources: Sequence[dict[str, str]]
    #: Each lesson opens only when the required ones before it are done.
    in_order: bool = False


def create_course(title: str, periods: int, owner_id: int | None) -> Course:
    """Begin a course with an empty draft; its address comes from the title."""
    course = Course(slug=free_slug(title), owner_id=owner_id, created_at=now())
    draft = Revision(course=course, number=1, title=title, periods=periods, updated_at=now())
    db.session.add_all([course, draft])
    db.session.flush()
    audit.record("courses.created", f"course:{course.id}", slug=course.slug)
    return course


def start_draft(course: Course) -> Revision:
    """Return the course's draft; when there is none, a copy of its newest revision.

    Lessons keep their keys and pictures their names, so each can be followed.
    """
    hold_course(course)
    newest = get_newest(course)
    if newest.state == "in_review":
        raise Refused(say_in_review(), 409)
    if newest.state == "draft":
        return newest
    draft = copy_revision(newest, newest.number + 1)
    audit.record("courses.draft_started", f"course:{course.id}", revision=draft.number)
    return draft


def copy_revision(
    source: Revision, number: int, *, state: str = "draft", published_at: datetime | None = None
) -> Revision:
    """Return a new revision of the same course with all that another holds, quizzes included."""
    twin = Revision(
        course_id=source.course_id,
        number=number,
        state=state,
        published_at=published_at,
        updated_at=now(),
    )
    _copy(source, twin, _COPIED_FACTS)
    db.session.add(twin)
    db.session.flush()
    pairs = [pair for module in source.modules for pair in _copy_module(module, twin)]
    for media in db.session.scalars(select(Media).where(Media.revision_id == source.id)):
        db.session.add(_copy(media, Media(revision_id=twin.id), _COPIED_MEDIA))
    db.session.flush()
    publish(RevisionCopied(tuple((old.id, new.id) for old, new in pairs)))
    return twin


def save_facts(draft: Revision, facts: Facts, version: int) -> None:
    """Keep the facts of a draft. Raises StaleEdit when they are not the ones that were read."""
    hold(draft)
    if draft.version != version:
        raise StaleEdit
    for name, value in asdict(facts).items():
        setattr(draft, name, list(value) if isinstance(value, (list, tuple)) else value)
    draft.version += 1


def discard_draft(draft: Revision) -> None:
    """Throw a draft away; what was published before stays as it is."""
    hold(draft)
    lessons = db.session.scalars(select(Lesson.id).where(Lesson.revision_id == draft.id))
    publish(LessonsRemoved(tuple(lessons)))
    for table in (Lesson, Module, Media):
        db.session.execute(delete(table).where(table.revision_id == draft.id))
    audit.record("courses.draft_discarded", f"course:{draft.course_id}", revision=draft.number)
    db.session.expire_all()
    db.session.execute(delete(Revision).where(Revision.id == draft.id))


def hold(draft: Revision, seen: datetime | None = None, *, state: str = "draft") -> None:
    """Take turns with whoever else edits this draft, and note that it changes.

    ``seen`` is when it was last edited as far as the editor knows. Raises Refused when it
    was edited since, or is not (or no longer) in the state that the act is for.
    """
    db.session.flush()
    query = select(Revision.state).where(Revision.id == draft.id).with_for_update()
    found = db.session.scalar(query)
    if found == "in_review" and state == "draft":
        raise Refused(say_in_review(), 409)
    if found != state:
        raise Refused(_("This draft was published or discarded meanwhile. Open it again."), 409)
    db.session.refresh(draft)
    if seen is not None and draft.updated_at != seen:
        raise Refused(
            _("The draft was edited since you opened this page. Look at it once more."), 409
        )
    draft.updated_at = now()


def refuse_followed(module: Module) -> None:
    """Raise Refused for a module that is written in another course and only repeated here."""
    if module.origin_course_id is not None:
        raise Refused(
            _("This module is repeated from another course. Edit it there, or make it your own."),
            409,
        )


def say_in_review() -> str:
    """Return why a draft in review is not edited, and what to do."""
    return _("This draft is in review. Take it back first to go on writing.")


def hold_course(course: Course) -> None:
    """Take turns with whoever else begins or publishes a revision of this course."""
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())


def free_slug(title: str) -> str:
    """Return an address for a new course, made of its title."""
    slug = slugify(title, fallback="khoa-hoc", longest=KEY_LENGTH - 5)
    taken = set(db.session.scalars(select(Course.slug).where(Course.slug.startswith(slug))))
    taken |= TAKEN_SLUGS
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in taken else next(s for s in numbered if s not in taken)


def _copy_module(module: Module, draft: Revision) -> list[tuple[Lesson, Lesson]]:
    copy = _copy(module, Module(revision_id=draft.id), _COPIED_MODULE)
    db.session.add(copy)
    db.session.flush()
    pairs = []
    for lesson in module.lessons:
        twin = Lesson(revision_id=draft.id, module_id=copy.id)
        pairs.append((lesson, _copy(lesson, twin, _COPIED_LESSON)))
        db.session.add(twin)
    return pairs


def _copy(source: Any, target: Any, names: Sequence[str]) -> Any:
    for name in names:
        setattr(target, name, getattr(source, name))
    return target

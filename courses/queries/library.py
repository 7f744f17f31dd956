"""Reads of the media library: a trainer's own files, and those of their agency's trainers."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from werkzeug.exceptions import NotFound

from courses.lesson_text import list_silent_pictures
from courses.models import Course, Lesson, LibraryFile, Media, Revision
from lms.core.access import Viewer
from lms.core.clock import today
from lms.core.db import db
from lms.core.text import fold
from lms.people.models import Person
from lms.people.queries import find_agency_of

PAGE = 24
#: Revisions that still matter to those who write.
LIVE = ("draft", "in_review", "published")


@dataclass(frozen=True)
class Shelf:
    """One page of the library, with what is found in all."""

    files: list[LibraryFile]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Use:
    """A place where a file is used."""

    slug: str
    course: str
    state: str
    #: Titles of the lessons that show it.
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class SilentLesson:
    """A lesson of a draft that shows pictures without saying what they show."""

    slug: str
    course: str
    key: str
    title: str
    pictures: tuple[str, ...]


def list_shelf(viewer: Viewer, words: str, kind: str, page: int) -> Shelf:
    """Return the files that the viewer may use, the newest first."""
    query = _seen_by(viewer)
    for word in fold(words).split():
        query = query.where(LibraryFile.title_folded.contains(word, autoescape=True))
    if kind:
        query = query.where(LibraryFile.kind == kind)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(page, pages)
    ordered = query.order_by(LibraryFile.created_at.desc(), LibraryFile.id.desc())
    files = db.session.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE))
    return Shelf(list(files), total, page, pages)


def list_usable(viewer: Viewer, kinds: tuple[str, ...] = (), limit: int = 200) -> list[LibraryFile]:
    """Return files to choose from, by title."""
    query = _seen_by(viewer)
    if kinds:
        query = query.where(LibraryFile.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(LibraryFile.title_folded).limit(limit)))


def list_without_alt(viewer: Viewer, limit: int = 50) -> list[LibraryFile]:
    """Return the viewer's own pictures of which nobody has said what they show."""
    query = select(LibraryFile).where(
        LibraryFile.owner_id == viewer.person_id,
        LibraryFile.kind == "picture",
        LibraryFile.alt == "",
    )
    return list(db.session.scalars(query.order_by(LibraryFile.id).limit(limit)))


def list_silent_lessons(viewer: Viewer, limit: int = 50) -> list[SilentLesson]:
    """Return the lessons of the viewer's drafts that show pictures without words."""
    own = true() if viewer.may("courses.write_any") else Course.owner_id == viewer.person_id
    rows = db.session.execute(
        select(Course.slug, Revision.title, Lesson.key, Lesson.title, Lesson.source)
        .join(Revision, Revision.course_id == Course.id)
        .join(Lesson, Lesson.revision_id == Revision.id)
        # Roughly; the text itself is read below.
        .where(own, Revision.state == "draft", Lesson.source.contains("![]("))
        .order_by(Course.slug, Lesson.position)
        .limit(limit)
    )
    lessons = (SilentLesson(*row[:4], tuple(list_silent_pictures(row[4]))) for row in rows)
    return [lesson for lesson in lessons if lesson.pictures]


def get_file(viewer: Viewer, file_id: int) -> LibraryFile:
    """Return a file that the viewer may use, or answer 404."""
    file: LibraryFile | None = db.session.scalar(_seen_by(viewer).where(LibraryFile.id == file_id))
    if file is None:
        raise NotFound
    return file


def get_own_file(viewer: Viewer, file_id: int) -> LibraryFile:
    """Return a file that the viewer may change, held for this transaction, or answer 404."""
    file = get_file(viewer, file_id)
    if not is_own(viewer, file):
        raise NotFound
    db.session.refresh(file, with_for_update=True)
    return file


def is_own(viewer: Viewer, file: LibraryFile) -> bool:
    """Tell whether the viewer may change a file."""
    return file.owner_id == viewer.person_id or viewer.may("courses.write_any")


def count_bytes(owner_id: int) -> int:
    """Return how many bytes a trainer keeps."""
    query = select(func.sum(LibraryFile.size)).where(LibraryFile.owner_id == owner_id)
    return int(db.session.scalar(query) or 0)


def list_uses(file_ids: list[int]) -> dict[int, list[Use]]:
    """Return where files are used, by file, in one query for all of them."""
    shows = or_(
        Lesson.settings["file"].as_string() == Media.name,
        Lesson.source.contains(Media.name),
    )
    rows = db.session.execute(
        select(Media.library_file_id, Course.slug, Revision.title, Revision.state, Lesson.title)
        .join(Revision, Revision.id == Media.revision_id)
        .join(Course, Course.id == Revision.course_id)
        .outerjoin(Lesson, (Lesson.revision_id == Revision.id) & shows)
        .where(Media.library_file_id.in_(file_ids), Revision.state.in_(LIVE))
        .order_by(Course.slug, Revision.number, Lesson.id)
    )
    places: dict[Any, dict[tuple[str, str, str], list[str]]] = {}
    for file_id, slug, course, state, lesson in rows:
        lessons = places.setdefault(file_id, {}).setdefault((slug, course, state), [])
        if lesson is not None:
            lessons.append(lesson)
    return {
        file_id: [Use(*place, tuple(lessons)) for place, lessons in uses.items()]
        for file_id, uses in places.items()
    }


def list_owners(files: list[LibraryFile]) -> dict[int, str]:
    """Return the names of those who brought the files."""
    ids = {file.owner_id for file in files}
    query = select(Person.id, Person.full_name).where(Person.id.in_(ids))
    return {row.id: row.full_name for row in db.session.execute(query)}


def _seen_by(viewer: Viewer) -> Select[Any]:
    return select(LibraryFile).where(_may_use(viewer))


def _may_use(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.may("courses.write_any"):
        return true()
    agency = find_agency_of(viewer.person_id, today())
    own = LibraryFile.owner_id == viewer.person_id
    return own if agency is None else or_(own, LibraryFile.agency_id == agency.id)

"""Courses in and out of the database as packs: whole or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from courses.events import PackExporting, PackImported
from courses.files import storage_key
from courses.formats.packed import (
    KEY_LENGTH,
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
    PackedPicture,
)
from courses.formats.quiz_file import plain_quiz
from courses.kinds import KINDS
from courses.models import Course, Lesson, Module, Revision
from courses.queries import find_course
from courses.queries.authoring import find_revision, list_media
from courses.services.authoring.drafts import discard_draft, hold_course, say_in_review
from courses.services.authoring.files import keep_file
from courses.services.authoring.pictures import keep_picture
from courses.services.packages.unpacking import keep_package
from lms.core import audit, storage
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.text import slugify
from lms.people.queries import list_audiences

#: Revisions keep every key of a source, empty when nothing is known.
EMPTY_SOURCE = {"title": "", "number": "", "date": "", "note": ""}


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did: the revision that now holds the content, and whether it is new."""

    course: Course
    revision: Revision
    changed: bool


def import_pack(
    packed: PackedCourse, owner_id: int | None, *, replace_draft: bool = False
) -> ImportOutcome:
    """Make a draft of a pack, in a new course or as the next revision of the one with its slug.

    The content that is published or drafted already changes nothing. Raises Refused when
    it names an audience that does not exist, or when another draft is under way and
    ``replace_draft`` does not allow it to go.
    """
    _refuse_unknown_audiences(packed)
    refuse_unknown_kinds(packed)
    course = find_course(packed.slug)
    if course is None:
        course = Course(slug=packed.slug, owner_id=owner_id, created_at=now())
        db.session.add(course)
        db.session.flush()
    hold_course(course)
    if find_revision(course, "in_review") is not None:
        raise Refused(say_in_review(), 409)
    published, draft = (find_revision(course, state) for state in ("published", "draft"))
    for revision in (published, draft):
        if revision is not None and _holds(revision, packed):
            return ImportOutcome(course, revision, changed=False)
    if draft is not None:
        _make_way(draft, replace_draft=replace_draft)
    return ImportOutcome(course, _add_revision(course, packed), changed=True)


def pack_whole(revision: Revision) -> PackedCourse:
    """Return a revision for a writer of courses/formats.

    Raises Refused when a quiz has no rules yet: no format has a way to say that.
    """
    packed = pack_revision(revision)
    for lesson in packed.lessons():
        if lesson.kind == "quiz" and lesson.quiz is None:
            raise Refused(
                _("“%(title)s” has no questions yet. Add them first.", title=lesson.title)
            )
    return packed


def pack_revision(revision: Revision) -> PackedCourse:
    """Return a revision as it stands, with its pictures' bytes and its quizzes."""
    modules = db.session.scalars(
        select(Module).where(Module.revision_id == revision.id).order_by(Module.position)
    ).all()
    lessons = db.session.scalars(
        select(Lesson).where(Lesson.revision_id == revision.id).order_by(Lesson.position)
    ).all()
    kept = list_media(revision)
    exporting = PackExporting(tuple(x.id for x in lessons if x.kind == "quiz"))
    publish(exporting)
    return PackedCourse(
        slug=revision.course.slug,
        title=revision.title,
        periods=revision.periods,
        summary=revision.summary,
        audiences=tuple(revision.audiences),
        objectives=tuple(revision.objectives),
        in_order=revision.in_order,
        sources=tuple({k: v for k, v in source.items() if v} for source in revision.sources),
        modules=tuple(
            PackedModule(
                module.title,
                tuple(
                    _pack_lesson(lesson, exporting.quizzes)
                    for lesson in lessons
                    if lesson.module_id == module.id
                ),
            )
            for module in modules
        ),
        pictures={
            media.name: PackedPicture(storage.get(storage_key(media.sha256)), media.content_type)
            for media in kept
            if media.name.startswith("images/")
        },
        files={
            media.name: PackedFile(
                media.content_type,
                media.size,
                media.sha256,
                partial(storage.open_file, storage_key(media.sha256)),
            )
            for media in kept
            if not media.name.startswith("images/")
        },
    )


def _holds(revision: Revision, packed: PackedCourse) -> bool:
    return pack_revision(revision).comparable() == packed.comparable()


def _pack_lesson(lesson: Lesson, quizzes: Mapping[int, dict[str, Any]]) -> PackedLesson:
    quiz = quizzes.get(lesson.id)
    return PackedLesson(
        key=lesson.key,
        title=lesson.title,
        kind=lesson.kind,
        source=lesson.source,
        minutes=lesson.minutes,
        required=lesson.required,
        sensitive=lesson.sensitive,
        settings=lesson.settings,
        completion=lesson.completion,
        release=lesson.release,
        quiz=None if quiz is None else plain_quiz(quiz),
    )


def _refuse_unknown_audiences(packed: PackedCourse) -> None:
    known = [audience.key for audience in list_audiences()]
    unknown = [key for key in packed.audiences if key not in known]
    if unknown:
        raise Refused(
            _(
                "course.yml: there is no audience “%(unknown)s”. Known are: %(known)s.",
                unknown="”, “".join(unknown),
                known=", ".join(known),
            )
        )


def _make_way(draft: Revision, *, replace_draft: bool) -> None:
    if not replace_draft:
        raise Refused(
            _(
                "A draft of this course is being written (revision %(number)s). "
                "Publish or discard it first, or ask for it to be replaced.",
                number=draft.number,
            ),
            409,
        )
    discard_draft(draft)


def _add_revision(course: Course, packed: PackedCourse) -> Revision:
    numbers = select(Revision.number).where(Revision.course_id == course.id)
    revision = Revision(
        course_id=course.id,
        number=max(db.session.scalars(numbers), default=0) + 1,
        title=packed.title,
        summary=packed.summary,
        periods=packed.periods,
        audiences=list(packed.audiences),
        objectives=list(packed.objectives),
        sources=[{**EMPTY_SOURCE, **source} for source in packed.sources],
        in_order=packed.in_order,
        updated_at=now(),
    )
    db.session.add(revision)
    db.session.flush()
    quizzes: dict[int, dict[str, Any]] = {}
    for position, module in enumerate(packed.modules, 1):
        quizzes |= add_module(revision, module, position)
    keep_content(revision, packed)
    publish(PackImported(course.id, quizzes))
    audit.record("courses.imported", f"course:{course.id}", revision=revision.number)
    return revision


def keep_content(revision: Revision, packed: PackedCourse) -> None:
    """Store the pictures and files of a pack, and name them in the revision.

    Packages are unpacked as well. Raises ArchiveError when one is damaged.
    """
    for name, picture in packed.pictures.items():
        keep_picture(revision, name, picture.data, picture.content_type)
    for name, file in packed.files.items():
        keep_file(revision, name, file)
    for sha256 in {file.sha256 for name, file in packed.files.items() if is_package(name)}:
        with storage.open_file(storage_key(sha256)) as stream:
            keep_package(stream, sha256)


def is_package(name: str) -> bool:
    """Tell whether a file of a course is a package, to be unpacked and played."""
    return name.startswith("packages/")


def refuse_unknown_kinds(packed: PackedCourse) -> None:
    """Raise Refused for a lesson of a kind that this installation does not have."""
    for lesson in packed.lessons():
        if lesson.kind not in KINDS:
            raise Refused(
                _(
                    "“%(title)s” is a lesson of the kind “%(kind)s”, which is not known here.",
                    title=lesson.title,
                    kind=lesson.kind,
                )
            )


def add_module(
    revision: Revision, packed: PackedModule, position: int, taken: Collection[str] = ()
) -> dict[int, dict[str, Any]]:
    """Add a module with its lessons; return what its quiz lessons are to hold, by lesson id.

    ``taken`` are the keys of the modules that are there.
    """
    stem = slugify(packed.title, fallback="phan", longest=KEY_LENGTH - 8)
    keys = (f"{stem}-{number}" for number in count(position))
    module = Module(
        revision_id=revision.id,
        key=next(key for key in keys if key not in taken),
        position=position,
        title=packed.title,
    )
    db.session.add(module)
    db.session.flush()
    return add_lessons(module, packed)


def add_lessons(module: Module, packed: PackedModule) -> dict[int, dict[str, Any]]:
    """Add lessons to an empty module; return what its quiz lessons are to hold, by lesson id."""
    lessons = [
        Lesson(
            revision_id=module.revision_id,
            module_id=module.id,
            key=lesson.key,
            position=number,
            kind=lesson.kind,
            title=lesson.title,
            source=lesson.source,
            minutes=lesson.minutes,
            required=lesson.required,
            sensitive=lesson.sensitive,
            settings=dict(lesson.settings),
            completion=dict(lesson.completion),
            release=dict(lesson.release),
        )
        for number, lesson in enumerate(packed.lessons, 1)
    ]
    db.session.add_all(lessons)
    db.session.flush()
    return {
        row.id: {"title": lesson.title, **lesson.quiz}
        for row, lesson in zip(lessons, packed.lessons, strict=True)
        if lesson.quiz is not None
    }

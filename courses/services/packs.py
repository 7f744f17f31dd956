"""Courses in and out of the database as packs: whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from courses.events import PackExporting, PackImported
from courses.files import storage_key
from courses.formats.pack_writing import write
from courses.formats.packed import (
    KEY_LENGTH,
    PackedCourse,
    PackedLesson,
    PackedModule,
    PackedPicture,
)
from courses.formats.quiz_file import plain_quiz
from courses.models import Course, Lesson, Module, Revision
from courses.queries import find_course
from courses.queries.authoring import find_revision, list_media
from courses.services.authoring.drafts import discard_draft, hold_course
from courses.services.authoring.pictures import keep_picture
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
    course = find_course(packed.slug)
    if course is None:
        course = Course(slug=packed.slug, owner_id=owner_id, created_at=now())
        db.session.add(course)
        db.session.flush()
    hold_course(course)
    published, draft = (find_revision(course, state) for state in ("published", "draft"))
    for revision in (published, draft):
        if revision is not None and _holds(revision, packed):
            return ImportOutcome(course, revision, changed=False)
    if draft is not None:
        _make_way(draft, replace_draft=replace_draft)
    return ImportOutcome(course, _add_revision(course, packed), changed=True)


def export_pack(revision: Revision) -> bytes:
    """Return a revision as the zip of its pack.

    Raises Refused when a quiz has no rules yet: a pack has no way to say that.
    """
    packed = pack_revision(revision)
    for lesson in packed.lessons():
        if lesson.kind == "quiz" and lesson.quiz is None:
            raise Refused(
                _("“%(title)s” has no questions yet. Add them first.", title=lesson.title)
            )
    return write(packed)


def pack_revision(revision: Revision) -> PackedCourse:
    """Return a revision as it stands, with its pictures' bytes and its quizzes."""
    modules = db.session.scalars(
        select(Module).where(Module.revision_id == revision.id).order_by(Module.position)
    ).all()
    lessons = db.session.scalars(
        select(Lesson).where(Lesson.revision_id == revision.id).order_by(Lesson.position)
    ).all()
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
            for media in list_media(revision)
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
        quizzes |= _add_module(revision, module, position)
    for name, picture in packed.pictures.items():
        keep_picture(revision, name, picture.data, picture.content_type)
    publish(PackImported(course.id, quizzes))
    audit.record("courses.imported", f"course:{course.id}", revision=revision.number)
    return revision


def _add_module(
    revision: Revision, packed: PackedModule, position: int
) -> dict[int, dict[str, Any]]:
    """Add a module with its lessons; return what its quiz lessons are to hold."""
    module = Module(
        revision_id=revision.id,
        key=f"{slugify(packed.title, fallback='phan', longest=KEY_LENGTH - 5)}-{position}",
        position=position,
        title=packed.title,
    )
    db.session.add(module)
    db.session.flush()
    lessons = [
        Lesson(
            revision_id=revision.id,
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

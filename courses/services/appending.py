"""What a trainer brings becomes further modules of a course that is being written."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from courses.events import PackImported
from courses.formats.packed import (
    MOST_FILES,
    MOST_LESSONS,
    MOST_MODULES,
    MOST_PICTURES,
    PackedCourse,
)
from courses.joining import Taken, fit
from courses.models import Media, Module, Revision
from courses.services.authoring.drafts import hold
from courses.services.packs import (
    add_module,
    keep_content,
    pack_revision,
    refuse_unknown_kinds,
)
from lms.core import audit
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.events import publish


def append_modules(draft: Revision, packed: PackedCourse, mark: str) -> None:
    """Add the modules of a course at the end of a draft; what is there stays as it is.

    ``mark`` goes into the keys of questions and is given once. Raises Refused when the
    course would grow beyond what a course may hold.
    """
    hold(draft)
    refuse_unknown_kinds(packed)
    present = pack_revision(draft)
    brought = fit(packed, _list_taken(draft, present), mark)
    _refuse_too_much(present, brought)
    modules = db.session.execute(
        select(Module.key, Module.position).where(Module.revision_id == draft.id)
    ).all()
    last = max((module.position for module in modules), default=0)
    keys = {module.key for module in modules}
    quizzes: dict[int, dict[str, Any]] = {}
    for position, module in enumerate(brought.modules, last + 1):
        quizzes |= add_module(draft, module, position, keys)
    keep_content(draft, brought)
    publish(PackImported(draft.course_id, quizzes, replaces="nothing"))
    draft.version += 1
    audit.record("courses.modules_imported", f"course:{draft.course_id}", revision=draft.number)


def _list_taken(draft: Revision, present: PackedCourse) -> Taken:
    rows = db.session.execute(select(Media.name, Media.sha256).where(Media.revision_id == draft.id))
    files = {row.name: row.sha256 for row in rows}
    quizzes = [lesson.quiz for lesson in present.lessons() if lesson.quiz is not None]
    categories = {
        one.get("category", "")
        for quiz in quizzes
        for one in (*quiz.get("sections", ()), *quiz.get("questions", ()))
    }
    return Taken({lesson.key for lesson in present.lessons()}, files, categories)


def _refuse_too_much(present: PackedCourse, brought: PackedCourse) -> None:
    counts = (
        (MOST_MODULES, len(present.modules) + len(brought.modules)),
        (MOST_LESSONS, len([*present.lessons(), *brought.lessons()])),
        (MOST_PICTURES, len({*present.pictures, *brought.pictures})),
        (MOST_FILES, len({*present.files, *brought.files})),
    )
    for most, count in counts:
        if count > most:
            raise Refused(
                _(
                    "With this file the course would grow too large: %(count)s where at most "
                    "%(most)s are allowed. Make a course of its own of the file.",
                    count=count,
                    most=most,
                )
            )

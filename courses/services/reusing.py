"""One module in several courses: written in one, followed by the others."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from courses import reuse
from courses.events import LessonsRemoved, PackImported
from courses.formats.packed import MOST_LESSONS, PackedCourse
from courses.models import Course, Lesson, Module, Revision
from courses.queries.authoring import find_revision
from courses.queries.reusing import list_followers
from courses.services.authoring.drafts import copy_revision, hold, hold_course
from courses.services.packs import add_lessons, keep_content, pack_revision
from lms.core import audit
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.events import publish


def follow_module(draft: Revision, origin: Course, key: str) -> Module:
    """Repeat a module of another course's published revision at the end of a draft.

    Raises Refused when it is not there, is repeated already, or would make the course
    follow one that follows it.
    """
    hold(draft)
    lent = _lend(origin, key)
    if lent is None or origin.id == draft.course_id:
        raise Refused(_("This module is not offered any more. Choose another one."))
    _refuse_twice(draft, origin, key)
    _refuse_more_lessons(draft, lent)
    last = select(func.max(Module.position)).where(Module.revision_id == draft.id)
    module = Module(
        revision_id=draft.id,
        key=f"{key}-{origin.id}",
        position=(db.session.scalar(last) or 0) + 1,
        title=lent.modules[0].title,
        origin_course_id=origin.id,
        origin_key=key,
    )
    db.session.add(module)
    db.session.flush()
    _fill(module, lent)
    audit.record(
        "courses.module_followed", f"course:{draft.course_id}", origin=origin.slug, module=key
    )
    return module


def cut_link(draft: Revision, module: Module) -> None:
    """Make a repeated module the course's own: it is edited here, and no longer updated."""
    hold(draft)
    module.origin_course_id = None
    module.origin_key = None
    audit.record("courses.module_cut_off", f"course:{draft.course_id}", module=module.key)


def refresh_followers(origin: Course) -> None:
    """Bring what was just published to every course that repeats a module of it.

    A follower's draft is changed where it stands. What its learners get is changed as well,
    by a revision of its own that differs in nothing else; those under way keep theirs.
    """
    for course_id in dict.fromkeys(follower.course_id for follower in list_followers(origin)):
        follower = db.session.get_one(Course, course_id)
        hold_course(follower)
        for state in ("draft", "in_review"):
            if (revision := find_revision(follower, state)) is not None:
                _refresh(revision, origin)
        if (published := find_revision(follower, "published")) is not None:
            _republish(published, origin)


def _republish(published: Revision, origin: Course) -> None:
    """Replace a published revision by its like with the new module."""
    if not _list_following(published, origin):
        return
    newest = select(func.max(Revision.number)).where(Revision.course_id == published.course_id)
    number = (db.session.scalar(newest) or 0) + 1
    draft = find_revision(published.course, "draft") or find_revision(published.course, "in_review")
    if draft is not None:  # what is being written stays the newest
        draft.number, number = number, draft.number
        db.session.flush()
    published.state = "retired"
    db.session.flush()
    revision = copy_revision(published, number, state="published", published_at=now())
    _refresh(revision, origin)
    audit.record("courses.module_spread", f"course:{published.course_id}", origin=origin.slug)


def _refresh(revision: Revision, origin: Course) -> None:
    """Write the repeated modules of a revision anew; one that is gone at its origin stays."""
    for module in _list_following(revision, origin):
        lent = _lend(origin, str(module.origin_key))
        if lent is None:
            continue
        lessons = db.session.scalars(select(Lesson.id).where(Lesson.module_id == module.id)).all()
        publish(LessonsRemoved(tuple(lessons)))
        db.session.execute(delete(Lesson).where(Lesson.module_id == module.id))
        db.session.execute(
            update(Module).where(Module.id == module.id).values(title=lent.modules[0].title)
        )
        _fill(module, lent)
        db.session.execute(
            update(Revision).where(Revision.id == revision.id).values(updated_at=now())
        )
    db.session.expire_all()


def _fill(module: Module, lent: PackedCourse) -> None:
    revision = db.session.get_one(Revision, module.revision_id)
    quizzes: dict[int, dict[str, Any]] = add_lessons(module, lent.modules[0])
    keep_content(revision, lent)
    publish(PackImported(revision.course_id, quizzes, replaces="categories"))


def _lend(origin: Course, key: str) -> PackedCourse | None:
    published = find_revision(origin, "published")
    if published is None:
        return None
    query = select(Module.key).where(Module.revision_id == published.id)
    keys = list(db.session.scalars(query.order_by(Module.position)))
    if key not in keys:
        return None
    return reuse.lend(pack_revision(published), keys.index(key) + 1)


def _list_following(revision: Revision, origin: Course) -> list[Module]:
    query = select(Module).where(
        Module.revision_id == revision.id, Module.origin_course_id == origin.id
    )
    return list(db.session.scalars(query.order_by(Module.position)))


def _refuse_twice(draft: Revision, origin: Course, key: str) -> None:
    for module in _list_following(draft, origin):
        if module.origin_key == key:
            raise Refused(_("The course repeats this module already."))


def _refuse_more_lessons(draft: Revision, lent: PackedCourse) -> None:
    lessons = select(func.count()).where(Lesson.revision_id == draft.id)
    if (db.session.scalar(lessons) or 0) + len(lent.modules[0].lessons) > MOST_LESSONS:
        raise Refused(_("A course holds at most %(most)s of these.", most=MOST_LESSONS))

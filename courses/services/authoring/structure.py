"""Modules and lessons of a draft: added, named, put in order, taken out."""

from collections.abc import Iterable
from itertools import count

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from courses.events import LessonsRemoved
from courses.formats.packed import KEY_LENGTH, MOST_LESSONS, MOST_MODULES
from courses.models import Lesson, Module, Revision
from courses.services.authoring.drafts import hold
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.text import slugify

UP, DOWN = -1, 1


def add_module(draft: Revision, title: str) -> Module:
    """Add a module at the end. Raises Refused when a course may hold no more."""
    hold(draft)
    _refuse_more(Module, draft, MOST_MODULES)
    last = select(func.max(Module.position)).where(Module.revision_id == draft.id)
    position = (db.session.scalar(last) or 0) + 1
    module = Module(
        revision_id=draft.id, key=_free_key(Module, draft, title), position=position, title=title
    )
    db.session.add(module)
    db.session.flush()
    return module


def rename_module(draft: Revision, module: Module, title: str) -> None:
    """Give a module another title."""
    hold(draft)
    module.title = title


def move_module(draft: Revision, module: Module, step: int) -> None:
    """Change places with the module above (UP) or below (DOWN), if there is one."""
    hold(draft)
    modules = _modules(draft)
    at = modules.index(module)
    if 0 <= at + step < len(modules):
        modules[at], modules[at + step] = modules[at + step], modules[at]
        _number(modules)


def delete_module(draft: Revision, module: Module) -> None:
    """Take a module out of a draft, its lessons with it."""
    hold(draft)
    _delete_lessons(list(_lessons(module)))
    db.session.execute(delete(Module).where(Module.id == module.id))
    db.session.expire_all()


def add_lesson(draft: Revision, module: Module, title: str, kind: str) -> Lesson:
    """Add a lesson at the end of a module; its key comes from the title.

    Raises Refused when a course may hold no more.
    """
    hold(draft)
    _refuse_more(Lesson, draft, MOST_LESSONS)
    siblings = _lessons(module)
    lesson = Lesson(
        revision_id=draft.id,
        module_id=module.id,
        key=_free_key(Lesson, draft, title),
        position=len(siblings) + 1,
        kind=kind,
        title=title,
    )
    db.session.add(lesson)
    db.session.flush()
    _number([*siblings, lesson])
    return lesson


def move_lesson(draft: Revision, lesson: Lesson, step: int) -> None:
    """Move a lesson one place up or down; past an end it goes into the next module."""
    hold(draft)
    modules = _modules(draft)
    home = next(n for n, module in enumerate(modules) if module.id == lesson.module_id)
    here = _lessons(modules[home])
    at = here.index(lesson)
    here.remove(lesson)
    if 0 <= at + step <= len(here):
        here.insert(at + step, lesson)
    elif 0 <= home + step < len(modules):
        there = _lessons(modules[home + step])
        there.insert(len(there) if step == UP else 0, lesson)
        lesson.module_id = modules[home + step].id
        _number(there)
    else:
        return
    _number(here)
    db.session.flush()
    db.session.expire_all()


def delete_lesson(draft: Revision, lesson: Lesson) -> None:
    """Take a lesson out of a draft."""
    hold(draft)
    _delete_lessons([lesson])
    db.session.expire_all()


def _refuse_more(table: type[Module | Lesson], draft: Revision, most: int) -> None:
    """Keep a course as small as a pack can carry."""
    query = select(func.count()).select_from(table).where(table.revision_id == draft.id)
    if (db.session.scalar(query) or 0) >= most:
        raise Refused(_("A course holds at most %(most)s of these.", most=most))


def _delete_lessons(lessons: list[Lesson]) -> None:
    ids = tuple(lesson.id for lesson in lessons)
    publish(LessonsRemoved(ids))
    db.session.execute(delete(Lesson).where(Lesson.id.in_(ids)))


def _modules(draft: Revision) -> list[Module]:
    query = select(Module).where(Module.revision_id == draft.id)
    return list(db.session.scalars(query.order_by(Module.position, Module.id)))


def _lessons(module: Module) -> list[Lesson]:
    query = select(Lesson).where(Lesson.module_id == module.id)
    return list(db.session.scalars(query.order_by(Lesson.position, Lesson.id)))


def _number(things: Iterable[Module | Lesson]) -> None:
    for position, thing in enumerate(things, 1):
        thing.position = position


def _free_key(table: type[Module | Lesson], draft: Revision, title: str) -> str:
    key = slugify(title, fallback="bai", longest=KEY_LENGTH - 5)
    taken = set(db.session.scalars(select(table.key).where(table.revision_id == draft.id)))
    numbered = (f"{key}-{number}" for number in count(2))
    return key if key not in taken else next(k for k in numbered if k not in taken)

"""Modules and lessons of a draft: added, named, put in order, taken out."""

from collections.abc import Iterable
from itertools import count

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from courses.events import LessonsRemoved
from courses.formats.packed import KEY_LENGTH, MOST_LESSONS, MOST_MODULES
from courses.models import Lesson, Module, Revision
from courses.services.authoring.drafts import hold, refuse_followed
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.events import publish
from lms.core.text import slugify

UP, DOWN = -1, 1

#: Modules by id in order, each with the keys of its lessons in order.
Order = list[tuple[int, list[str]]]


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
    refuse_followed(module)
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
    refuse_followed(module)
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
    refuse_followed(lesson.module)
    modules = _modules(draft)
    home = next(n for n, module in enumerate(modules) if module.id == lesson.module_id)
    here = _lessons(modules[home])
    at = here.index(lesson)
    here.remove(lesson)
    if 0 <= at + step <= len(here):
        here.insert(at + step, lesson)
    elif 0 <= home + step < len(modules):
        refuse_followed(modules[home + step])
        there = _lessons(modules[home + step])
        there.insert(len(there) if step == UP else 0, lesson)
        lesson.module_id = modules[home + step].id
        _number(there)
    else:
        return
    _number(here)
    db.session.flush()
    db.session.expire_all()


def read_order(draft: Revision) -> Order:
    """Return the ids of a draft's modules in order, each with the keys of its lessons."""
    return [(m.id, [lesson.key for lesson in _lessons(m)]) for m in _modules(draft)]


def put_in_order(draft: Revision, seen: Order, wanted: Order) -> None:
    """Put modules and lessons in another order; lessons may go into another module.

    Raises Refused when the order that was seen is not the one that is there, when the new
    one leaves out or adds anything, and for a lesson of a repeated module that would move.
    """
    hold(draft)
    if read_order(draft) != seen:
        raise Refused(
            _("The course was put in another order meanwhile. Look at it once more."), 409
        )
    if _parts(wanted) != _parts(seen):
        raise Refused(_("The new order has to hold each module and each lesson once."))
    modules = {module.id: module for module in _modules(draft)}
    lessons = {lesson.key: lesson for module in modules.values() for lesson in _lessons(module)}
    before = dict(seen)
    for position, (module_id, keys) in enumerate(wanted, 1):
        module = modules[module_id]
        module.position = position
        if keys != before[module_id]:
            refuse_followed(module)
        for place, key in enumerate(keys, 1):
            lessons[key].module_id, lessons[key].position = module_id, place
    db.session.flush()
    db.session.expire_all()


def delete_lesson(draft: Revision, lesson: Lesson) -> None:
    """Take a lesson out of a draft."""
    hold(draft)
    refuse_followed(lesson.module)
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


def _parts(order: Order) -> tuple[list[int], list[str]]:
    return sorted(module for module, _keys in order), sorted(k for _m, keys in order for k in keys)


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

"""What a new revision changes for learners. Pure: compares two courses."""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.formats.packed import PackedCourse, PackedLesson

FACTS = ("title", "summary", "periods", "audiences", "objectives", "sources")


@dataclass(frozen=True)
class Changes:
    """Facts by their names, lessons by their titles."""

    facts: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    #: Lessons that stay as they are but stand elsewhere, or in another module.
    moved: tuple[str, ...]

    def __bool__(self) -> bool:
        return any((self.facts, self.added, self.removed, self.changed, self.moved))


def compare(before: PackedCourse, after: PackedCourse) -> Changes:
    """Return what is different in ``after``."""
    before, after = before.comparable(), after.comparable()
    old, new = _by_key(before), _by_key(after)
    kept = [key for key in new if key in old]
    changed = {key for key in kept if not _is_same(key, before, after)}
    places = _places(before, kept), _places(after, kept)
    return Changes(
        facts=tuple(name for name in FACTS if getattr(before, name) != getattr(after, name)),
        added=tuple(lesson.title for key, lesson in new.items() if key not in old),
        removed=tuple(lesson.title for key, lesson in old.items() if key not in new),
        changed=tuple(new[key].title for key in kept if key in changed),
        moved=tuple(
            new[key].title
            for key in kept
            if key not in changed and places[0][key] != places[1][key]
        ),
    )


def _is_same(key: str, before: PackedCourse, after: PackedCourse) -> bool:
    """Tell whether a lesson reads the same, its pictures included."""
    old, new = _by_key(before)[key], _by_key(after)[key]
    return old == new and all(
        before.pictures.get(name) == after.pictures.get(name)
        for name in {*before.pictures, *after.pictures}
        if name in new.source
    )


def _by_key(course: PackedCourse) -> dict[str, PackedLesson]:
    return {lesson.key: lesson for lesson in course.lessons()}


def _places(course: PackedCourse, keys: list[str]) -> Mapping[str, tuple[str, int]]:
    """Return each kept lesson's module and its place among the kept ones."""
    kept = [
        (module.title, lesson.key)
        for module in course.modules
        for lesson in module.lessons
        if lesson.key in keys
    ]
    return {key: (title, place) for place, (title, key) in enumerate(kept)}

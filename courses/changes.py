"""What a new revision changes for learners. Pure: compares two courses."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from courses.formats.packed import PackedCourse, PackedLesson
from courses.lesson_text import list_files

FACTS = ("title", "summary", "periods", "audiences", "objectives", "sources", "in_order")


@dataclass(frozen=True)
class Changes:
    """Facts by their names, lessons by their titles."""

    facts: tuple[str, ...]
    #: Modules that are new or have another title.
    modules: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    #: Lessons that stay as they are but stand elsewhere, or in another module.
    moved: tuple[str, ...]

    def __bool__(self) -> bool:
        return any((self.facts, self.modules, self.added, self.removed, self.changed, self.moved))


def compare(before: PackedCourse, after: PackedCourse) -> Changes:
    """Return what is different in ``after``."""
    before, after = before.comparable(), after.comparable()
    old, new = _by_key(before), _by_key(after)
    kept = [key for key in new if key in old]
    changed = {key for key in kept if old[key] != new[key] or _redrawn(new[key], before, after)}
    moved = _moved(before, after) - changed
    return Changes(
        facts=tuple(name for name in FACTS if getattr(before, name) != getattr(after, name)),
        modules=_new_titles(before, after),
        added=tuple(lesson.title for key, lesson in new.items() if key not in old),
        removed=tuple(lesson.title for key, lesson in old.items() if key not in new),
        changed=tuple(new[key].title for key in kept if key in changed),
        moved=tuple(new[key].title for key in kept if key in moved),
    )


def _redrawn(lesson: PackedLesson, before: PackedCourse, after: PackedCourse) -> bool:
    """Tell whether a picture or file that a lesson shows is another one."""
    shown = [*list_files(lesson.source), str(lesson.settings.get("file", ""))]
    return any(
        before.pictures.get(name) != after.pictures.get(name)
        or before.files.get(name) != after.files.get(name)
        for name in shown
    )


def _new_titles(before: PackedCourse, after: PackedCourse) -> tuple[str, ...]:
    known = {module.title for module in before.modules}
    return tuple(module.title for module in after.modules if module.title not in known)


def _by_key(course: PackedCourse) -> dict[str, PackedLesson]:
    return {lesson.key: lesson for lesson in course.lessons()}


def _moved(before: PackedCourse, after: PackedCourse) -> set[str]:
    """Return the fewest lessons that had to move for the one order to become the other."""
    old, new = _module_titles(before), _module_titles(after)
    kept = [[key for key in one if key in other] for one, other in ((old, new), (new, old))]
    matcher = SequenceMatcher(a=kept[0], b=kept[1], autojunk=False)
    blocks = matcher.get_matching_blocks()
    stayed = {key for block in blocks for key in kept[1][block.b : block.b + block.size]}
    # A module with another title is the same one, unless the old one is still there as well.
    titles = set(new.values())
    changed_module = {key for key in kept[1] if old[key] != new[key] and old[key] in titles}
    return (set(kept[1]) - stayed) | changed_module


def _module_titles(course: PackedCourse) -> dict[str, str]:
    """Return each lesson's module, in the order of the course."""
    return {lesson.key: module.title for module in course.modules for lesson in module.lessons}

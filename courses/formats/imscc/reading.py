"""IMS Common Cartridge 1.1 to 1.3, and Canvas's exports, which are cartridges with more in them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.course_facts import choose_slug, choose_title, periods_for, shorten
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.imscc.facts import FILE as FACTS
from courses.formats.imscc.facts import MAX_BYTES as MAX_FACTS
from courses.formats.imscc.facts import Facts, read_facts
from courses.formats.imscc.files import CartridgeFiles
from courses.formats.imscc.lessons import Lessons
from courses.formats.imscc.marks import is_cartridge
from courses.formats.manifest import FILE, Item, Manifest, Resource, load_manifest
from courses.formats.packed import (
    KEY as LESSON_KEY,
)
from courses.formats.packed import (
    MOST_LESSONS,
    MOST_MODULES,
    SUMMARY_LENGTH,
    PackedCourse,
    PackedLesson,
    PackedModule,
)
from courses.formats.unpacking import child, children, ending, refusing_damage, text_of

KEY = "imscc"
LABEL = _l("Common Cartridge")
#: Our own exports name their items after their lessons.
ITEM_PREFIX = "lesson-"
#: Files named in one warning.
NAMED = 5
_SETTINGS = "course_settings/course_settings.xml"
_MODULES = "course_settings/module_meta.xml"
#: What the resource itself says of its use: nothing for learners.
_INTERNAL = ("course_settings/", "non_cc_assessments/", "external_content/", "beside/")


def recognises(brought: Brought) -> bool:
    """Tell whether it is a zip with a Common Cartridge's manifest. Raises ArchiveError."""
    return is_cartridge(brought)


def read(brought: Brought) -> PackedCourse:
    """Return the cartridge's modules and lessons. Raises UnreadableCourse."""
    with refusing_damage():
        manifest = load_manifest(brought)
        return _Reading(brought, manifest).course()


class _Reading:
    """One cartridge while it is read."""

    def __init__(self, brought: Brought, manifest: Manifest) -> None:
        self._manifest = manifest
        self._files = CartridgeFiles(manifest.files)
        self._lessons = Lessons(manifest, self._files)
        self._asked: set[str] = set()
        settings = self._xml(_SETTINGS)
        own = text_of(child(settings, "title")) if settings is not None else ""
        self._title = choose_title([own, *manifest.titles], brought.filename)

    def course(self) -> PackedCourse:
        modules = [*self._modules(), *self._rest()]
        modules = _limit(modules, self._title, self._lessons.warnings)
        if not any(module.lessons for module in modules):
            reasons = [fault for fault in self._lessons.warnings if fault.code.startswith("xml_")]
            raise UnreadableCourse([Fault("cc_nothing", FILE), *reasons])
        self._warn_of_the_whole()
        course = self._course(modules)
        facts = self._facts()
        return replace(facts.add_to(course) if facts else course, warnings=self._said())

    def _course(self, modules: list[PackedModule]) -> PackedCourse:
        minutes = sum(lesson.minutes for module in modules for lesson in module.lessons)
        return PackedCourse(
            slug=choose_slug(self._title),
            title=self._title,
            periods=periods_for(minutes),
            summary=shorten(self._manifest.description, SUMMARY_LENGTH),
            modules=tuple(modules),
            pictures=self._files.pictures,
            files=self._files.media,
            in_order=self._is_in_order(),
        )

    def _facts(self) -> Facts | None:
        """Return what our own export says besides."""
        name = self._manifest.files.find(FACTS)
        text = self._manifest.files.text(name, MAX_FACTS) if name else None
        facts = read_facts(text) if text else None
        if name and facts is None:
            self._warn("cc_facts")
        return facts

    def _said(self) -> tuple[Fault, ...]:
        return tuple(self._lessons.warnings)

    # --- modules

    def _modules(self) -> Iterator[PackedModule]:
        items: Sequence[Item] = self._manifest.items
        # A cartridge has one root item without a title around its modules.
        while len(items) == 1 and not items[0].title and not items[0].refers_to:
            items = items[0].children
        loose: list[PackedLesson] = []
        for item in items:
            if item.children:
                if loose:
                    yield PackedModule(self._title, tuple(loose))
                    loose = []
                lessons = tuple(self._walk(item))
                if lessons:
                    yield PackedModule(shorten(item.title) or self._title, lessons)
            else:
                loose += self._walk(item)
        if loose:
            yield PackedModule(self._title, tuple(loose))

    def _walk(self, top: Item) -> Iterator[PackedLesson]:
        for item in top.walk():
            if item.refers_to:
                lesson = self._lesson(item)
                if lesson is not None:
                    yield lesson
            elif item is not top and item.title:
                self._warn("cc_heading", title=shorten(item.title))

    def _lesson(self, item: Item) -> PackedLesson | None:
        resource = self._preferred(item.resource)
        if resource is None:
            self._warn("cc_missing", title=shorten(item.title) or item.refers_to)
            return None
        self._asked.add(resource.identifier)
        key = item.identifier.removeprefix(ITEM_PREFIX)
        is_ours = key != item.identifier and LESSON_KEY.fullmatch(key)
        return self._lessons.make(resource, shorten(item.title), key if is_ours else "")

    def _preferred(self, resource: Resource | None) -> Resource | None:
        """Return the variant that a fallback stands in for (Common Cartridge 1.3)."""
        if resource is None:
            return None
        self._asked.add(resource.identifier)
        for variant in children(resource.element, "variant"):
            preferred = self._manifest.resources.get(variant.get("identifierref", ""))
            if preferred is not None:
                return preferred
        return resource

    def _rest(self) -> Iterator[PackedModule]:
        """Yield a module of the pages, quizzes and tasks that stand in no other."""
        had_modules = bool(self._lessons.used)
        made = [self._lessons.make(resource, "") for resource in self._left()]
        lessons = tuple(lesson for lesson in made if lesson is not None)
        if lessons:
            if had_modules:
                self._warn("cc_loose")
            yield PackedModule(self._title, lessons)

    def _left(self) -> Iterator[Resource]:
        for resource in self._manifest.resources.values():
            if resource.identifier in self._asked or children(resource.element, "variant"):
                continue
            name = resource.href or next(iter(resource.files), "")
            if name.startswith(_INTERNAL):
                continue
            kind = resource.type
            is_page = ending(name) in ("html", "htm")
            if (kind.startswith("webcontent") or "application-resource" in kind) and not is_page:
                continue
            yield resource

    # --- the whole

    def _is_in_order(self) -> bool:
        """Tell whether Canvas was told to open every module's items one after another."""
        root = self._xml(_MODULES)
        modules = [] if root is None else children(root, "module")
        said = [text_of(child(module, "require_sequential_progress")) for module in modules]
        return bool(said) and all(word == "true" for word in said)

    def _xml(self, name: str) -> Any:
        found = self._manifest.files.find(name)
        if found is None:
            return None
        try:
            return self._manifest.files.xml(found)
        except UnreadableCourse as error:
            self._lessons.warnings += error.faults
            return None

    def _warn_of_the_whole(self) -> None:
        if self._manifest.files.root:
            self._warn("package_in_folder", folder=self._manifest.files.root.rstrip("/"))
        unused = [
            name.rpartition("/")[2]
            for resource in self._manifest.resources.values()
            if resource.type.startswith("webcontent") and not children(resource.element, "variant")
            for name in filter(None, map(self._manifest.files.find, resource.files))
            if name not in self._lessons.used and not self._files.is_used(name)
        ]
        if unused:
            more = ["…"] if len(unused) > NAMED else []
            self._warn("cc_unused", titles=", ".join([*unused[:NAMED], *more]))

    def _warn(self, code: str, **values: object) -> None:
        self._lessons.warnings.append(Fault(code, FILE, values=values))


def _limit(modules: list[PackedModule], title: str, warnings: list[Fault]) -> list[PackedModule]:
    lessons = [lesson for module in modules for lesson in module.lessons]
    if len(lessons) > MOST_LESSONS:
        warnings.append(Fault("package_too_many", FILE, values={"limit": MOST_LESSONS}))
    elif len(modules) <= MOST_MODULES:
        return modules
    return [PackedModule(title, tuple(lessons[:MOST_LESSONS]))]

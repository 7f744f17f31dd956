"""SCORM 1.2 and SCORM 2004 (2nd to 4th edition): each thing to open becomes a lesson.

The package itself goes in whole, to be played from an origin of its own. Of the rules of
SCORM 2004 for the order of lessons nothing is followed: the course has its own.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.course_facts import Keys, choose_slug, choose_title, periods_for, shorten
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.imscc.marks import is_cartridge
from courses.formats.manifest import FILE, Item, Manifest, load_manifest
from courses.formats.packed import (
    MOST_LESSONS,
    MOST_MODULES,
    SUMMARY_LENGTH,
    PackedCourse,
    PackedFile,
    PackedLesson,
    PackedModule,
)
from courses.formats.scorm.facts import (
    item_facts,
    learning_minutes,
    limits_time,
    orders_lessons,
    tell_standard,
)
from courses.formats.unpacking import ending, find_root, refusing_damage, write_path, write_tail

KEY = "scorm"
LABEL = _l("SCORM package")
#: What a browser shows by itself.
_SHOWN = frozenset({"html", "htm", "xhtml", "svg", "png", "jpg", "jpeg", "gif", "pdf"})
#: Titles named in one warning.
NAMED = 5


def recognises(brought: Brought) -> bool:
    """Tell whether it is a zip with a manifest that is no Common Cartridge's. Raises ArchiveError."""
    return find_root(brought, FILE) is not None and not is_cartridge(brought)


def read(brought: Brought) -> PackedCourse:
    """Return a course of one lesson for each thing that can be opened. Raises UnreadableCourse."""
    with refusing_damage():
        manifest = load_manifest(brought)
        manifest.files.refuse_programs()
        return _Reading(brought, manifest).course()


class _Reading:
    """One package while it is read: warnings gather."""

    def __init__(self, brought: Brought, manifest: Manifest) -> None:
        self._brought = brought
        self._manifest = manifest
        self._standard, self._edition = tell_standard(manifest)
        self._keys = Keys()
        self._warnings: list[Fault] = []
        self._refused: list[Fault] = []
        self._title = choose_title(manifest.titles, brought.filename)
        self._slug = choose_slug(self._title)
        self._file = f"packages/{self._slug}.zip"

    def course(self) -> PackedCourse:
        modules = self._limited(tuple(self._modules()))
        if not any(module.lessons for module in modules):
            raise UnreadableCourse(self._refused or [Fault("scorm_nothing", FILE)])
        self._warn_of_the_whole()
        return PackedCourse(
            slug=self._slug,
            title=self._title,
            periods=periods_for(learning_minutes(self._manifest)),
            summary=shorten(self._manifest.description, SUMMARY_LENGTH),
            modules=modules,
            files={self._file: PackedFile.of("application/zip", self._brought.open)},
            # What does not open is left out when something else does.
            warnings=(*self._warnings, *self._refused),
        )

    def _modules(self) -> Iterator[PackedModule]:
        """Yield a module for each cluster, and one for lessons in a row that lie in none."""
        loose: list[PackedLesson] = []
        for item in self._manifest.items:
            if item.children and item.is_visible:
                if loose:
                    yield PackedModule(self._title, tuple(loose))
                    loose = []
                lessons = tuple(self._lessons(item, 0))
                if lessons:
                    yield PackedModule(shorten(item.title) or self._title, lessons)
            else:
                loose += self._lessons(item, 0)
        if loose:
            yield PackedModule(self._title, tuple(loose))

    def _lessons(self, item: Item, depth: int) -> Iterator[PackedLesson]:
        if not item.is_visible:
            self._warn("package_hidden", item, title=shorten(item.title) or item.identifier)
            return
        if item.refers_to:
            launch = self._launch(item)
            if launch:
                yield self._lesson(item, launch)
        if item.children and depth:
            self._warn("scorm_flattened", item, title=shorten(item.title) or item.identifier)
        for child in item.children:
            yield from self._lessons(child, depth + 1)

    def _lesson(self, item: Item, launch: str) -> PackedLesson:
        title = shorten(item.title) or self._title
        reports = self._standard != "" and self._scorm_type(item) != "asset"
        settings: dict[str, Any] = {
            "file": self._file,
            "standard": self._standard or "scorm12",
            "launch": launch,
            "item": item.identifier[:200],
            "score_completes": False,
            **item_facts(item, self._standard),
        }
        if self._edition:
            settings["edition"] = self._edition
        if not reports and self._standard:
            self._warn("scorm_asset", item, title=title)
        return PackedLesson(
            key=self._keys.give(title),
            title=title,
            kind="package",
            settings=settings,
            completion={} if reports else {"rule": "read"},
        )

    def _scorm_type(self, item: Item) -> str:
        return item.resource.scorm_type if item.resource else ""

    def _launch(self, item: Item) -> str:
        """Return the address that opens an item, from the top of the zip; "" with the fault noted."""
        title = shorten(item.title) or item.identifier
        href = item.resource.href if item.resource else ""
        if not href:
            self._refuse("scorm_no_address", item, title=title)
            return ""
        if href.startswith("//") or _scheme(href):
            self._refuse("scorm_elsewhere", item, title=title, name=href[:200])
            return ""
        path, query, fragment = _split(href)
        # A name may hold these signs itself.
        name = self._manifest.files.find(path)
        if name is None and (whole := self._manifest.files.find(href)):
            name, query, fragment = whole, "", ""
        if name and not self._standard and ending(name) not in _SHOWN:
            self._refuse("scorm_no_page", item, title=title, name=name[:200])
            return ""
        if name is None:
            self._refuse("scorm_missing_file", item, title=title, name=path[:200])
            return ""
        return write_path(name) + _join(query, fragment, item.parameters)

    def _limited(self, modules: tuple[PackedModule, ...]) -> tuple[PackedModule, ...]:
        lessons = [lesson for module in modules for lesson in module.lessons]
        if len(lessons) > MOST_LESSONS:
            self._warnings.append(Fault("package_too_many", FILE, values={"limit": MOST_LESSONS}))
        elif len(modules) <= MOST_MODULES:
            return modules
        return (PackedModule(self._title, tuple(lessons[:MOST_LESSONS])),)

    # --- warnings

    def _warn_of_the_whole(self) -> None:
        manifest = self._manifest
        if manifest.files.root:
            self._note("package_in_folder", folder=manifest.files.root.rstrip("/"))
        if not self._standard:
            self._note("scorm_plain")
        if manifest.others:
            self._note("package_others", count=manifest.others)
        flash = next((name for name in manifest.files.archive if ending(name) == "swf"), None)
        if flash:
            self._note("package_flash", name=flash)
        items = [item for top in manifest.items for item in top.walk()]
        self._name("scorm_sequencing", [item for item in items if orders_lessons(item)])
        self._name("scorm_time_limit", [item for item in items if limits_time(item)])

    def _name(self, code: str, items: list[Item]) -> None:
        if items:
            titles = [shorten(item.title, 60) or item.identifier for item in items[:NAMED]]
            more = ["…"] if len(items) > NAMED else []
            self._note(code, titles=", ".join([*titles, *more]))

    def _note(self, code: str, **values: object) -> None:
        self._warnings.append(Fault(code, FILE, values=values))

    def _warn(self, code: str, item: Item, **values: object) -> None:
        self._warnings.append(Fault(code, FILE, item.element.sourceline, values=values))

    def _refuse(self, code: str, item: Item, **values: object) -> None:
        self._refused.append(Fault(code, FILE, item.element.sourceline, values=values))


def _scheme(href: str) -> str:
    try:
        scheme = urlsplit(href).scheme
    except ValueError:
        return "broken"
    return scheme if scheme and ":" in href.partition("/")[0] else ""


def _split(href: str) -> tuple[str, str, str]:
    rest, _hash, fragment = href.partition("#")
    path, _mark, query = rest.partition("?")
    return path, query, fragment


def _join(query: str, fragment: str, parameters: str) -> str:
    """Return query and fragment with the item's parameters (SCORM 2004 CAM 3.4.1.8)."""
    given = parameters.lstrip("?&")
    if given.startswith("#"):
        fragment = fragment or given[1:]
    elif given:
        query = f"{query}&{given}" if query else given
    tail = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return write_tail(tail)

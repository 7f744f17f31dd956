"""A presentation read from end to end: a lesson for each of its sections."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from courses.formats import course_facts, office
from courses.formats.brought import Brought
from courses.formats.long_text import split_long
from courses.formats.office.package import Package, refusal
from courses.formats.office.pictures import Pictures
from courses.formats.office.warnings import Warnings
from courses.formats.packed import MOST_LESSONS, PackedCourse, PackedLesson, PackedModule
from courses.formats.pptx.media import Recordings
from courses.formats.pptx.slides import SlideReader, slide_title
from courses.formats.pptx.words import P14, P, R
from courses.lesson_text import list_pictures, normalise
from lms.core.text import clean

KEY = "pptx"
LABEL = _l("Presentation")
#: Slides of a lesson where there are no sections.
SLIDES_A_LESSON = 20
#: A lesson may have so many before it is divided.
MOST_SLIDES = 30


def recognises(brought: Brought) -> bool:
    """Tell whether this is a presentation, whole or cut short."""
    return office.tell_family(brought) == office.SLIDES


def read(brought: Brought) -> PackedCourse:
    """Return the course in a presentation. Raises UnreadableCourse with the reason."""
    package = office.open_package(brought)
    return _Reading(package, brought.filename).course()


class _Reading:
    """One presentation while it is read."""

    def __init__(self, package: Package, filename: str) -> None:
        self._package = package
        self._filename = filename
        self._warnings = Warnings()
        self._pictures = Pictures(package, self._warnings)
        self._recordings = Recordings(package)
        self._first = ""
        self._presentation = package.xml(package.main)

    def course(self) -> PackedCourse:
        slides = dict(self._slides())
        title = course_facts.choose_title((self._package.title(), self._first), self._filename)
        lessons = tuple(self._lessons(slides, title))
        if not lessons:
            raise refusal("office_empty")
        if len(lessons) > MOST_LESSONS:
            raise refusal("office_too_many_lessons", count=len(lessons), limit=MOST_LESSONS)
        shown = {name for lesson in lessons for name in list_pictures(lesson.source)}
        return PackedCourse(
            slug=course_facts.choose_slug(title),
            title=title,
            periods=course_facts.periods_for(sum(lesson.minutes for lesson in lessons)),
            modules=(PackedModule(title, lessons),),
            pictures=self._pictures.shown(shown),
            files=self._recordings.packed,
            warnings=self._warnings.faults(),
        )

    def _slides(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each slide that is shown: its identifier and its Markdown, block by block."""
        reader = SlideReader(self._package, self._pictures, self._recordings, self._warnings)
        for number, (identifier, name, slide) in enumerate(self._listed(), 1):
            if slide.get("show") in ("0", "false"):
                self._warnings.add_at("", "slide_hidden", slide=number)
                continue
            if slide.find(f"{P}timing") is not None:
                self._warnings.add_once("slide_moves")
            self._first = self._first or slide_title(slide)
            yield identifier, reader.read(name, slide, number)

    def _listed(self) -> Iterator[tuple[str, str, Any]]:
        """Yield identifier, part and root of each slide in the order of the presentation."""
        relations = self._package.relations(self._package.main)
        for node in self._presentation.iterfind(f"{P}sldIdLst/{P}sldId"):
            relation = relations.get(node.get(f"{R}id", ""))
            if relation is not None and relation.target in self._package.archive:
                yield node.get("id", ""), relation.target, self._package.xml(relation.target)

    def _lessons(self, slides: dict[str, list[str]], title: str) -> Iterator[PackedLesson]:
        keys = course_facts.Keys()
        for name, members in self._sections(list(slides), title):
            blocks = [block for member in members for block in slides[member]]
            pieces = split_long(blocks)
            for number, piece in enumerate(pieces, 1):
                source = normalise(piece)
                if not source:
                    continue
                full = f"{name} ({number}/{len(pieces)})" if len(pieces) > 1 else name
                yield PackedLesson(
                    key=keys.give(name),
                    title=course_facts.shorten(full),
                    source=source,
                    minutes=course_facts.minutes_to_read(source),
                )

    def _sections(self, shown: list[str], title: str) -> list[tuple[str, list[str]]]:
        """Return the sections with the slides of each; equal stretches where there are none."""
        sections = [
            (clean(node.get("name", "")) or title, _members(node, shown))
            for node in self._presentation.iter(f"{P14}section")
        ]
        filled = [(name, members) for name, members in sections if members]
        listed = {member for _name, members in filled for member in members}
        rest = [identifier for identifier in shown if identifier not in listed]
        if len(filled) > 1:
            return [(title, rest), *filled] if rest else filled
        if len(shown) <= MOST_SLIDES:
            return [(title, shown)]
        count = -(-len(shown) // SLIDES_A_LESSON)
        size = -(-len(shown) // count)
        return [
            (_stretch(title, start + 1, min(start + size, len(shown))), shown[start : start + size])
            for start in range(0, len(shown), size)
        ]


def _members(section: Any, shown: list[str]) -> list[str]:
    members = {node.get("id", "") for node in section.iter(f"{P14}sldId")}
    return [identifier for identifier in shown if identifier in members]


def _stretch(title: str, first: int, last: int) -> str:
    where = _("slides %(first)s to %(last)s", first=first, last=last)
    return f"{course_facts.shorten(title, 150)}: {where}"

"""The outline of a revision: its modules and lessons in order, ready to show.

A published revision never changes, so its outline and its lessons' HTML are kept in
memory; a draft's are read each time.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from courses import markdown
from courses.completion import Step
from courses.kinds import KINDS
from courses.models import Lesson, Media, Module, Revision
from lms.core.db import db
from lms.core.i18n import locale_code

OUTLINES_KEPT = 256
LESSONS_KEPT = 512

_outlines: dict[int, "Outline"] = {}


@dataclass(frozen=True)
class LessonItem:
    """A lesson in its place."""

    id: int
    key: str
    kind: str
    title: str
    minutes: int
    required: bool
    sensitive: bool
    version: int
    #: Place in the course, from 1.
    number: int
    module_title: str

    @property
    def endpoint(self) -> str:
        """Return the endpoint that shows this kind of lesson."""
        return str(KINDS[self.kind].ENDPOINT)

    @property
    def done_by_learner(self) -> bool:
        """Tell whether the learner marks it done."""
        return bool(KINDS[self.kind].DONE_BY_LEARNER)


@dataclass(frozen=True)
class Outline:
    """A revision with its lessons in order."""

    revision_id: int
    course_id: int
    slug: str
    state: str
    title: str
    summary: str
    periods: int
    audiences: tuple[str, ...]
    objectives: tuple[str, ...]
    sources: tuple[dict[str, str], ...]
    lessons: tuple[LessonItem, ...]

    @property
    def steps(self) -> list[Step]:
        """Return the lessons as the completion rule sees them."""
        return [Step(x.id, x.number, x.title, x.required) for x in self.lessons]

    @property
    def minutes(self) -> int:
        """Return how long the readings take together."""
        return sum(lesson.minutes for lesson in self.lessons)

    def modules(self) -> list[tuple[str, list[LessonItem]]]:
        """Return the lessons grouped by module, in order."""
        groups: list[tuple[str, list[LessonItem]]] = []
        for lesson in self.lessons:
            if not groups or groups[-1][0] != lesson.module_title:
                groups.append((lesson.module_title, []))
            groups[-1][1].append(lesson)
        return groups

    def get_lesson(self, key: str) -> LessonItem:
        """Return the lesson with this key, or answer 404."""
        for lesson in self.lessons:
            if lesson.key == key:
                return lesson
        raise NotFound

    def neighbours(self, lesson: LessonItem) -> tuple[LessonItem | None, LessonItem | None]:
        """Return the lessons before and after one."""
        at = lesson.number - 1
        before = self.lessons[at - 1] if at else None
        after = self.lessons[at + 1] if at + 1 < len(self.lessons) else None
        return before, after


def get_outline(revision_id: int) -> Outline:
    """Return the outline of a revision, or answer 404."""
    outline = _outlines.get(revision_id)
    if outline is None:
        outline = _read_outline(revision_id)
        if outline.state != "draft":
            if len(_outlines) >= OUTLINES_KEPT:
                _outlines.clear()
            _outlines[revision_id] = outline
    return outline


def lesson_html(lesson: LessonItem, revision_id: int) -> Markup:
    """Return a lesson's text as HTML that passed the allowlist, with captions in this language."""
    return _kept_html(lesson.id, lesson.version, revision_id, locale_code())


def media_urls(revision_id: int) -> dict[str, str]:
    """Return the addresses of a revision's pictures by their names in the course."""
    rows = db.session.execute(
        select(Media.name, Media.sha256).where(Media.revision_id == revision_id)
    )
    return {
        row.name: url_for("courses.media", sha256=row.sha256, _name=row.name.rpartition("/")[2])
        for row in rows
    }


@lru_cache(maxsize=LESSONS_KEPT)
def _kept_html(lesson_id: int, _version: int, revision_id: int, _locale: str) -> Markup:
    return fresh_html(lesson_id, revision_id)


def fresh_html(lesson_id: int, revision_id: int) -> Markup:
    """Return a lesson's text as it stands now: a draft's text and pictures may change."""
    source = db.session.scalar(select(Lesson.source).where(Lesson.id == lesson_id))
    # The one place where HTML is trusted: markdown.render ends in nh3's allowlist.
    return Markup(markdown.render(source or "", media_urls(revision_id)))  # noqa: S704


def _read_outline(revision_id: int) -> Outline:
    revision = db.session.get(Revision, revision_id)
    if revision is None:
        raise NotFound
    rows = db.session.execute(
        select(
            Lesson.id,
            Lesson.key,
            Lesson.kind,
            Lesson.title,
            Lesson.minutes,
            Lesson.required,
            Lesson.sensitive,
            Lesson.version,
            Module.title.label("module_title"),
        )
        .join(Module, Module.id == Lesson.module_id)
        .where(Lesson.revision_id == revision_id)
        .order_by(Module.position, Lesson.position)
    ).all()
    lessons = tuple(
        LessonItem(*row[:8], number=number, module_title=row.module_title)
        for number, row in enumerate(rows, 1)
    )
    return Outline(
        revision_id=revision.id,
        course_id=revision.course_id,
        slug=revision.course.slug,
        state=revision.state,
        title=revision.title,
        summary=revision.summary,
        periods=revision.periods,
        audiences=tuple(revision.audiences),
        objectives=tuple(revision.objectives),
        sources=tuple(revision.sources),
        lessons=lessons,
    )

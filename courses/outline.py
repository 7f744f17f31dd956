"""The outline of a revision: its modules and lessons in order, ready to show.

A published revision never changes, so its outline and its lessons' HTML are kept in
memory; a draft's are read each time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import ModuleType
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from courses import markdown
from courses.completion import Step
from courses.files import list_files
from courses.kinds import KINDS, rules_of
from courses.models import Lesson, Module, Revision
from courses.rules.completing import CompletionRule, read_completion
from courses.rules.releasing import ReleaseRule, read_release
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
    #: Plain JSON: what the kind needs, when it counts as done, when it opens.
    settings: Mapping[str, Any] = field(hash=False)
    completion: Mapping[str, Any] = field(hash=False)
    release: Mapping[str, Any] = field(hash=False)
    #: Place in the course, from 1.
    number: int
    module_title: str

    @property
    def kind_module(self) -> ModuleType:
        """Return the module of its kind."""
        return KINDS[self.kind]

    @property
    def endpoint(self) -> str:
        """Return the endpoint that shows this kind of lesson."""
        return str(self.kind_module.ENDPOINT)

    @cached_property
    def completion_rule(self) -> CompletionRule:
        """Return what makes it count as done: its own rule, or the first of its kind."""
        return read_completion(self.completion, rules_of(self.kind, self.settings))

    @cached_property
    def release_rule(self) -> ReleaseRule:
        """Return when it opens and for whom it counts."""
        return read_release(self.release)

    @property
    def rule(self) -> str:
        """Return the name of the rule that makes it count as done."""
        return self.completion_rule.rule

    @property
    def done_by_learner(self) -> bool:
        """Tell whether the learner marks it done."""
        return self.completion_rule.is_learners_word

    @property
    def text_first(self) -> bool:
        """Tell whether its text stands before what its kind adds to the page."""
        return bool(getattr(self.kind_module, "TEXT_FIRST", False))


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
    in_order: bool
    lessons: tuple[LessonItem, ...]

    @property
    def steps(self) -> list[Step]:
        """Return the lessons as the completion rule sees them for who is of every audience."""
        return [Step(x.id, x.number, x.title, x.required, x.completion_rule) for x in self.lessons]

    def steps_for(self, audiences: Collection[str]) -> list[Step]:
        """Return the lessons as the completion rule sees them for who is of these audiences."""
        return [
            replace(step, required=step.required and lesson.release_rule.is_for(audiences))
            for step, lesson in zip(self.steps, self.lessons, strict=True)
        ]

    @cached_property
    def names_audiences(self) -> bool:
        """Tell whether any lesson counts for certain audiences only."""
        return any(lesson.release_rule.audiences for lesson in self.lessons)

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


def show_kind(
    lesson: LessonItem, revision_id: int, enrolment_id: int | None = None
) -> Mapping[str, Any]:
    """Return what the kind's part of the lesson page needs; no enrolment in a preview."""
    show = getattr(lesson.kind_module, "show", None)
    return show(lesson, revision_id, enrolment_id) if show else {}


@lru_cache(maxsize=LESSONS_KEPT)
def _kept_html(lesson_id: int, _version: int, revision_id: int, _locale: str) -> Markup:
    return fresh_html(lesson_id, revision_id)


def fresh_html(lesson_id: int, revision_id: int) -> Markup:
    """Return a lesson's text as it stands now: a draft's text and pictures may change."""
    source = db.session.scalar(select(Lesson.source).where(Lesson.id == lesson_id))
    # The one place where HTML is trusted: markdown.render ends in nh3's allowlist.
    return Markup(markdown.render(source or "", list_files(revision_id)))  # noqa: S704


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
            Lesson.settings,
            Lesson.completion,
            Lesson.release,
            Module.title.label("module_title"),
        )
        .join(Module, Module.id == Lesson.module_id)
        .where(Lesson.revision_id == revision_id)
        .order_by(Module.position, Lesson.position)
    ).mappings()
    lessons = tuple(LessonItem(**row, number=number) for number, row in enumerate(rows, 1))
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
        in_order=revision.in_order,
        lessons=lessons,
    )

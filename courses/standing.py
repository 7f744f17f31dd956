"""Where a learner stands in a course: what counts, what is missing, what is not open yet.

Pure: the one answer that pages, doors and completion share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from courses import completion
from courses.completion import Step
from courses.outline import LessonItem, Outline
from courses.rules.releasing import Lock, find_locks


@dataclass(frozen=True)
class Standing:
    """One enrolment against the rules of its course, on a day."""

    outline: Outline
    #: Ids of the lessons with evidence.
    done: frozenset[int]
    #: Keys of the audiences that the learner is of.
    audiences: frozenset[str]
    on: date

    @cached_property
    def steps(self) -> list[Step]:
        """Return the lessons as completion sees them for this learner."""
        return self.outline.steps_for(self.audiences)

    @cached_property
    def missing(self) -> list[Step]:
        """Return what the learner still has to do, in order."""
        return completion.find_missing(self.steps, self.done)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return completion.is_complete(self.steps, self.done)

    @property
    def progress(self) -> float:
        """Return the share that is done, between 0 and 1."""
        return completion.progress(self.steps, self.done)

    @cached_property
    def locks(self) -> Mapping[str, Lock]:
        """Return why lessons are not open, by their keys."""
        done = {lesson.key for lesson in self.outline.lessons if lesson.id in self.done}
        return find_locks(
            self.outline.lessons,
            in_order=self.outline.in_order,
            done=done,
            audiences=self.audiences,
            on=self.on,
        )

    @cached_property
    def own_lessons(self) -> list[LessonItem]:
        """Return the lessons that are meant for this learner, those by choice too."""
        return [x for x in self.outline.lessons if x.release_rule.is_for(self.audiences)]

    @property
    def done_lessons(self) -> list[LessonItem]:
        """Return the lessons meant for this learner that are done."""
        return [lesson for lesson in self.own_lessons if lesson.id in self.done]

    @property
    def next_lesson(self) -> LessonItem | None:
        """Return what to go on with: the first that is missing and open, else what opens next."""
        lessons = [self.outline.lessons[step.number - 1] for step in self.missing]
        is_open = (lesson for lesson in lessons if lesson.key not in self.locks)
        return next(is_open, lessons[0] if lessons else None)

    @property
    def first_open(self) -> LessonItem | None:
        """Return the first lesson of the course that is open."""
        return next((x for x in self.outline.lessons if x.key not in self.locks), None)

    def after(self, lesson: LessonItem) -> LessonItem | None:
        """Return the lesson that follows, unless it is not open yet."""
        after = self.outline.neighbours(lesson)[1]
        return after if after and after.key not in self.locks else None

"""What a trainee's home shows: the one thing to go on with, then the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from courses import completion, queries
from courses.outline import LessonItem, Outline, get_outline
from courses.queries import MyEnrolment
from courses.queries.progress import as_audiences
from courses.rules.releasing import Lock
from courses.standing import Standing
from lms.core.access import Viewer
from lms.people.queries import list_audience_keys_of

#: Tiết a year that officials owe: five days of eight (domain rule, Nghị định 101/2017).
YEARLY_PERIODS = 40


@dataclass(frozen=True)
class Unfinished:
    """A course under way, with what comes next in it."""

    enrolment: MyEnrolment
    next_lesson: LessonItem | None
    #: Why that is not open yet; None when it is.
    lock: Lock | None
    missing: list[completion.Step]
    lessons: int
    done: int
    progress: float
    #: Days until it is due; below 0 when overdue; None without a due date.
    days_left: int | None


@dataclass(frozen=True)
class Home:
    """A trainee's home page."""

    first: Unfinished | None
    others: list[Unfinished]
    completed: list[MyEnrolment]
    periods: int
    periods_owed: int = YEARLY_PERIODS


def home_for(viewer: Viewer, on: date) -> Home:
    """Return what the viewer should see first on that day, in a fixed number of queries."""
    enrolments = queries.list_enrolments_of(viewer)
    open_ones = [e for e in enrolments if e.status in ("assigned", "started")]
    done = queries.done_by_enrolment([e.id for e in open_ones])
    outlines = {e.id: get_outline(e.revision_id) for e in open_ones}
    own = _audiences_of(viewer, outlines.values())
    unfinished = [
        _unfinished(
            e,
            Standing(outlines[e.id], frozenset(done[e.id]), own | as_audiences(e.audience_key), on),
        )
        for e in open_ones
    ]
    # What was begun and is due soonest comes first, what is overdue before all; but what
    # only waits, for a day or for others, comes after what can be done now.
    unfinished.sort(
        key=lambda u: (u.lock is not None, u.days_left is None, u.days_left or 0, -u.progress)
    )
    return Home(
        first=unfinished[0] if unfinished else None,
        others=unfinished[1:],
        completed=[e for e in enrolments if e.status == "completed"],
        periods=queries.sum_periods_completed(viewer, on.year),
    )


def _audiences_of(viewer: Viewer, outlines: Iterable[Outline]) -> frozenset[str]:
    """Return the viewer's audiences, where any of the courses asks for them."""
    if not any(outline.names_audiences for outline in outlines):
        return frozenset()
    return frozenset(list_audience_keys_of(viewer.person_id))


def _unfinished(enrolment: MyEnrolment, standing: Standing) -> Unfinished:
    next_lesson = standing.next_lesson
    return Unfinished(
        enrolment=enrolment,
        next_lesson=next_lesson,
        lock=standing.locks.get(next_lesson.key) if next_lesson else None,
        missing=standing.missing,
        lessons=len(standing.own_lessons),
        done=len(standing.done_lessons),
        progress=standing.progress,
        days_left=(enrolment.due_on - standing.on).days if enrolment.due_on else None,
    )

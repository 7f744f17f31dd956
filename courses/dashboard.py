"""What a trainee's home shows: the one thing to go on with, then the rest."""

from dataclasses import dataclass
from datetime import date

from courses import completion, queries
from courses.outline import LessonItem, get_outline
from courses.queries import MyEnrolment
from lms.core.access import Viewer

#: Tiết a year that officials owe: five days of eight (domain rule, Nghị định 101/2017).
YEARLY_PERIODS = 40


@dataclass(frozen=True)
class Unfinished:
    """A course under way, with what comes next in it."""

    enrolment: MyEnrolment
    next_lesson: LessonItem | None
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
    unfinished = [_unfinished(e, done[e.id], on) for e in open_ones]
    # What was begun and is due soonest comes first; what is overdue before all.
    unfinished.sort(key=lambda u: (u.days_left is None, u.days_left or 0, -u.progress))
    return Home(
        first=unfinished[0] if unfinished else None,
        others=unfinished[1:],
        completed=[e for e in enrolments if e.status == "completed"],
        periods=queries.sum_periods_completed(viewer, on.year),
    )


def _unfinished(enrolment: MyEnrolment, done: set[int], on: date) -> Unfinished:
    outline = get_outline(enrolment.revision_id)
    missing = completion.find_missing(outline.steps, done)
    return Unfinished(
        enrolment=enrolment,
        next_lesson=outline.lessons[missing[0].number - 1] if missing else None,
        missing=missing,
        lessons=len(outline.lessons),
        done=sum(lesson.id in done for lesson in outline.lessons),
        progress=completion.progress(outline.steps, done),
        days_left=(enrolment.due_on - on).days if enrolment.due_on else None,
    )

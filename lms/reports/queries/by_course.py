"""The courses that can be reported on, and their figures side by side."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from courses.models import Course, Revision
from lms.core.db import db
from lms.reports.completion import Completion, Figures
from lms.reports.models import Tally
from lms.reports.queries.question import CourseItem, Question
from lms.reports.queries.standing import figure_columns


@dataclass(frozen=True)
class CourseLine:
    """A course with the figures of one agency's subtree."""

    course: CourseItem
    completion: Completion

    @property
    def total(self) -> Figures:
        """Return the figures of everyone."""
        return self.completion.total


def list_courses() -> list[CourseItem]:
    """Return every course that is or was published, under its latest published title."""
    query = (
        select(Course.id, Course.slug, Revision.title)
        .join(Revision, Revision.course_id == Course.id)
        .where(Revision.state != "draft")
        .order_by(Revision.number)
    )
    latest = {row.id: CourseItem(*row) for row in db.session.execute(query)}
    return sorted(latest.values(), key=lambda course: course.title)


def get_course(slug: str) -> CourseItem:
    """Return the course at this address, or answer 404."""
    for course in list_courses():
        if course.slug == slug:
            return course
    raise NotFound


def list_periods(agency_id: int, course: CourseItem | None) -> list[str]:
    """Return the years in which people of an agency's subtree learn, the latest first."""
    query = select(Tally.period).where(Tally.agency_id == agency_id, Tally.people > 0).distinct()
    if course is not None:
        query = query.where(Tally.course_id == course.id)
    return sorted(db.session.scalars(query), reverse=True)


def usual_period(periods: list[str], day: date) -> str:
    """Return the period that a day asks about: its own year, or else the latest one; pure."""
    year = str(day.year)
    return year if year in periods or not periods else periods[0]


def list_course_lines(question: Question) -> list[CourseLine]:
    """Return the courses in which people of the agency are, from one grouped SELECT."""
    query = (
        select(
            Tally.course_id,
            Tally.sex,
            *figure_columns(Tally.status, Tally.due_on, Tally.people, question.today),
        )
        .where(Tally.agency_id == question.agency.id, Tally.period == question.period)
        .group_by(Tally.course_id, Tally.sex)
    )
    counted: dict[int, dict[str, Figures]] = {}
    for course_id, sex, *figures in db.session.execute(query):
        counted.setdefault(course_id, {})[sex] = Figures(*map(int, figures))
    lines = [
        CourseLine(course, Completion(counted[course.id]))
        for course in list_courses()
        if course.id in counted
    ]
    return [line for line in lines if line.total.everyone]

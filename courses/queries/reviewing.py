"""Reads of drafts in review, for those who decide on them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from courses.models import Course, Review, Revision
from courses.queries.authoring import get_newest, may_write
from lms.core.access import Viewer
from lms.core.db import db
from lms.people.models import Person


@dataclass(frozen=True)
class OpenReview:
    """A draft that waits for a decision."""

    slug: str
    title: str
    asked_by: str | None
    asked_at: datetime
    note: str


@dataclass(frozen=True)
class PastReview:
    """A decision on a revision, or None where the writer took it back."""

    revision_number: int
    approved: bool | None
    decided_at: datetime | None
    decided_by: str | None
    comment: str


def list_open_reviews(viewer: Viewer) -> list[OpenReview]:
    """Return the drafts that wait for somebody like the viewer, oldest first."""
    query = (
        select(Course.slug, Revision.title, Person.full_name, Review.asked_at, Review.note)
        .join(Course, Course.id == Review.course_id)
        .join(Revision, (Revision.course_id == Course.id) & (Revision.state == "in_review"))
        .outerjoin(Person, Person.id == Review.asked_by_id)
        .where(Review.decided_at.is_(None), Review.asked_by_id.is_distinct_from(viewer.person_id))
        .order_by(Review.asked_at)
    )
    return [OpenReview(*row) for row in db.session.execute(query)]


def count_open_reviews(viewer: Viewer) -> int:
    """Return how many drafts wait for somebody like the viewer."""
    query = select(func.count()).where(
        Review.decided_at.is_(None), Review.asked_by_id.is_distinct_from(viewer.person_id)
    )
    return db.session.scalar(query) or 0


def list_past_reviews(course: Course) -> list[PastReview]:
    """Return what was decided on a course's revisions, newest first."""
    query = (
        select(
            Review.revision_number,
            Review.approved,
            Review.decided_at,
            Person.full_name,
            Review.comment,
        )
        .outerjoin(Person, Person.id == Review.decided_by_id)
        .where(Review.course_id == course.id, Review.decided_at.is_not(None))
        .order_by(Review.id.desc())
    )
    return [PastReview(*row) for row in db.session.execute(query)]


def get_open_review(course_id: int) -> Review:
    """Return the review of a course that waits for a decision, or answer 404."""
    query = select(Review).where(Review.course_id == course_id, Review.decided_at.is_(None))
    review: Review = db.first_or_404(query)
    return review


def get_revision_to_review(viewer: Viewer, slug: str) -> Revision:
    """Return a draft in review that the viewer may decide on, or answer 404."""
    course = db.session.scalar(select(Course).where(Course.slug == slug))
    if course is None or get_open_review(course.id).asked_by_id == viewer.person_id:
        raise NotFound
    return get_newest(course)


def get_revision_to_read(viewer: Viewer, slug: str) -> Revision:
    """Return the newest revision of a course the viewer writes or reviews, or answer 404."""
    course = db.session.scalar(select(Course).where(Course.slug == slug))
    if course is None:
        raise NotFound
    revision = get_newest(course)
    if not may_write(viewer, course) and not (
        revision.state == "in_review" and viewer.may("courses.review")
    ):
        raise NotFound
    return revision

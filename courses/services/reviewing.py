"""Four eyes on a draft: put before a second person, who publishes it or hands it back."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from courses.models import Review, Revision
from courses.queries.reviewing import get_open_review
from courses.services.authoring.drafts import hold, hold_course
from courses.services.publishing import publish_revision, refuse_unfit
from lms.core import audit, mail
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import Person


def ask_review(draft: Revision, asked_by_id: int, note: str, seen: datetime | None = None) -> None:
    """Put a draft before a second person; until they decide it cannot be edited.

    Raises Refused when it was edited since ``seen``, and when it is not fit to be published.
    """
    hold_course(draft.course)
    hold(draft, seen)
    refuse_unfit(draft)
    draft.state = "in_review"
    review = Review(
        course_id=draft.course_id,
        revision_number=draft.number,
        asked_by_id=asked_by_id,
        asked_at=now(),
        note=note,
    )
    db.session.add(review)
    db.session.flush()
    audit.record("courses.review_asked", f"course:{draft.course_id}", revision=draft.number)


def take_back(draft: Revision, by_id: int) -> None:
    """Make a draft in review editable again, at its writer's wish."""
    hold_course(draft.course)
    hold(draft, state="in_review")
    _decide(draft, by_id, approved=None, comment="")
    draft.state = "draft"
    audit.record("courses.review_taken_back", f"course:{draft.course_id}", revision=draft.number)


def hand_back(draft: Revision, reviewer_id: int, comment: str) -> None:
    """Return a draft to its writer with what has to change."""
    hold_course(draft.course)
    hold(draft, state="in_review")
    review = _decide(draft, reviewer_id, approved=False, comment=comment)
    draft.state = "draft"
    audit.record("courses.review_handed_back", f"course:{draft.course_id}", revision=draft.number)
    _tell_writer(draft, review)


def approve(draft: Revision, reviewer_id: int, comment: str, seen: datetime | None = None) -> None:
    """Publish a draft as its reviewer saw it. Raises Refused for one's own, or one that changed."""
    hold_course(draft.course)
    hold(draft, seen, state="in_review")
    review = _decide(draft, reviewer_id, approved=True, comment=comment)
    refuse_unfit(draft)
    publish_revision(draft)
    _tell_writer(draft, review)


def _decide(draft: Revision, by_id: int, *, approved: bool | None, comment: str) -> Review:
    review = get_open_review(draft.course_id)
    if approved is not None and review.asked_by_id == by_id:
        raise Refused(_("You asked for this review yourself. A second person has to decide."), 403)
    review.decided_by_id = by_id
    review.decided_at = now()
    review.approved = approved
    review.comment = comment
    db.session.flush()
    return review


def _tell_writer(draft: Revision, review: Review) -> None:
    writer = db.session.get(Person, review.asked_by_id) if review.asked_by_id else None
    if writer is not None and writer.email:
        mail.post(
            writer.email,
            "courses/mail/reviewed",
            review=review,
            title=draft.title,
            name=writer.full_name,
            address=url_for("courses.write_course", slug=draft.course.slug, _external=True),
        )

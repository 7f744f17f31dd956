"""What runs later: closing attempts whose time is over."""

from lms.core.clock import now
from lms.core.db import begin_write, db
from lms.core.jobs import job
from quizzes.queries.attempts import list_overdue_ids
from quizzes.services.attempts import GRACE, close_overdue


@job("quizzes.attempts.close")
def close_attempts() -> int:
    """Submit the open attempts whose deadline has passed, each in its own transaction."""
    closed = 0
    for attempt_id in list_overdue_ids(now() - GRACE):
        begin_write()
        closed += close_overdue(attempt_id)
        db.session.commit()
    return closed

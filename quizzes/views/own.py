"""What the pages of an attempt have in common."""

from lms.core.access import get_viewer
from lms.core.db import begin_write, db, end_write
from quizzes.queries import attempts as queries
from quizzes.queries.attempts import OwnAttempt
from quizzes.services import attempts as services

#: Ids in addresses: what an INTEGER column of PostgreSQL holds; beyond it is a 404.
ID = "int(max=2147483647)"


def get_own_attempt(attempt_id: int) -> OwnAttempt:
    """Return the viewer's own attempt as it stands now, closing it when its time is over."""
    own = queries.get_attempt(get_viewer().person_id, attempt_id)
    if own.state == "open" and close_if_over(own):
        own = queries.get_attempt(get_viewer().person_id, attempt_id)
    return own


def close_if_over(attempt: queries.AttemptRow) -> bool:
    """Close an open attempt whose time is over, in a transaction of its own; tell so."""
    if not services.is_over(attempt.deadline_at):
        return False
    begin_write()
    services.close_overdue(attempt.id)
    db.session.commit()
    end_write()
    return True

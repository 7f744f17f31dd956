"""Saving one answer: the most frequent act of the product, in one SELECT and one UPDATE.

Each save carries a sequence number that grows on the page it comes from. The same save
sent again changes nothing; one that is older than what is kept is refused, so that a
page never shows as saved what is not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, bindparam, select, update
from werkzeug.exceptions import NotFound

from courses.models import Enrolment
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.i18n import moment
from quizzes.models import Attempt, QuestionRevision, Response
from quizzes.queries.attempts import present
from quizzes.services.attempts import is_over
from quizzes.types import TYPES
from quizzes.types.parts import InvalidAnswer

_TABLE = Response.__table__

# Put together once: building them takes as long as running them.
#: All that a save depends on. A submission waits until the save is done, or is done itself.
_STANDING = (
    select(
        Attempt.state,
        Attempt.seed,
        Attempt.deadline_at,
        Attempt.max_marks,
        QuestionRevision.type,
        QuestionRevision.data,
        Response.answer,
        Response.flagged,
        Response.sequence,
        Response.saved_at,
    )
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Response, Response.attempt_id == Attempt.id)
    .join(QuestionRevision, QuestionRevision.id == Response.question_revision_id)
    .where(
        Attempt.id == bindparam("attempt"),
        Enrolment.person_id == bindparam("person"),
        Response.position == bindparam("place"),
    )
    .with_for_update(of=(Attempt, Response))
)
_KEEP = update(_TABLE).where(
    _TABLE.c.attempt_id == bindparam("attempt"), _TABLE.c.position == bindparam("place")
)


@dataclass(frozen=True)
class Given:
    """An answer as a form gives it."""

    values: Sequence[str]
    flagged: bool
    #: None: the page does not count; the answer is the newest there is.
    sequence: int | None


@dataclass(frozen=True)
class Saved:
    """What the server has now."""

    saved_at: datetime
    sequence: int
    deadline_at: datetime | None
    #: How many questions the attempt has.
    questions: int

    @property
    def remaining_seconds(self) -> int | None:
        """Return the whole seconds left until the deadline; None without one."""
        return remaining_seconds(self.deadline_at)


def save_answer(person_id: int, attempt_id: int, position: int, given: Given) -> Saved:
    """Keep an answer of a person's own open attempt; someone else's is 404.

    Raises Refused when the attempt is submitted or its time over (409), when a newer
    answer is kept (409), or when the question does not offer this answer (422).
    """
    row = _find(person_id, attempt_id, position)
    _refuse_closed(row)
    answer = _parse(row, position, given.values)
    sequence = row.sequence + 1 if given.sequence is None else given.sequence
    if row.saved_at is not None:
        same = (answer, given.flagged) == (row.answer, row.flagged)
        if same and (given.sequence is None or sequence <= row.sequence):
            return Saved(row.saved_at, row.sequence, row.deadline_at, int(row.max_marks))
        if sequence <= row.sequence:
            raise Refused(_("A newer answer to this question is kept. Reload to see it."), 409)
    saved_at = now()
    kept = {
        "answer": answer,
        "flagged": given.flagged,
        "sequence": sequence,
        "saved_at": saved_at,
    }
    db.session.execute(_KEEP, {"attempt": attempt_id, "place": position, **kept})
    return Saved(saved_at, sequence, row.deadline_at, int(row.max_marks))


def remaining_seconds(deadline_at: datetime | None) -> int | None:
    """Return the whole seconds left until a deadline, by the server's clock."""
    if deadline_at is None:
        return None
    return max(0, math.ceil((deadline_at - now()).total_seconds()))


def _find(person_id: int, attempt_id: int, position: int) -> Row[Any]:
    """Read all that a save depends on, or answer 404."""
    place = {"person": person_id, "attempt": attempt_id, "place": position}
    row = db.session.execute(_STANDING, place).first()
    if row is None:
        raise NotFound
    return row


def _refuse_closed(row: Row[Any]) -> None:
    if row.state != "open":
        raise Refused(
            _("This attempt has been submitted. This answer came after that and was not kept."), 409
        )
    if is_over(row.deadline_at):
        raise Refused(
            _(
                "Time was up at %(time)s. This answer came after that and was not kept; "
                "those saved before count.",
                time=moment(row.deadline_at),
            ),
            409,
        )


def _parse(row: Row[Any], position: int, values: Sequence[str]) -> Any:
    presented = present(row.seed, position, row.type, row.data)
    try:
        return TYPES[row.type].parse(values, presented)
    except InvalidAnswer:
        raise Refused(_("The question does not offer this answer. Reload the page.")) from None

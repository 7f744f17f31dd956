"""Confirming that learners took part: evidence in person, with who said so."""

from collections.abc import Sequence

from courses.models import Enrolment
from courses.services import learning
from lms.core import audit


def confirm(taking_part: Sequence[tuple[Enrolment, int]], by_id: int) -> int:
    """Keep that learners took part in lessons, given by their ids; return how many these were.

    Confirming somebody twice changes nothing. Who had to be there decides the rule of the
    lesson, whom one may confirm the query that found them (queries.confirming).
    """
    learning.complete_steps(taking_part, kind="in_person", by_id=by_id)
    for enrolment, lesson_id in taking_part:
        audit.record("courses.confirmed", f"enrolment:{enrolment.id}", by_id, lesson=lesson_id)
    return len(taking_part)

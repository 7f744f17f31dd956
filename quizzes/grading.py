"""What an attempt is worth. Pure: no database, no clock.

Every question counts one mark, of which part can be earned. The percentage is rounded
half up to one decimal, and that figure, the one people see, decides: nobody reads
"60.0 %" and "not passed" on the same page.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: Decimals of the marks kept: a sum of thirds is to be whole again.
MARK_DECIMALS = 6


@dataclass(frozen=True)
class Grade:
    """Marks earned of those there were, in per cent, and whether that is enough."""

    marks: float
    max_marks: float
    percent: float
    passed: bool


def grade(marks: Iterable[float], pass_mark: int) -> Grade:
    """Return the grade for the marks of all questions, each between 0 and 1.

    ``pass_mark`` is in per cent. Without questions nothing is earned.
    """
    marks = list(marks)
    total = round(math.fsum(marks), MARK_DECIMALS)
    share = percent(total, len(marks))
    return Grade(total, float(len(marks)), share, bool(marks) and share >= pass_mark)


def percent(marks: float, max_marks: float) -> float:
    """Return the marks in per cent of all marks, rounded half up to one decimal."""
    if not max_marks:
        return 0.0
    exact = Decimal(str(marks)) * 100 / Decimal(str(max_marks))
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))

"""When a lesson counts as done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

READ, MINUTES, WATCHED, PACKAGE = "read", "minutes", "watched", "package"
QUIZ, HANDED_IN, MARKED, CONFIRMED = "quiz", "handed_in", "marked", "confirmed"
RULES = (READ, MINUTES, WATCHED, PACKAGE, QUIZ, HANDED_IN, MARKED, CONFIRMED)
#: Rules under which the learner says so.
LEARNER_RULES = (READ, MINUTES)

DEFAULT_MINUTES = 5
MOST_MINUTES = 600
#: Per cent of a video.
DEFAULT_SHARE = 90


@dataclass(frozen=True)
class CompletionRule:
    """One rule with what it needs to know."""

    rule: str
    #: For MINUTES: how long the lesson is at least open.
    minutes: int = 0
    #: For WATCHED: per cent of its length.
    share: int = 0

    @property
    def is_learners_word(self) -> bool:
        """Tell whether the learner marks the lesson done."""
        return self.rule in LEARNER_RULES


def read_completion(data: Mapping[str, Any], allowed: Sequence[str]) -> CompletionRule:
    """Return the rule kept with a lesson; ``allowed`` are those of its kind, its own first.

    A rule that the kind does not know gives way to the kind's own, a number outside its
    bounds to the usual one.
    """
    rule = data.get("rule")
    if rule not in allowed:
        rule = allowed[0]
    minutes = _whole(data.get("minutes"), DEFAULT_MINUTES, MOST_MINUTES)
    share = _whole(data.get("share"), DEFAULT_SHARE, 100)
    return CompletionRule(
        str(rule),
        minutes=minutes if rule == MINUTES else 0,
        share=share if rule == WATCHED else 0,
    )


def write_completion(rule: CompletionRule, allowed: Sequence[str]) -> dict[str, Any]:
    """Return the rule as it is kept: nothing at all where it is what the kind does anyway."""
    if rule == read_completion({}, allowed):
        return {}
    data: dict[str, Any] = {"rule": rule.rule}
    if rule.rule == MINUTES:
        data["minutes"] = rule.minutes
    if rule.rule == WATCHED:
        data["share"] = rule.share
    return data


def seconds_left(rule: CompletionRule, opened_at: datetime | None, moment: datetime) -> int:
    """Return how long a lesson has to stay open still before the learner may say it is done.

    ``opened_at`` is None while it was never begun. 0 for rules without a minimum.
    """
    if rule.rule != MINUTES:
        return 0
    whole = timedelta(minutes=rule.minutes)
    passed = moment - opened_at if opened_at else timedelta()
    # Up to the next second: at 0 it may be said, not just before.
    return max(0, -((passed - whole) // timedelta(seconds=1)))


def _whole(value: Any, usual: int, most: int) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 1 <= value <= most else usual

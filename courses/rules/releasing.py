"""When a lesson opens, and for whom it counts.

Two things can hold a lesson back: lessons that come first, and a day. Being meant for
certain audiences holds nobody back: for everyone else the lesson is by choice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

#: What is wrong with a rule.
CIRCLE, GONE = "rule_circle", "rule_gone"


class Released(Protocol):
    """A lesson as these rules see it."""

    @property
    def key(self) -> str:
        """Return what other lessons call it."""

    @property
    def title(self) -> str:
        """Return what people call it."""

    @property
    def required(self) -> bool:
        """Tell whether learners have to do it."""

    @property
    def release(self) -> Mapping[str, Any]:
        """Return its rule as it is kept."""


@dataclass(frozen=True)
class ReleaseRule:
    """When a lesson opens; an empty one opens at once, for everyone."""

    #: Key of the lesson that has to be done first.
    after: str = ""
    #: The local day on which it opens.
    opens_on: date | None = None
    #: Keys of the audiences that have to do it; none: everyone.
    audiences: frozenset[str] = frozenset()

    def is_for(self, audiences: Collection[str]) -> bool:
        """Tell whether it is meant for somebody of these audiences."""
        return not self.audiences or not self.audiences.isdisjoint(audiences)


@dataclass(frozen=True)
class Lock:
    """Why a lesson is not open: what has to be done first, until which day."""

    #: Titles of lessons.
    waits_for: tuple[str, ...]
    opens_on: date | None


@dataclass(frozen=True)
class RuleFault:
    """A rule that could never be kept: CIRCLE or GONE, and the lesson it stands with."""

    code: str
    title: str
    key: str


def read_release(data: Mapping[str, Any]) -> ReleaseRule:
    """Return the rule kept with a lesson; what cannot be read holds nobody back."""
    after, audiences = data.get("after"), data.get("audiences")
    return ReleaseRule(
        after=after if isinstance(after, str) else "",
        opens_on=_day(data.get("from")),
        audiences=frozenset(x for x in audiences if isinstance(x, str))
        if isinstance(audiences, (list, tuple))
        else frozenset(),
    )


def write_release(rule: ReleaseRule) -> dict[str, Any]:
    """Return the rule as it is kept."""
    data: dict[str, Any] = {}
    if rule.after:
        data["after"] = rule.after
    if rule.opens_on:
        data["from"] = rule.opens_on.isoformat()
    if rule.audiences:
        data["audiences"] = sorted(rule.audiences)
    return data


def counts_for(lesson: Released, audiences: Collection[str]) -> bool:
    """Tell whether somebody of these audiences has to do a lesson."""
    return lesson.required and read_release(lesson.release).is_for(audiences)


def find_locks(
    lessons: Sequence[Released],
    *,
    in_order: bool,
    done: Collection[str],
    audiences: Collection[str],
    on: date,
) -> dict[str, Lock]:
    """Return the lessons that are not open to a learner, by key, each with its reason.

    ``lessons`` are those of the course in order, ``done`` the keys of those with evidence.
    A lesson that was done stays open. What somebody need not do holds nothing else back.
    """
    followed = _sound_after(lessons, in_order=in_order)
    by_key = {lesson.key: lesson for lesson in lessons}
    locks: dict[str, Lock] = {}
    first_open: Released | None = None  # the first required lesson that is not done
    for lesson in lessons:
        rule = read_release(lesson.release)
        held = [first_open] if in_order and first_open else []
        other = by_key.get(followed.get(lesson.key, ""))
        if other and other.key not in done and read_release(other.release).is_for(audiences):
            held += [other] if other not in held else []
        day = rule.opens_on if rule.opens_on and rule.opens_on > on else None
        if (held or day) and lesson.key not in done:
            locks[lesson.key] = Lock(tuple(one.title for one in held), day)
        if first_open is None and lesson.key not in done and counts_for(lesson, audiences):
            first_open = lesson
    return locks


def find_rule_faults(lessons: Sequence[Released], *, in_order: bool) -> list[RuleFault]:
    """Return the rules that forbid publishing, in the order of the course.

    A rule may name a lesson that is gone, or wait, over whatever others, for itself.
    """
    keys = {lesson.key for lesson in lessons}
    sound = _sound_after(lessons, in_order=in_order)
    faults = []
    for lesson in lessons:
        after = read_release(lesson.release).after
        if after and after not in keys:
            faults.append(RuleFault(GONE, lesson.title, lesson.key))
        elif after and lesson.key not in sound:
            faults.append(RuleFault(CIRCLE, lesson.title, lesson.key))
    return faults


def _sound_after(lessons: Sequence[Released], *, in_order: bool) -> dict[str, str]:
    """Return the lesson that each waits for by its own rule, without those in a circle.

    Judged as if every lesson counted for everyone: for a learner whom fewer lessons hold
    back there are fewer circles, never others.
    """
    keys = {lesson.key for lesson in lessons}
    after = {lesson.key: read_release(lesson.release).after for lesson in lessons}
    after = {key: other for key, other in after.items() if other in keys}
    if not after:
        return {}
    waits = {key: {other} for key, other in after.items()}
    if in_order:
        _wait_in_order(lessons, waits)
    return {key: other for key, other in after.items() if key not in _reach(other, waits)}


def _wait_in_order(lessons: Sequence[Released], waits: dict[str, set[str]]) -> None:
    """Let each lesson wait for the required one before it, and over that for all before."""
    before = ""
    for lesson in lessons:
        if before:
            waits.setdefault(lesson.key, set()).add(before)
        if lesson.required:
            before = lesson.key


def _reach(key: str, waits: Mapping[str, set[str]]) -> set[str]:
    """Return the lesson and all that it waits for, over whatever others."""
    reached: set[str] = set()
    ahead = [key]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += waits.get(one, ())
    return reached


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None

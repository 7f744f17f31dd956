"""The one rule of completion. Pure: no database, no clock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from courses.rules.completing import CompletionRule


@dataclass(frozen=True)
class Step:
    """A lesson as the rule sees it."""

    id: int
    #: Its place in the course, from 1.
    number: int
    title: str
    #: Whether this learner has to do it.
    required: bool
    #: What has to happen for it to count as done.
    rule: CompletionRule | None = None


def find_missing(steps: Iterable[Step], done: Collection[int]) -> list[Step]:
    """Return the required steps without evidence, in order: the answer to "what is missing?"."""
    return [step for step in steps if step.required and step.id not in done]


def is_complete(steps: Iterable[Step], done: Collection[int]) -> bool:
    """Tell whether nothing required is missing. A course that requires nothing never is."""
    steps = list(steps)
    return any(step.required for step in steps) and not find_missing(steps, done)


def progress(steps: Iterable[Step], done: Collection[int]) -> float:
    """Return the share of required steps that are done, between 0 and 1."""
    required = [step.id for step in steps if step.required]
    return sum(step_id in done for step_id in required) / len(required) if required else 0.0

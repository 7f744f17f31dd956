"""Events: downwards you call, upwards you announce.

A feature publishes what happened; ``lms/reactions.py`` says what follows. Reactions
run at once, in order, in the same transaction.
"""

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any], None]

_reactions: dict[type, list[Reaction]] = {}


def subscribe(event: type, *reactions: Reaction) -> None:
    """Set the reactions to one kind of event, in the order they run."""
    _reactions[event] = list(reactions)


def publish(event: object) -> None:
    """Run every reaction to this event, now and in this transaction."""
    for react in _reactions.get(type(event), ()):
        react(event)

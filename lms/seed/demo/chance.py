"""Draws with weights, quick enough for a hundred thousand of them."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Urn(Generic[Thing]):
    """Things that are drawn as often as they weigh, and put back."""

    def __init__(self, weighted: Iterable[tuple[Thing, float]]) -> None:
        pairs = list(weighted)
        self._things: Sequence[Thing] = [thing for thing, _weight in pairs]
        self._sums = list(accumulate(weight for _thing, weight in pairs))

    def draw(self, chance: Random) -> Thing:
        """Return one of the things."""
        return chance.choices(self._things, cum_weights=self._sums)[0]


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Divide a number by weights into whole parts, the largest remainders rounded up.

    The parts add up to the total. Raises ZeroDivisionError when all weights are 0.
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts

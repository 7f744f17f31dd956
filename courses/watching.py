"""How much of a video was watched. Pure: stretches of seconds, joined and counted.

A browser says which stretches it played; what it says is taken only as far as it could
have happened in the time that passed, played at twice the speed.
"""

import math
from collections.abc import Iterable, Sequence

#: Videos may be played at twice their speed; a little more, since clocks are not exact.
FASTEST = 2.1
#: Seconds that the first message may bring: it comes 15 seconds after the beginning.
GRACE = 45.0
#: Stretches kept for one learner and video.
MOST_STRETCHES = 500

Stretch = Sequence[float]


def read_stretches(value: object) -> list[list[float]]:
    """Return the stretches in what a browser sent; what is none is left out."""
    if not isinstance(value, list):
        return []
    return [
        [float(stretch[0]), float(stretch[1])]
        for stretch in value[:MOST_STRETCHES]
        if isinstance(stretch, list)
        and len(stretch) == 2
        and all(_is_moment(second) for second in stretch)
        and stretch[0] < stretch[1]
    ]


def join(stretches: Iterable[Stretch]) -> list[list[float]]:
    """Return the stretches in order, those that touch or overlap joined into one."""
    joined: list[list[float]] = []
    for start, end in sorted((float(start), float(end)) for start, end in stretches):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined


def allow(elapsed: float) -> float:
    """Return how many seconds can have been watched in the seconds since the last message."""
    return max(elapsed, 0.0) * FASTEST


def add(known: Iterable[Stretch], new: Iterable[Stretch], allowed: float) -> list[list[float]]:
    """Return what is watched once the new stretches are believed as far as they can be.

    ``allowed`` is how many seconds may be new. Stretches known already cost nothing.
    """
    watched = join(known)
    for start, end in sorted((float(start), float(end)) for start, end in new):
        for fresh_start, fresh_end in _without(start, end, watched):
            length = min(fresh_end - fresh_start, allowed)
            if length <= 0:
                break
            watched = join([*watched, [fresh_start, fresh_start + length]])
            allowed -= length
    return watched[:MOST_STRETCHES]


def count_seconds(stretches: Iterable[Stretch]) -> float:
    """Return how many different seconds were watched."""
    return sum(end - start for start, end in join(stretches))


def share(stretches: Iterable[Stretch], seconds: float) -> int:
    """Return how much of a video was watched, in whole percent, rounded down."""
    inside = ([max(start, 0.0), min(end, seconds)] for start, end in stretches)
    watched = count_seconds(stretch for stretch in inside if stretch[0] < stretch[1])
    if watched <= 0:
        return 0
    # Half a second more: players stop a little before the end.
    return min(100, math.floor(100 * min(seconds, watched + 0.5) / seconds))


def _without(start: float, end: float, known: Iterable[Stretch]) -> list[list[float]]:
    """Return the parts of a stretch that are not known yet; ``known`` is joined."""
    parts, at = [], start
    for known_start, known_end in known:
        if known_end <= at or known_start >= end:
            continue
        if known_start > at:
            parts.append([at, known_start])
        at = max(at, known_end)
    if at < end:
        parts.append([at, end])
    return parts


def _is_moment(value: object) -> bool:
    """Tell whether a value is a moment of a video: at most a day long."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) and 0 <= value <= 86_400

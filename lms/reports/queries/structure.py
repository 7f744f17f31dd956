"""Which agency carries on one that is no more."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from lms.agencies.models import Agency, AgencySuccession
from lms.core.db import db


def list_heirs(on: date) -> dict[int, int]:
    """Return, for each agency closed by that day, the one that carries it on alone.

    An agency that was split among several has no heir: nothing says which of them its
    people would count in, unless the people themselves belong to one.
    """
    successors: dict[int, set[int]] = defaultdict(set)
    query = (
        select(AgencySuccession.from_id, AgencySuccession.to_id)
        .join(Agency, Agency.id == AgencySuccession.from_id)
        .where(AgencySuccession.on <= on, Agency.valid_to <= on)
    )
    for old, new in db.session.execute(query):
        successors[old].add(new)
    return follow(successors)


def follow(successors: Mapping[int, set[int]]) -> dict[int, int]:
    """Return where each chain of single successors ends; pure.

    A chain goes on through merges, renames and moves, and stops before a split.
    """
    ends = {}
    for start in successors:
        at, seen = start, {start}
        while len(successors.get(at, ())) == 1:
            (after,) = successors[at]
            if after in seen:
                break
            at = after
            seen.add(at)
        if at != start:
            ends[start] = at
    return ends

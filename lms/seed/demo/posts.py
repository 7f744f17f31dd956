"""The posts of each kind of workplace: who holds them, and which training is meant for them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lms.seed.demo.chance import Urn
from lms.seed.tables import read_rows

_DATA = Path(__file__).parent / "data"

#: Of a workplace's people, at most this share lead it.
_HEADS_SHARE = 0.34


@dataclass(frozen=True, slots=True)
class Post:
    """A position, with who usually holds it."""

    position: str
    #: How many a workplace has of it, before anybody else comes; 0 for ordinary ones.
    places: int
    weight: float
    is_leader: bool
    #: Share of women, between 0 and 1.
    women: float
    youngest: int
    oldest: int
    #: Audiences with the share of holders who belong to them.
    audiences: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class PostPlan:
    """The posts of one workplace."""

    heads: tuple[Post, ...]
    others: Urn[Post]

    def heads_of(self, people: int) -> tuple[Post, ...]:
        """Return the leading posts that are filled when so many people work there."""
        return self.heads[: max(1, int(people * _HEADS_SHARE))] if people else ()


def sizes() -> dict[str, float]:
    """Return how large workplaces are beside each other, by kind or by an agency's code."""
    return {row["workplace"]: float(row["weight"]) for row in read_rows(_DATA / "sizes.csv")}


@lru_cache
def plan_of(kind: str, suffix: str) -> PostPlan:
    """Return the posts of a kind of workplace, in the words of the agency with this suffix."""
    titles = _titles().get(suffix, {})
    posts = [
        replace(post, position=titles.get(post.position, post.position)) for post in _posts()[kind]
    ]
    return PostPlan(
        heads=tuple(post for post in posts for _place in range(post.places)),
        others=Urn((post, post.weight) for post in posts if post.weight),
    )


@lru_cache
def _posts() -> dict[str, list[Post]]:
    found = defaultdict(list)
    for row in read_rows(_DATA / "posts.csv"):
        found[row["workplace"]].append(
            Post(
                position=row["position"],
                places=int(row["places"]),
                weight=float(row["weight"]),
                is_leader=row["is_leader"] == "yes",
                women=int(row["women"]) / 100,
                youngest=int(row["youngest"]),
                oldest=int(row["oldest"]),
                audiences=tuple(map(_audience, row["audiences"].split("|"))),
            )
        )
    return dict(found)


@lru_cache
def _titles() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_rows(_DATA / "titles.csv"):
        found[row["agency"]][row["instead_of"]] = row["position"]
    return dict(found)


def _audience(cell: str) -> tuple[str, float]:
    """Read "communicator:30": of those who hold the post, 30 in a hundred."""
    key, _, percent = cell.partition(":")
    return key, int(percent or 100) / 100

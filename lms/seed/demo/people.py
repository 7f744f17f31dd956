"""Draws the people of a demo province: who they are, and the posts they hold. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lms.seed.accounts import ACCOUNT_IDS, ACCOUNTS, Account
from lms.seed.demo.names import NameUrn, mail_address, phone_number
from lms.seed.demo.posts import Post, plan_of
from lms.seed.demo.workplaces import Workplace
from lms.seed.province.rows import MERGER_ON

_VILLAGES = (
    *("Đông", "Đoài", "Thượng", "Hạ", "Trung", "Nội", "Ngoại", "Chùa"),
    *("Đình", "Giữa", "Mới", "Trại", "Chợ", "Cầu", "Bến", "Đồng"),
)
_STREETS = tuple(f"số {number}" for number in range(1, 13))

_HAS_MAIL = 0.55
_HAS_PHONE = 0.8
_YEAR_ONLY = 0.06
_CAME_LATER = 0.05
_MOVED = 0.02
#: Nobody moves in the first weeks after the merger.
_SETTLING_DAYS = 45


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in an agency, from a day until another."""

    agency: str
    #: The commune or provincial body of that agency.
    top: str
    position: str
    is_leader: bool
    valid_from: date
    valid_to: date | None = None


@dataclass(slots=True)
class DemoPerson:
    """One made-up person."""

    id: int
    full_name: str
    sex: str
    birth_date: date | None
    birth_year: int
    staff_code: str
    email: str | None
    phone: str | None
    audiences: tuple[str, ...]
    posts: tuple[HeldPost, ...]

    def post_on(self, day: date) -> HeldPost | None:
        """Return the post held on that day."""
        for post in self.posts:
            if post.valid_from <= day and (post.valid_to is None or day < post.valid_to):
                return post
        return None


def draw_people(places: Sequence[Workplace], today: date, chance: Random) -> list[DemoPerson]:
    """Return the five of the accounts, then the people of each workplace."""
    people = [_of_account(ACCOUNT_IDS[role], account) for role, account in ACCOUNTS.items()]
    drawer = _Drawer(places, today, chance)
    for place in places:
        for post in _posts_of(place, chance):
            people.append(drawer.draw(len(people) + 1, place, post))
    return people


class _Drawer:
    """Draws one person after the other."""

    def __init__(self, places: Iterable[Workplace], today: date, chance: Random) -> None:
        self._chance = chance
        self._today = today
        self._names = NameUrn()
        self._places: dict[str, list[Workplace]] = {}
        for place in places:
            self._places.setdefault(place.kind, []).append(place)

    def draw(self, number: int, place: Workplace, post: Post) -> DemoPerson:
        """Return the person with that number who holds the post."""
        chance = self._chance
        sex = "F" if chance.random() < post.women else "M"
        full_name = self._names.draw(sex, chance)
        birth_date = self._birth(post)
        return DemoPerson(
            id=number,
            full_name=full_name,
            sex=sex,
            birth_date=None if chance.random() < _YEAR_ONLY else birth_date,
            birth_year=birth_date.year,
            staff_code=staff_code(number),
            email=mail_address(full_name, number) if chance.random() < _HAS_MAIL else None,
            phone=phone_number(number) if chance.random() < _HAS_PHONE else None,
            audiences=tuple(key for key, share in post.audiences if chance.random() < share),
            posts=tuple(self._posts(place, post)),
        )

    def _birth(self, post: Post) -> date:
        usual = post.youngest + (post.oldest - post.youngest) * 0.42
        age = self._chance.triangular(post.youngest, post.oldest, usual)
        return self._today - timedelta(days=round(age * 365.25))

    def _posts(self, place: Workplace, post: Post) -> Iterator[HeldPost]:
        """Give the post, and for the few who moved one before it elsewhere of the same kind."""
        chance = self._chance
        position = self._position(place, post)
        came = MERGER_ON
        if chance.random() < _CAME_LATER:
            came += timedelta(days=chance.randrange(1, (self._today - MERGER_ON).days))
        elif not post.is_leader and chance.random() < _MOVED:
            before = chance.choice(self._places[place.kind])
            first = MERGER_ON + timedelta(days=_SETTLING_DAYS)
            if before.code != place.code and first < self._today:
                came = first + timedelta(days=chance.randrange((self._today - first).days))
                yield HeldPost(before.code, before.top, position, False, MERGER_ON, came)
        yield HeldPost(place.code, place.top, position, post.is_leader, came)

    def _position(self, place: Workplace, post: Post) -> str:
        names = _STREETS if place.kind == "street" else _VILLAGES
        return post.position.format(place=self._chance.choice(names))


def staff_code(number: int) -> str:
    """Return the code of the person with that number: BN00017."""
    return f"BN{number:05}"


def _posts_of(place: Workplace, chance: Random) -> Iterator[Post]:
    plan = plan_of(place.kind, place.suffix)
    heads = plan.heads_of(place.people)
    yield from heads
    for _other in range(place.people - len(heads)):
        yield plan.others.draw(chance)


def _of_account(number: int, account: Account) -> DemoPerson:
    return DemoPerson(
        id=number,
        full_name=account.full_name,
        sex=account.sex,
        birth_date=account.birth_date,
        birth_year=account.birth_date.year,
        staff_code=staff_code(number),
        email=account.username,
        phone=phone_number(number),
        audiences=account.audiences,
        posts=(
            HeldPost(
                account.agency,
                _top_of(account.agency),
                account.position,
                account.is_leader,
                MERGER_ON,
            ),
        ),
    )


def _top_of(agency: str) -> str:
    """Return the commune of an agency in one; a provincial body is its own top."""
    place, _, _rest = agency.partition("-")
    return place if len(place) == 5 else agency

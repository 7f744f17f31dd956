"""Draws who learns what, and how far they have come. Pure.

Courses are asked for as they would be: last year of all officials; this year first of
a few communes (overdue by now), then of everybody. Some agencies get far, some do not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from lms.seed.demo.calendar import Calendar
from lms.seed.demo.people import DemoPerson, HeldPost
from lms.seed.demo.workplaces import SHOWN_WARD

BASICS = "binh-dang-gioi-co-ban"
SCHOOLS = "truong-hoc-an-toan"
COLLABORATORS = "truyen-thong-va-ung-pho-ban-dau"

#: Women finish a little more often than men, as in every such list.
_BY_SEX = {"F": 0.03, "M": -0.04}
_EXEMPT = 0.01
#: Of those who have not finished, this share has begun.
_BEGUN = 0.45
#: Of those who have begun, this share only lacks the quiz.
_LACKS_QUIZ = 0.25
_BY_THEMSELVES = 0.03
_FINISH_BY_THEMSELVES = 0.6
_ONE_SITTING = 0.4

#: How many lessons are read: by chance, or every one.
SOME, EVERY = 0, -1


@dataclass(frozen=True, slots=True)
class Ask:
    """A course asked of an agency's people (of one audience) by a day."""

    course: str
    agency: str
    audience: str | None
    period: str
    opened_on: date
    due_on: date
    #: How much the share of those who finished differs from an agency's usual one.
    shift: float


@dataclass(slots=True)
class Learning:
    """A person's way through a course in a period, to become an enrolment."""

    id: int
    person: DemoPerson
    post: HeldPost
    course: str
    period: str
    #: None when the person chose the course.
    ask: Ask | None
    audience: str | None
    status: str
    enrolled_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    #: When the person last did something.
    last_at: datetime | None = None
    #: How many lessons are read, when it is started.
    read: int = 0


@dataclass(frozen=True)
class Fate:
    """What is settled for somebody beforehand: how far they come in a course."""

    status: str
    #: Lessons read of a course that is started; or SOME or EVERY.
    read: int = SOME
    #: When they last did something, this year.
    days_ago: int = 1


def asks(calendar: Calendar, waves: Sequence[str]) -> list[Ask]:
    """Return what is asked, in the order it was: the first that meets a person counts."""
    day, opened = calendar.days_from_today, calendar.opened_on
    this_year, last_year = calendar.period, calendar.last_period
    return [
        Ask(
            BASICS, "24", "official", last_year, calendar.last_opened_on, calendar.last_due_on, 0.06
        ),
        *(Ask(BASICS, code, None, this_year, opened, day(-3), 0.03) for code in waves),
        Ask(BASICS, "24", "official", this_year, opened, day(21), -0.08),
        Ask(SCHOOLS, "24", "teacher", this_year, opened, day(6), -0.04),
        Ask(COLLABORATORS, "24", "collaborator", this_year, opened, day(-10), 0.0),
        Ask(COLLABORATORS, "24", "communicator", this_year, opened, day(27), -0.1),
    ]


class LearningDrawer:
    """Draws the learning of one person after the other."""

    def __init__(
        self,
        asked: Sequence[Ask],
        lessons: Mapping[str, int],
        audiences: Mapping[str, Sequence[str]],
        calendar: Calendar,
        chance: Random,
    ) -> None:
        self._asked = asked
        #: Of each course, how many lessons there are to read and whom it is meant for.
        self._lessons = lessons
        self._audiences = audiences
        self._calendar = calendar
        self._chance = chance
        # The ward that is shown is neither the best nor the worst.
        self._shares = {SHOWN_WARD: 0.68}
        self._number = 0

    def draw(self, person: DemoPerson, fates: Mapping[tuple[str, str], Fate]) -> Iterator[Learning]:
        """Return what the person was asked to learn and what they chose themselves."""
        taken: set[tuple[str, str]] = set()
        for ask in self._asked:
            post = person.post_on(ask.opened_on)
            key = (ask.course, ask.period)
            if key in taken or post is None or not _is_asked(ask, person, post):
                continue
            taken.add(key)
            yield self._learning(person, post, ask, fates.get(key))
        for key, fate in fates.items():
            if key not in taken:
                taken.add(key)
                yield self._chosen(person, *key, fate)
        if not fates and self._chance.random() < _BY_THEMSELVES:
            key = (self._chance.choice(tuple(self._lessons)), self._calendar.period)
            if key not in taken and person.post_on(self._calendar.opened_on):
                yield self._chosen(person, *key, None)

    def _learning(
        self, person: DemoPerson, post: HeldPost, ask: Ask, fate: Fate | None
    ) -> Learning:
        learning = Learning(
            id=self._next_number(),
            person=person,
            post=post,
            course=ask.course,
            period=ask.period,
            ask=ask,
            audience=ask.audience,
            status="assigned",
            enrolled_at=self._calendar.start_of(ask.opened_on) + timedelta(hours=9),
        )
        share = self._share_of(post) + ask.shift + _BY_SEX[person.sex]
        last_day = min(ask.due_on + timedelta(days=12), self._calendar.today)
        if fate is None and self._chance.random() < _EXEMPT:
            learning.status = "exempt"
        else:
            self._live(learning, fate, share, (ask.opened_on, last_day))
        return learning

    def _chosen(self, person: DemoPerson, course: str, period: str, fate: Fate | None) -> Learning:
        calendar, chance = self._calendar, self._chance
        first, last = calendar.opened_on, calendar.today
        if period == calendar.last_period:
            first, last = calendar.last_opened_on, calendar.last_due_on
        first = calendar.day_between(first, first + (last - first) // 2, chance)
        meant_for = [key for key in self._audiences[course] if key in person.audiences]
        post = person.post_on(first) or person.posts[-1]
        learning = Learning(
            id=self._next_number(),
            person=person,
            post=post,
            course=course,
            period=period,
            ask=None,
            audience=meant_for[0] if meant_for else None,
            status="assigned",
            enrolled_at=calendar.moment_on(first, chance),
        )
        self._live(learning, fate, _FINISH_BY_THEMSELVES, (first, last))
        return learning

    def _fate(self, share: float) -> Fate:
        chance = self._chance
        if chance.random() < share:
            return Fate("completed")
        if chance.random() >= _BEGUN:
            return Fate("assigned")
        return Fate("started", EVERY if chance.random() < _LACKS_QUIZ else SOME)

    def _live(
        self, learning: Learning, settled: Fate | None, share: float, days: tuple[date, date]
    ) -> None:
        """Give the learning its status and its moments, as settled or by chance."""
        calendar, chance = self._calendar, self._chance
        fate = settled or self._fate(share)
        learning.status = fate.status
        if fate.status == "assigned":
            return
        day = calendar.day_between(*days, chance)
        if settled and learning.period == calendar.period:
            day = calendar.days_from_today(-fate.days_ago)
        moment = max(calendar.moment_on(day, chance), learning.enrolled_at + timedelta(hours=3))
        learning.last_at = moment
        learning.started_at = max(
            moment - self._time_taken(), learning.enrolled_at + timedelta(minutes=10)
        )
        if fate.status == "completed":
            learning.completed_at = moment
        else:
            lessons = self._lessons[learning.course]
            read = {EVERY: lessons, SOME: chance.randrange(1, max(lessons, 2))}
            learning.read = read.get(fate.read, fate.read)

    def _time_taken(self) -> timedelta:
        if self._chance.random() < _ONE_SITTING:
            return timedelta(minutes=self._chance.randrange(100, 170))
        days, minutes = self._chance.randrange(1, 16), self._chance.randrange(-60, 90)
        return timedelta(days=days, minutes=minutes)

    def _share_of(self, post: HeldPost) -> float:
        """Return the share of a workplace's people who finish: its commune's, give or take."""
        chance, shares = self._chance, self._shares
        if post.top not in shares:
            shares[post.top] = chance.triangular(0.3, 0.96, 0.84)
        if post.agency not in shares:
            near = shares[post.top] + chance.uniform(-0.16, 0.12)
            shares[post.agency] = min(max(near, 0.25), 0.97)
        return shares[post.agency]

    def _next_number(self) -> int:
        self._number += 1
        return self._number


def _is_asked(ask: Ask, person: DemoPerson, post: HeldPost) -> bool:
    in_agency = ask.agency in ("24", post.top, post.agency)
    return in_agency and (ask.audience is None or ask.audience in person.audiences)

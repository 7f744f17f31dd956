"""The days a demo turns on, told from today, and moments at which people learn. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from lms.seed.demo.chance import Urn

#: When people learn, by the hour of the day.
_HOURS = Urn(
    (hour, weight)
    for hour, weight in (
        *((6, 1), (7, 4), (8, 10), (9, 13), (10, 11), (11, 5), (12, 3), (13, 5), (14, 11)),
        *((15, 12), (16, 9), (17, 3), (18, 1), (19, 4), (20, 6), (21, 4), (22, 1)),
    )
)
_WEEKEND_KEPT = 0.3


@dataclass(frozen=True)
class Calendar:
    """This year's training and last year's, as seen today."""

    now: datetime
    today: date
    #: Returns the first moment of a local day, in UTC.
    start_of: Callable[[date], datetime]

    @property
    def period(self) -> str:
        """Return the year that this year's learning counts for."""
        return str(self.today.year)

    @property
    def last_period(self) -> str:
        """Return the year before."""
        return str(self.today.year - 1)

    @property
    def opened_on(self) -> date:
        """Return when this year's training began: 150 days ago, but within the year."""
        earliest = max(self.days_from_today(-150), date(self.today.year, 1, 1))
        return min(earliest, self.days_from_today(-21))

    @property
    def last_opened_on(self) -> date:
        """Return when last year's training began."""
        return date(self.today.year - 1, 9, 8)

    @property
    def last_due_on(self) -> date:
        """Return when last year's training was due."""
        return date(self.today.year - 1, 11, 30)

    def days_from_today(self, days: int) -> date:
        """Return the day so many days from today, before it when negative."""
        return self.today + timedelta(days=days)

    def day_between(self, first: date, last: date, chance: Random) -> date:
        """Return a day on which people learn, more often near the last one than the first."""
        span = max((last - first).days, 0)
        day = first + timedelta(days=round(span * chance.betavariate(2.0, 1.5)))
        if day.weekday() >= 5 and chance.random() > _WEEKEND_KEPT:
            day -= timedelta(days=day.weekday() - 4)
        return max(day, first)

    def moment_on(self, day: date, chance: Random) -> datetime:
        """Return a moment of that day at which people learn, never later than an hour ago."""
        seconds = _HOURS.draw(chance) * 3600 + chance.randrange(3600)
        moment = _cached(self.start_of, day) + timedelta(seconds=seconds)
        while moment > self.now - timedelta(hours=1):
            moment -= timedelta(days=1)
        return moment


@lru_cache(maxsize=4096)
def _cached(start_of: Callable[[date], datetime], day: date) -> datetime:
    return start_of(day)

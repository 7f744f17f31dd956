"""The one clock: aware UTC inside, the province's time zone outside."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date where the users live."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the moment in the time zone of LMS_TIME_ZONE."""
    return moment.astimezone(_zone(current_app.config["LMS_TIME_ZONE"]))


def start_of(day: date) -> datetime:
    """Return the first moment of a local day, in UTC."""
    zone = _zone(current_app.config["LMS_TIME_ZONE"])
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)

"""What the tests of reports share: the small tree, and days around today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.agencies.models import Agency
from lms.people.models import Person

Stand = Callable[..., Person]


@dataclass(frozen=True)
class Province:
    """A province, two communes with an office or a school each, and a department."""

    province: Agency
    department: Agency
    commune: Agency
    office: Agency
    ward: Agency
    school: Agency


def day(offset: int = 0) -> date:
    """Return the day so many days after today (before it, below 0), where the users live."""
    local = datetime.now(UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    return local.date() + timedelta(days=offset)


def this_year() -> str:
    """Return the period of today."""
    return str(day().year)

"""What is settled for the five of the accounts, so that their pages have something to show."""

from collections.abc import Mapping

from lms.core.access import HR, LEAD, TRAINEE, TRAINER
from lms.seed.accounts import ACCOUNT_IDS
from lms.seed.demo.calendar import Calendar
from lms.seed.demo.learning import BASICS, COLLABORATORS, EVERY, SCHOOLS, Fate

#: Fates by course and period.
Fates = Mapping[tuple[str, str], Fate]


def fates_of_accounts(calendar: Calendar) -> dict[int, Fates]:
    """Return by person what is settled.

    The trainee is in the midst of one course, late with the quiz of another, and has
    a certificate of this year and one of last year.
    """
    this_year, last_year = calendar.period, calendar.last_period
    finished = {
        (BASICS, this_year): Fate("completed", days_ago=12),
        (BASICS, last_year): Fate("completed"),
    }
    return {
        ACCOUNT_IDS[TRAINEE]: {
            (SCHOOLS, this_year): Fate("started", read=3, days_ago=1),
            (BASICS, this_year): Fate("started", read=EVERY, days_ago=5),
            (COLLABORATORS, this_year): Fate("completed", days_ago=16),
            (BASICS, last_year): Fate("completed"),
        },
        **{ACCOUNT_IDS[role]: finished for role in (TRAINER, HR, LEAD)},
    }

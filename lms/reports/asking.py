"""Reads what a page or a file is asked about, within what the viewer may see."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from lms.agencies.models import Agency
from lms.agencies.queries import get_agency, get_root, is_within, list_ancestors
from lms.core.access import Viewer
from lms.core.clock import today
from lms.core.errors import Refused
from lms.reports.queries.by_course import get_course, list_courses, list_periods, usual_period
from lms.reports.queries.names import STANDINGS, Filter
from lms.reports.queries.question import STRUCTURES, THEN, CourseItem, Question

PERMISSION = "reports.view"
#: Long before the product; a day before it is a slip of the pen.
FIRST_DAY = date(2000, 1, 1)
_ID = re.compile(r"[1-9][0-9]{0,8}")
_YEAR = re.compile(r"[1-9][0-9]{3}")


def read_question(viewer: Viewer, arguments: Mapping[str, str], *, one_course: bool) -> Question:
    """Return the question of an address. Answers 404 for what is unknown or out of scope.

    What is not said has its usual value: the viewer's own agency, this year (or the
    latest in which anybody learns), today. With ``one_course``, the first course.
    Raises Refused for a day that is none, or is still to come.
    """
    course = _course(arguments.get("course"), one_course=one_course)
    agency = _agency(viewer, arguments.get("agency"))
    day = read_day(arguments.get("as_of", ""))
    structure = arguments.get("structure") or THEN
    if structure not in STRUCTURES:
        raise NotFound
    period = arguments.get("period") or usual_period(list_periods(agency.id, course), day)
    if not _YEAR.fullmatch(period):
        raise NotFound
    return Question(course, agency, period, today(), day, structure)


def read_filter(arguments: Mapping[str, str]) -> Filter:
    """Return which people are asked for, or answer 404."""
    standing = arguments.get("status") or "everyone"
    if standing not in STANDINGS:
        raise NotFound
    return Filter(standing, own=arguments.get("own") == "1")


def read_day(text: str) -> date:
    """Return the day of a report, today when none is named; raise Refused for a wrong one."""
    text = text.strip()
    return check_day(_parse_day(text)) if text else today()


def check_day(day: date) -> date:
    """Return the day; raise Refused when it is still to come or long before the product."""
    if day > today():
        raise Refused(_("That day is still to come. Choose today or an earlier day."))
    if day < FIRST_DAY:
        raise Refused(_("There are no figures from before the year 2000. Choose a later day."))
    return day


def own_roots(viewer: Viewer) -> list[Agency]:
    """Return the agencies whose subtrees the viewer oversees; the province for the whole of it."""
    roots = viewer.roots(PERMISSION)
    return [get_root()] if roots is None else [get_agency(agency_id) for agency_id in roots]


def trail_above(viewer: Viewer, agency: Agency) -> list[tuple[Agency, bool]]:
    """Return the agencies above, from the province down, each with whether it is in scope."""
    roots = viewer.roots(PERMISSION)
    reached, trail = roots is None, []
    for above in list_ancestors(agency.id):
        reached = reached or above.id in (roots or ())
        trail.append((above, reached))
    return trail


def _course(slug: str | None, *, one_course: bool) -> CourseItem | None:
    if slug:
        return get_course(slug)
    courses = list_courses() if one_course else []
    if one_course and not courses:
        raise NotFound
    return courses[0] if courses else None


def _agency(viewer: Viewer, text: str | None) -> Agency:
    if not text:
        return own_roots(viewer)[0]
    if not _ID.fullmatch(text):
        raise NotFound
    agency = get_agency(int(text))
    if not is_within(agency.id, viewer.roots(PERMISSION)):
        raise NotFound
    return agency


def _parse_day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise Refused(_("Write the day like 24/11/2026."))

"""Commands about courses."""

from datetime import date

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from courses import queries
from courses.services import enrolling
from lms.agencies.queries import find_by_code
from lms.core.commands import Day, answer, changing, json_option
from lms.core.errors import Refused


@click.group("courses", cls=AppGroup)
def courses() -> None:
    """Courses."""


@courses.command("assign")
@click.argument("slug")
@click.option("--agency", "code", required=True, help="Code of the agency.")
@click.option("--audience", help="Key of the audience; everyone when not given.")
@click.option("--due", required=True, type=Day(), help="The last day.")
@json_option
def assign(slug: str, code: str, audience: str | None, due: date, as_json: bool) -> None:
    """Ask a course of an agency's people by a day."""
    with changing():
        course, agency = queries.find_course(slug), find_by_code(code)
        if course is None:
            raise Refused(_("There is no course %(slug)s.", slug=slug))
        if agency is None:
            raise Refused(_("There is no agency with the code %(code)s.", code=code))
        outcome = enrolling.assign(course, agency, due_on=due, audience_key=audience)
    answer(
        as_json,
        {"matched": outcome.matched, "enrolled": outcome.enrolled, "already": outcome.already},
        _("Enrolled: %(n)s", n=outcome.enrolled),
    )


COMMANDS = (courses,)

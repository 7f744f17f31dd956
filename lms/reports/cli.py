"""Commands about completion and its tallies."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from lms.agencies.models import Agency
from lms.agencies.queries import find_by_code, get_root
from lms.core.clock import today
from lms.core.commands import Day, answer, changing, json_option, refusing
from lms.core.errors import Refused
from lms.core.i18n import percent
from lms.core.tables import write_csv, write_xlsx
from lms.reports import exports, tallies
from lms.reports.asking import check_day
from lms.reports.completion import AgencyLine, Picture
from lms.reports.queries.by_agency import get_picture
from lms.reports.queries.by_course import list_courses, list_periods, usual_period
from lms.reports.queries.question import STRUCTURES, THEN, CourseItem, Question

FORMATS = ("json", "csv", "xlsx", "pdf")


@click.group("reports", cls=AppGroup)
def reports() -> None:
    """Who has done what."""


@reports.command("completion")
@click.option("--course", "slug", required=True, help="The course's slug.")
@click.option("--agency", "code", help="The agency's code; the province when not given.")
@click.option("--period", help="The year the learning counts for; that of the day when not given.")
@click.option("--as-of", "day", type=Day(), help="The day to look back to; today when not given.")
@click.option("--structure", type=click.Choice(STRUCTURES), default=THEN, show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Text when not given.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@json_option
def completion(form: str | None, out: Path | None, as_json: bool, **asked: Any) -> None:
    """Print an agency's completion, then that of each agency under it."""
    form = form or ("json" if as_json or out is not None else None)
    if as_json and form != "json" and out is None:
        raise click.UsageError("--json prints JSON: name the other format's file with --out.")
    with refusing():
        if form == "pdf":
            raise Refused(_("Reports cannot be made as PDF yet. Choose csv or xlsx."))
        question = _ask(**asked)
        picture = get_picture(question)
        if form is None:
            answer(False, None, *_lines(picture))
        else:
            _write(_content(form, picture, question), out)
    if out is not None:
        answer(as_json, {"out": str(out), "agencies": 1 + len(picture.children)}, str(out))


@click.group("tallies", cls=AppGroup)
def tallies_group() -> None:
    """The counts that reports read."""


@tallies_group.command("verify")
@json_option
def verify(as_json: bool) -> None:
    """Compare every tally with the enrolments; exit 1 on any difference."""
    differences = [
        {**dict(zip(tallies.KEY, key, strict=True)), "tallied": tallied, "counted": counted}
        for key, tallied, counted in tallies.find_differences()
    ]
    if as_json or not differences:
        answer(as_json, {"differences": differences}, "The tallies equal the enrolments.")
    if differences:
        for found in differences:
            click.echo(", ".join(f"{name} {value}" for name, value in found.items()), err=True)
        click.echo("`tallies rebuild` counts everything anew.", err=True)
        raise SystemExit(1)


@tallies_group.command("rebuild")
@json_option
def rebuild(as_json: bool) -> None:
    """Count every tally anew from the enrolments."""
    with changing():
        cells = tallies.rebuild()
    answer(as_json, {"cells": cells}, f"{cells} cells counted.")


def _ask(
    slug: str, code: str | None, period: str | None, day: date | None, structure: str
) -> Question:
    course, agency, day = _course(slug), _agency(code), check_day(day or today())
    period = period or usual_period(list_periods(agency.id, course), day)
    return Question(course, agency, period, today(), day, structure)


def _course(slug: str) -> CourseItem:
    for course in list_courses():
        if course.slug == slug:
            return course
    raise Refused(_("There is no published course “%(slug)s”.", slug=slug))


def _agency(code: str | None) -> Agency:
    if code is None:
        return _province()
    agency = find_by_code(code)
    if agency is None:
        raise Refused(_("There is no agency with the code “%(code)s”.", code=code))
    return agency


def _province() -> Agency:
    try:
        return get_root()
    except NotFound:
        raise Refused(_("There are no agencies yet. Import them first.")) from None


def _content(form: str, picture: Picture, question: Question) -> Iterator[bytes]:
    if form == "json":
        data = exports.picture_data(picture, question)
        yield json.dumps(data, ensure_ascii=False).encode() + b"\n"
        return
    headers, rows = exports.completion_headers(), exports.completion_rows(picture)
    if form == "csv":
        yield from write_csv(headers, rows)
    else:
        yield write_xlsx(headers, rows)


def _write(content: Iterator[bytes], out: Path | None) -> None:
    if out is None:
        for piece in content:
            click.echo(piece, nl=False)
        return
    try:
        with out.open("wb") as file:
            file.writelines(content)
    except OSError as error:
        message = _("%(file)s cannot be written: %(reason)s", file=out, reason=error.strerror)
        raise Refused(message) from error


def _lines(picture: Picture) -> list[str]:
    return [_line(picture.asked), *(f"  {_line(child)}" for child in picture.children)]


def _line(line: AgencyLine) -> str:
    total: Any = line.total
    return (
        f"{line.code}  {line.name}: {percent(total.rate)}, {total.completed}/{total.assigned}, "
        f"{total.overdue} overdue, {total.exempt} exempt"
    )


COMMANDS = (reports, tallies_group)

"""Pages of reports: the overview, one course by agency, the people, and all as files."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask import Blueprint, Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.core.access import get_viewer, requires
from lms.core.pages import page
from lms.core.tables import Cell, write_csv, write_xlsx
from lms.reports import asking, exports
from lms.reports.completion import AgencyLine, band_of, by_overdue, by_rate, find_laggards
from lms.reports.queries import by_course, names
from lms.reports.queries.by_agency import get_picture
from lms.reports.queries.question import Question

blueprint = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")

#: Kinds of agency that are a tile of the map.
TILES = ("commune", "ward")
#: From this many on, tiles say more than a table.
ENOUGH_TILES = 10
LAGGARDS = 5
#: The orders of the table of agencies; as they come is by name.
ORDERS: dict[str, Callable[[Iterable[AgencyLine]], list[AgencyLine]]] = {
    "": list,
    "rate": by_rate,
    "overdue": by_overdue,
}
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/")
@requires("reports.view")
def overview() -> ResponseReturnValue:
    """Show how all courses go in the viewer's agency this year."""
    viewer = get_viewer()
    question = asking.read_question(viewer, request.args, one_course=False)
    picture = get_picture(question)
    return page(
        "reports/overview.html",
        question=question,
        picture=picture,
        courses=by_course.list_course_lines(question),
        laggards=find_laggards(picture, LAGGARDS),
        roots=asking.own_roots(viewer),
        **_frame(question),
    )


@blueprint.get("/completion")
@requires("reports.view")
def completion() -> ResponseReturnValue:
    """Show who has done a course: an agency, and the agencies under it."""
    question = asking.read_question(get_viewer(), request.args, one_course=True)
    picture = get_picture(question)
    tiles = by_rate(line for line in picture.children if line.kind in TILES)
    sort = request.args.get("sort", "")
    sort = sort if sort in ORDERS else ""
    return page(
        "reports/completion.html",
        question=question,
        picture=picture,
        lines=ORDERS[sort](picture.children),
        sort=sort,
        tiles=tiles if len(tiles) >= ENOUGH_TILES else [],
        laggards=find_laggards(picture, LAGGARDS),
        band_of=band_of,
        courses=by_course.list_courses(),
        # At the foot of the tree the people themselves are the picture.
        **_people(question, names.Filter(), 1 if not picture.children else None),
        **_frame(question),
    )


@blueprint.get("/people")
@requires("reports.view")
def people() -> ResponseReturnValue:
    """Name the people behind the figures."""
    question = asking.read_question(get_viewer(), request.args, one_course=True)
    wanted = asking.read_filter(request.args)
    picture = get_picture(question)
    figures = (picture.own if wanted.own else picture.asked.completion).total
    pages = names.Pages(names.count_of(figures, wanted.standing), request.args.get("page", ""))
    return page(
        "reports/people.html",
        question=question,
        wanted=wanted,
        figures=figures,
        pages=pages,
        **_people(question, wanted, pages.page),
        **_frame(question),
    )


@blueprint.get("/completion.<any(csv, xlsx):extension>")
@requires("reports.view")
def completion_file(extension: str) -> ResponseReturnValue:
    """Send the figures of an agency and its children as a table."""
    question = asking.read_question(get_viewer(), request.args, one_course=True)
    rows = exports.completion_rows(get_picture(question))
    return _send(question, "hoan-thanh", extension, exports.completion_headers(), rows)


@blueprint.get("/people.<any(csv, xlsx):extension>")
@requires("reports.view")
def people_file(extension: str) -> ResponseReturnValue:
    """Send the people as a table."""
    question = asking.read_question(get_viewer(), request.args, one_course=True)
    people = names.iterate_people(question, asking.read_filter(request.args))
    rows = exports.people_rows(people, question)
    return _send(question, "danh-sach", extension, exports.people_headers(), rows)


def _people(question: Question, wanted: names.Filter, number: int | None) -> dict[str, Any]:
    """Return a page of people, and how far each of them is today."""
    people = [] if number is None else names.list_people(question, wanted, number)
    return {
        "people": people,
        "steps": names.count_steps(people) if question.is_today else {},
        "statuses": exports.status_names(),
    }


def _frame(question: Question) -> dict[str, Any]:
    """Return what the head of every page of reports shows: the way down, the years."""
    above = asking.trail_above(get_viewer(), question.agency)
    periods = by_course.list_periods(question.agency.id, question.course)
    years = {*periods, str(question.today.year), question.period}
    return {
        "trail": [
            (agency.name, _address(question, agency=agency.id) if reached else None)
            for agency, reached in above
        ]
        + [(question.agency.name, None)],
        "periods": sorted(years, reverse=True),
        "address": partial(_address, question),
    }


def _address(question: Question, endpoint: str | None = None, **changes: Any) -> str:
    """Return the address that asks the same of this page or another, with some changed."""
    return url_for(endpoint or str(request.endpoint), **question.address(**changes))


def _send(
    question: Question,
    what: str,
    extension: str,
    headers: list[str],
    rows: Iterable[list[Cell]],
) -> Response:
    """Answer with a file; a CSV goes out as its rows come."""
    if extension == "csv":
        response = Response(stream_with_context(write_csv(headers, rows)), content_type=CSV)
    else:
        response = Response(write_xlsx(headers, rows), content_type=XLSX)
    name = exports.file_name(question, what, extension)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

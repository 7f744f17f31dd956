"""The figures and the names as tables for Excel, and as data for scripts."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from lms.core.clock import local
from lms.core.tables import Cell
from lms.core.text import slugify
from lms.reports.completion import AgencyLine, Completion, Figures, Picture
from lms.reports.queries.names import PersonLine
from lms.reports.queries.question import Question

#: Under which key each sex stands in data for scripts.
SEX_KEYS = {"F": "F", "M": "M", "": "unknown"}


def picture_data(picture: Picture, question: Question) -> dict[str, Any]:
    """Return the report for scripts: the asked agency first, then its children.

    ``own`` has those who belong to the asked agency itself and to none of its children:
    with it the children add up to the first entry.
    """
    return {
        "course": question.course.slug if question.course else None,
        "period": question.period,
        "as_of": question.day.isoformat(),
        "structure": question.structure,
        "agencies": [_line_data(line) for line in (picture.asked, *picture.children)],
        "own": _completion_data(picture.own),
    }


def completion_headers() -> list[str]:
    """Return the headers of the table of agencies."""
    groups = ["", _("Women: "), _("Men: "), _("Sex not recorded: ")]
    return [_("Agency code"), _("Agency"), *(h for g in groups for h in _figure_headers(g))]


def completion_rows(picture: Picture) -> Iterator[list[Cell]]:
    """Yield the asked agency, its own people where it has any, and its children."""
    yield _line_row(picture.asked)
    if picture.children and picture.own.total.everyone:
        asked = picture.asked
        name = _("%(agency)s (its own people)", agency=asked.name)
        yield _line_row(asked._replace(name=name, completion=picture.own))
    for child in picture.children:
        yield _line_row(child)


def people_headers() -> list[str]:
    """Return the headers of the table of people."""
    return [
        _("Full name"),
        _("Staff code"),
        _("Sex"),
        _("Agency code"),
        _("Agency"),
        _("Status"),
        pgettext("report", "Due on"),
        _("Past the due date"),
        _("Completed on"),
    ]


def people_rows(people: Iterable[PersonLine], question: Question) -> Iterator[list[Cell]]:
    """Yield a row for each person."""
    sexes, statuses, late = sex_names(), status_names(), _("Past the due date")
    for person in people:
        yield [
            person.full_name,
            person.staff_code,
            sexes[person.sex],
            person.agency_code,
            person.agency,
            statuses[person.status],
            person.due_on,
            late if person.is_overdue(question.day) else None,
            local(person.completed_at).date() if person.completed_at else None,
        ]


def sex_names() -> dict[str, str]:
    """Return how the sexes are called."""
    return {"F": _("Female"), "M": _("Male"), "": _("Not recorded")}


def status_names() -> dict[str, str]:
    """Return how the statuses of an enrolment are called."""
    return {
        "assigned": pgettext("report", "Not begun"),
        "started": pgettext("report", "Under way"),
        "completed": pgettext("report", "Completed"),
        "exempt": pgettext("report", "Exempt"),
    }


def file_name(question: Question, what: str, extension: str) -> str:
    """Return an ASCII name that says what is in the file, of which agency and which day."""
    course = question.course.slug if question.course else ""
    parts = [what, course, question.agency.code, question.period, question.day.isoformat()]
    return slugify("-".join(filter(None, parts))) + f".{extension}"


def _line_data(line: AgencyLine) -> dict[str, Any]:
    return {"code": line.code, "name": line.name, **_completion_data(line.completion)}


def _completion_data(completion: Completion) -> dict[str, Any]:
    by_sex = {
        key: _figures_data(completion.of(sex))
        for sex, key in SEX_KEYS.items()
        if sex or completion.unknown.everyone
    }
    return {**_figures_data(completion.total), "by_sex": by_sex}


def _figures_data(figures: Figures) -> dict[str, Any]:
    return {
        "assigned": figures.assigned,
        "exempt": figures.exempt,
        "started": figures.started,
        "completed": figures.completed,
        "overdue": figures.overdue,
        "rate": figures.rate,
    }


def _figure_headers(group: str) -> list[str]:
    names = [
        _("Must learn"),
        pgettext("report", "Exempt"),
        pgettext("report", "Not begun"),
        pgettext("report", "Under way"),
        pgettext("report", "Completed"),
        _("Past the due date"),
        _("Completed (%)"),
    ]
    return [group + (name[:1].lower() + name[1:] if group else name) for name in names]


def _line_row(line: AgencyLine) -> list[Cell]:
    parts = [line.total, line.completion.women, line.completion.men, line.completion.unknown]
    return [line.code, line.name, *(cell for part in parts for cell in _figure_cells(part))]


def _figure_cells(figures: Figures) -> list[Cell]:
    return [
        figures.assigned,
        figures.exempt,
        figures.not_begun,
        figures.started,
        figures.completed,
        figures.overdue,
        None if figures.rate is None else round(figures.rate * 100, 1),
    ]

"""Assignments of a cartridge (its own extension, and Canvas's way) with their rubrics."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from courses.formats.course_facts import shorten
from courses.formats.unpacking import Unpacked, attribute, child, children, descendants, text_of
from courses.handed_file import FILE_TYPES
from courses.rubric import MOST_CRITERIA, MOST_LEVELS, MOST_POINTS

RUBRICS = "course_settings/rubrics.xml"
TEXT_LENGTH = 300
_PICTURES = frozenset({"png", "jpg", "jpeg", "webp", "gif"})
#: Ways to hand in that are a file, or may be one here.
_FILE_WAYS = frozenset({"file", "online_upload", "html", "online_text_entry"})


@dataclass(frozen=True)
class Task:
    """What an assignment asks."""

    title: str
    html: str
    settings: Mapping[str, Any]
    #: Ways to hand in that are not offered here.
    other_ways: tuple[str, ...]
    #: Whether the rubric had more than is kept.
    was_cut: bool


def read_task(root: Any, html: str, rubrics: Mapping[str, Any]) -> Task:
    """Return the assignment of an assignment.xml or assignment_settings.xml.

    ``html`` is the page beside it, where the text does not stand in the file itself.
    """
    text = child(root, "text")
    criteria, was_cut = _read_rubric(_find(root, "rubric_identifierref"), rubrics)
    settings: dict[str, Any] = {"rubric": criteria}
    if file_types := _read_file_types(_find(root, "allowed_extensions")):
        settings["file_types"] = file_types
    ways = {attribute(form, "type") for form in descendants(root, "format")}
    ways |= {way.strip() for way in _find(root, "submission_types").split(",")}
    return Task(
        title=text_of(child(root, "title")),
        html=html if text is None else "".join(text.itertext()),
        settings=settings,
        other_ways=tuple(sorted(ways - _FILE_WAYS - {""})),
        was_cut=was_cut,
    )


def read_rubrics(files: Unpacked) -> dict[str, Any]:
    """Return the rubrics that Canvas keeps beside the course, by their identifiers."""
    name = files.find(RUBRICS)
    if name is None:
        return {}
    return {
        attribute(rubric, "identifier"): rubric for rubric in children(files.xml(name), "rubric")
    }


def _find(root: Any, name: str) -> str:
    return next((text_of(found) for found in descendants(root, name)), "")


def _read_rubric(identifier: str, rubrics: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    rubric = rubrics.get(identifier)
    holder = None if rubric is None else child(rubric, "criteria")
    criteria = [] if holder is None else children(holder, "criterion")
    read = [_read_criterion(criterion) for criterion in criteria[:MOST_CRITERIA]]
    cut = any(len(list(descendants(one, "rating"))) > MOST_LEVELS for one in criteria)
    return [one for one in read if one["title"]], cut or len(criteria) > MOST_CRITERIA


def _read_criterion(criterion: Any) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"points": _points(rating), "text": _words(rating)}
        for rating in list(descendants(criterion, "rating"))[:MOST_LEVELS]
    ]
    levels.sort(key=lambda level: -level["points"])
    points = max((level["points"] for level in levels), default=_points(criterion))
    return {"title": _words(criterion), "points": points, "levels": levels}


def _words(element: Any) -> str:
    short, long = (
        text_of(child(element, "description")),
        text_of(child(element, "long_description")),
    )
    return shorten(f"{short}: {long}" if short and long else short or long, TEXT_LENGTH)


def _points(element: Any) -> float:
    try:
        value = float(text_of(child(element, "points")))
    except ValueError:
        return 0
    if not math.isfinite(value):
        return 0
    held = min(MOST_POINTS, max(0.0, value))
    return int(held) if held == int(held) else round(held, 2)


def _read_file_types(text: str) -> list[str]:
    named = {part.strip().lower().lstrip(".") for part in text.split(",")}
    kinds = named | ({"picture"} if named & _PICTURES else set())
    return [kind for kind in FILE_TYPES if kind in kinds]

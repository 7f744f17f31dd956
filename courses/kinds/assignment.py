"""A practical exercise: work is handed in as a file, marked by a rubric, handed back.

Done when a trainer accepts it, or as soon as it is handed in.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.handed_file import FILE_TYPES, MOST_BYTES
from courses.queries.handing_in import list_own_hand_ins
from courses.rubric import most_points, read_pass_points, read_rubric

LABEL = _l("Practical exercise")
RULES = ("marked", "handed_in", "confirmed")
ENDPOINT = "courses.lesson"
#: What is asked stands above where it is handed in.
TEXT_FIRST = True


def show(lesson: Any, _revision_id: int, enrolment_id: int | None) -> Mapping[str, Any]:
    """Return the rubric, and what the learner handed in so far; nothing in a preview."""
    rubric = read_rubric(lesson.settings)
    return {
        "rubric": rubric,
        "most_points": most_points(rubric),
        "pass_points": read_pass_points(lesson.settings),
        "file_types": read_file_types(lesson.settings),
        "most_megabytes": MOST_BYTES // 1024**2,
        "hand_ins": [] if enrolment_id is None else list_own_hand_ins(enrolment_id, lesson.id),
        "hands_in": enrolment_id is not None,
    }


def read_file_types(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return which of FILE_TYPES may be handed in: all of them where none is named."""
    named = settings.get("file_types")
    chosen = [kind for kind in FILE_TYPES if isinstance(named, list) and kind in named]
    return tuple(chosen) or FILE_TYPES

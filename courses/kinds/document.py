"""A PDF document, shown in the page on any phone."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.queries.playing import find_file, find_place
from courses.sizes import say_size

LABEL = _l("Document (PDF)")
RULES = ("read", "minutes", "confirmed")
ENDPOINT = "courses.lesson"


def show(lesson: Any, revision_id: int, enrolment_id: int | None) -> Mapping[str, Any]:
    """Return the document, and the page where the learner stopped; nothing is kept in a preview."""
    file = find_file(revision_id, str(lesson.settings.get("file", "")))
    progress = find_place(enrolment_id, lesson.id) if enrolment_id is not None else None
    return {
        "document": file,
        "document_size": say_size(file.size) if file else "",
        "place": round(progress.position) if progress else 0,
        "keeps": enrolment_id is not None,
    }

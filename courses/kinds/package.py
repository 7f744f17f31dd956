"""A package of another system (SCORM, H5P), played from the content origin.

What a package reports comes from the learner's browser. It counts as done only where the
trainer lets it (``score_completes``); else the learner says so, as of a text.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from courses import content
from courses.models import STANDARDS
from courses.queries.packages import find_attempt, find_package_of
from lms.core.access import get_viewer
from lms.core.headers import allow_frame

LABEL = _l("Package (SCORM, H5P)")
RULES = ("read", "minutes", "package", "confirmed")
ENDPOINT = "courses.lesson"

#: What its manifest gives to the player: see formats/scorm/facts.
FACTS = ("launch_data", "max_time", "time_limit_action", "pass_share", "complete_share")


def show(lesson: Any, revision_id: int, enrolment_id: int | None) -> Mapping[str, Any]:
    """Return what plays the package; in a preview nothing of it is kept."""
    package = find_package_of(revision_id, str(lesson.settings.get("file", "")))
    if package is None or package.unpacked_at is None:
        waits = package is not None and package.fault is None
        return {"player": None, "package_waits": waits, "attempt": None}
    who = f"w{get_viewer().person_id}" if enrolment_id is None else f"e{enrolment_id}"
    files = content.package_address(package.sha256, who)
    allow_frame(content.origin_of(files))
    attempt = None if enrolment_id is None else find_attempt(enrolment_id, lesson.id)
    return {
        "player": {
            "address": f"{files}?standard={standard_of(lesson)}",
            "origin": content.origin_of(files),
            "launch": str(lesson.settings.get("launch", "")),
            "facts": {name: lesson.settings[name] for name in FACTS if name in lesson.settings},
            "keeps": enrolment_id is not None,
            # Names what this browser holds until it is sent: nobody else's is ever sent.
            "keep": f"{enrolment_id}-{lesson.id}",
            "last_words": content.last_words_address(enrolment_id, lesson.id, package.sha256)
            if enrolment_id
            else "",
        },
        "package_waits": False,
        "attempt": attempt,
    }


def standard_of(lesson: Any) -> str:
    """Return what the package speaks: one of STANDARDS."""
    standard = lesson.settings.get("standard")
    return standard if standard in STANDARDS else "scorm12"


def result_counts(lesson: Any) -> bool:
    """Tell whether the package's own word makes the lesson done."""
    return bool(lesson.rule == "package")


def rules_for(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the rules there are: a package speaks for itself only where its trainer lets it."""
    if settings.get("score_completes") is True:
        return ("package", *(rule for rule in RULES if rule != "package"))
    return tuple(rule for rule in RULES if rule != "package")

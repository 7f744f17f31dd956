"""What a trainer sets for a lesson besides its text: its rules, and how an exercise is marked."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses.kinds import rules_of
from courses.models import Lesson, Revision
from courses.rubric import Criterion, write_rubric
from courses.rules.completing import CompletionRule, write_completion
from courses.rules.releasing import ReleaseRule, write_release
from courses.services.authoring.drafts import StaleEdit, hold, refuse_followed
from lms.core import audit
from lms.core.db import db


@dataclass(frozen=True)
class ExerciseEdit:
    """How an exercise is marked, as its trainer sends it."""

    rubric: Sequence[Criterion]
    #: What accepted work has at least.
    pass_points: float
    #: Of handed_file.FILE_TYPES.
    file_types: Sequence[str]


def save_rules(
    draft: Revision, lesson: Lesson, completion: CompletionRule, release: ReleaseRule, seen: str
) -> None:
    """Keep when a lesson counts as done and when it opens.

    ``seen`` is ``fingerprint`` of what the trainer saw. Raises StaleEdit when that changed,
    and Refused for a lesson that is only repeated from another course.
    """
    _hold(draft, lesson, seen)
    lesson.completion = write_completion(completion, rules_of(lesson.kind, lesson.settings))
    lesson.release = write_release(release)
    _record(draft, lesson)


def save_exercise(draft: Revision, lesson: Lesson, edit: ExerciseEdit, seen: str) -> None:
    """Keep how an exercise is marked and what may be handed in.

    Raises StaleEdit as ``save_rules`` does.
    """
    _hold(draft, lesson, seen)
    lesson.settings = {
        **lesson.settings,
        "rubric": write_rubric(edit.rubric),
        "pass_points": edit.pass_points,
        "file_types": list(edit.file_types),
    }
    _record(draft, lesson)


def fingerprint(lesson: Lesson) -> str:
    """Return a mark of a lesson's rules and settings, another one whenever they change."""
    kept: list[Mapping[str, Any]] = [lesson.settings, lesson.completion, lesson.release]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def _hold(draft: Revision, lesson: Lesson, seen: str) -> None:
    hold(draft)
    refuse_followed(lesson.module)
    db.session.refresh(lesson)
    if fingerprint(lesson) != seen:
        raise StaleEdit


def _record(draft: Revision, lesson: Lesson) -> None:
    audit.record(
        "courses.lesson_rules_saved",
        f"course:{draft.course_id}",
        revision=draft.number,
        lesson=lesson.key,
    )

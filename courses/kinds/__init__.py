"""The kinds of lesson: one module each, and one line here.

A kind says what it is called (LABEL), which rules can count it as done (RULES, its own
first), and which endpoint shows it (ENDPOINT). Where ``courses.lesson`` shows it, the kind
may add to the page: ``show(lesson, revision_id, enrolment_id)`` returns what its template
``courses/kinds/<kind>.html`` needs; in a preview the enrolment is None.
"""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from courses.kinds import article, assignment, document, package, quiz, video

KINDS: dict[str, ModuleType] = {
    "article": article,
    "video": video,
    "document": document,
    "quiz": quiz,
    "assignment": assignment,
    "package": package,
}


def rules_of(kind: str, settings: Mapping[str, Any]) -> Sequence[str]:
    """Return the rules that can count a lesson as done, the usual one first.

    A kind whose settings decide that says so in ``rules_for(settings)``.
    """
    module = KINDS[kind]
    rules: Sequence[str] = (
        module.rules_for(settings) if hasattr(module, "rules_for") else module.RULES
    )
    return rules

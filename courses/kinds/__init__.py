"""The kinds of lesson: one module each, and one line here.

A kind says what it is called (LABEL), which rules can count it as done (RULES, its own
first), and which endpoint shows it (ENDPOINT). Where ``courses.lesson`` shows it, the kind
may add to the page: ``show(lesson, revision_id, enrolment_id)`` returns what its template
``courses/kinds/<kind>.html`` needs; in a preview the enrolment is None.
"""

from types import ModuleType

from courses.kinds import article, quiz

KINDS: dict[str, ModuleType] = {"article": article, "quiz": quiz}

"""The kinds of lesson: one module each, and one line here."""

from types import ModuleType

from courses.kinds import article, quiz

KINDS: dict[str, ModuleType] = {"article": article, "quiz": quiz}

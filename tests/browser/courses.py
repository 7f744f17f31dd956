"""What a journey knows of a starter course: its title, and the right answers of its quiz."""

from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator

CONTENT = Path(__file__).resolve().parents[2] / "lms" / "seed" / "content"


class StarterCourse:
    """A course that every installation begins with."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    @cached_property
    def title(self) -> str:
        """The title, as lists name the course."""
        course = yaml.safe_load((CONTENT / self.slug / "course.yml").read_text())
        return str(course["title"])

    def answer(self, question: Locator) -> None:
        """Give the right answer to the question in sight."""
        legend = _squeezed(question.locator("legend").inner_text())
        key = next(q for q in self._questions if legend.endswith(_squeezed(q["stem"])))
        _GIVE[key["type"]](question, key)

    @cached_property
    def _questions(self) -> list[dict[str, Any]]:
        quiz = yaml.safe_load((CONTENT / self.slug / "quiz.yml").read_text())
        return list(quiz["questions"])


def _tick(question: Locator, key: dict[str, Any]) -> None:
    for option in key["options"]:
        if option.get("correct"):
            question.get_by_label(option["text"], exact=True).check()


def _say_true_or_false(question: Locator, key: dict[str, Any]) -> None:
    question.get_by_role("radio").nth(0 if key["answer"] else 1).check()


def _write(question: Locator, key: dict[str, Any]) -> None:
    question.get_by_role("textbox").fill(key["answers"][0])


def _match(question: Locator, key: dict[str, Any]) -> None:
    for pair in key["pairs"]:
        question.get_by_label(pair["left"], exact=True).select_option(label=pair["right"])


def _squeezed(text: str) -> str:
    return " ".join(text.split())


_GIVE = {
    "single_choice": _tick,
    "multiple_choice": _tick,
    "true_false": _say_true_or_false,
    "short_answer": _write,
    "matching": _match,
}

STARTERS = tuple(StarterCourse(path.name) for path in sorted(CONTENT.iterdir()))

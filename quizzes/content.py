"""What a question says, checked before it is kept. Pure: no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.core.text import N_
from quizzes.types import TYPES
from quizzes.types.parts import InvalidQuestion, clean_text

#: In addresses "new" stands for the form of a new question.
KEY = re.compile(r"(?!new$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LONGEST_CATEGORY = 100


@dataclass(frozen=True)
class Content:
    """A question as it is asked and marked: what a revision keeps."""

    type: str
    stem: str
    data: Mapping[str, Any]
    feedback: str = ""


def clean_content(kind: object, stem: object, data: Mapping[str, Any], feedback: object) -> Content:
    """Return the content cleaned. Raises InvalidQuestion."""
    if not isinstance(kind, str) or kind not in TYPES:
        raise InvalidQuestion("type", N_("There is no such type of question."))
    return Content(
        type=kind,
        stem=clean_text(stem, "stem"),
        data=TYPES[kind].validate(data),
        feedback="" if feedback in (None, "") else clean_text(feedback, "feedback"),
    )


def clean_key(key: object) -> str:
    """Return a question's key. Raises InvalidQuestion."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise InvalidQuestion("key", N_("Use letters without diacritics, digits and hyphens."))
    return key


def clean_category(category: object) -> str:
    """Return a question's category, which may be empty. Raises InvalidQuestion."""
    if category in (None, ""):
        return ""
    text = clean_text(category, "category")
    if len(text) > LONGEST_CATEGORY:
        raise InvalidQuestion("category", N_("This text is too long."))
    return text

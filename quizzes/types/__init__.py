"""The types of question: one module each, and one line here."""

from quizzes.types import matching, multiple_choice, short_answer, single_choice, true_false
from quizzes.types.parts import QuestionType

TYPES: dict[str, QuestionType] = {
    "single_choice": single_choice,
    "multiple_choice": multiple_choice,
    "true_false": true_false,
    "short_answer": short_answer,
    "matching": matching,
}

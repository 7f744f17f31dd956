"""Who may take quizzes and write questions."""

from lms.core.access import ADMIN, ROLES, TRAINER

PERMISSIONS = {
    "quizzes.attempt": frozenset(ROLES),
    "quizzes.write": frozenset({TRAINER, ADMIN}),
}

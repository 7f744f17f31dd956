"""Pages of quizzes: taking them, and writing their questions and rules."""

from flask import Blueprint

blueprint = Blueprint("quizzes", __name__, url_prefix="/quizzes", template_folder="../templates")

from quizzes.views import answering, bank, results, taking  # noqa: E402, F401 - they add routes

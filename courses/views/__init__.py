"""Pages of courses: the learner's, and the trainer's."""

from flask import Blueprint

blueprint = Blueprint("courses", __name__, template_folder="../templates")

from courses.views import (  # noqa: E402, F401 - they add their routes
    assigning,
    authoring,
    confirming,
    files,
    handing_in,
    history,
    imports,
    last_words,
    learning,
    lesson_files,
    lesson_pictures,
    lessons,
    library,
    marking,
    packages,
    packs,
    pictures,
    progress,
    publishing,
    reusing,
    reviewing,
    rules,
    structure,
    uploads,
)

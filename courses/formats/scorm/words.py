"""What the player of an exported course says, in the language of whoever exports it."""

from flask_babel import gettext as _


def player_words() -> dict[str, str]:
    """Return the words by their names in player/; single braces are filled in there."""
    return {
        **_frame(),
        "begin_quiz": _("Start the quiz"),
        "hand_in": _("Hand in"),
        "question": _("Question {number} of {all}"),
        "choose": _("Choose"),
        "your_answer": _("Your answer"),
        "right_statement": _("True"),
        "wrong_statement": _("False"),
        "right": _("Right"),
        "wrong": _("Wrong answer"),
        "before_quiz": _("Pass mark: {mark} %."),
        "passed": _("Passed. Your best result: {best} %."),
        "not_passed": _("Not passed yet. Your best result: {best} %, you need {mark} %."),
        "attempts_left": _("Attempts left: {left}."),
        "no_attempts": _("There are no attempts left."),
    }


def _frame() -> dict[str, str]:
    return {
        "skip": _("Skip to content"),
        "contents": _("Contents"),
        "before": _("Previous"),
        "next": _("Next lesson"),
        "finish": _("Finish"),
        "done": _("done"),
        "progress": _("{done} of {all} lessons done"),
        "open_file": _("Open the file"),
        "task": _("Hand in your work to your trainer."),
        "alone": _("This page was not opened by a learning system: what you do here is not kept."),
        "no_script": _("Without JavaScript you can read everything; nothing is recorded."),
    }

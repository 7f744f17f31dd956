"""The forms with which work is marked by its rubric, and a rubric is written."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField

from courses.lesson_text import normalise
from courses.rubric import Criterion, Given, Level
from lms.core.forms import Form, at_most, required
from lms.core.i18n import number

COMMENT_LENGTH = 2000


class MarkForm(Form):
    """A comment on the whole, and what ``mark_form`` adds for each criterion."""

    comment = TextAreaField(
        _l("Comment on the whole"),
        [at_most(COMMENT_LENGTH)],
        description=_l("Needed when you hand the work back: what has to change, and how."),
        render_kw={"rows": 4},
    )

    def criteria(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each criterion: its level, and a comment on it."""
        numbers = (n for n in range(len(list(self))) if f"level_{n}" in self)
        return [(self[f"level_{n}"], self[f"comment_{n}"]) for n in numbers]

    def to_given(self) -> list[Given]:
        """Return what was given for each criterion."""
        return [
            Given(int(level.data), normalise(comment.data or "").strip())
            for level, comment in self.criteria()
        ]


def mark_form(rubric: Sequence[Criterion]) -> MarkForm:
    """Return the form that asks for a level of each criterion of a rubric."""
    fields: dict[str, Any] = {}
    for position, criterion in enumerate(rubric):
        fields[f"level_{position}"] = RadioField(criterion.title, [required()], coerce=int)
        fields[f"comment_{position}"] = TextAreaField(
            _l("Comment on “%(title)s”", title=criterion.title),
            [at_most(COMMENT_LENGTH)],
            render_kw={"rows": 2},
        )
    form: MarkForm = type("MarkFormOfRubric", (MarkForm,), fields)()
    for position, criterion in enumerate(rubric):
        levels = enumerate(criterion.levels)
        form[f"level_{position}"].choices = [(n, word_level(level)) for n, level in levels]
    return form


def word_level(level: Level) -> str:
    """Return a level as it is chosen: its points, and what it means."""
    points = _("%(points)s points", points=word_points(level.points))
    return f"{points}: {level.text}" if level.text else points


def word_points(points: float) -> str:
    """Write points without needless decimals."""
    return number(points, 0 if points == int(points) else 1)

"""Forms with which trainers write questions and rules. All work without a script."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from courses.forms.authoring import VersionField, WholeNumberField
from lms.core.forms import Form, at_most, cleaned, required
from quizzes.content import LONGEST_CATEGORY, Content, clean_category, clean_content
from quizzes.rules import LONGEST_TIME, MOST_ATTEMPTS, Rules, clean_rules
from quizzes.types import TYPES
from quizzes.types.parts import LONGEST_TEXT, Column, InvalidQuestion

#: Empty rows offered below those that are filled.
SPARE_ROWS = 1
SPARE_SECTIONS = 2
MOST_ROWS = 30

_ROW = re.compile(r"(?!extra)\w+\[(\d+)\]")
_BOUNDS = _l("From %(min)s to %(max)s, please.")


class QuestionForm(Form):
    """What every type of question has; ``question_form`` adds the rows of one type."""

    stem = TextAreaField(_l("Question"), [required(), at_most(LONGEST_TEXT)])
    category = StringField(
        _l("Category"),
        [at_most(LONGEST_CATEGORY)],
        description=_l("A quiz draws its questions by category."),
    )
    feedback = TextAreaField(
        _l("Why it is so"),
        [at_most(LONGEST_TEXT)],
        description=_l("Shown with the right answer after the quiz is submitted."),
    )
    revision = VersionField()

    def read_content(self, kind: str) -> Content | None:
        """Return what the form says; None, with the errors told, when it cannot be asked."""
        rows = [row.data for row in self.rows]  # type: ignore[attr-defined]
        try:
            self.category.data = clean_category(self.category.data)
            data = TYPES[kind].from_rows(rows)
            return clean_content(kind, self.stem.data, data, self.feedback.data)
        except InvalidQuestion as fault:
            self._tell(fault, rows)
        return None

    def _tell(self, fault: InvalidQuestion, rows: Sequence[Mapping[str, Any]]) -> None:
        field = getattr(self, fault.place, None)
        if field is not None:
            field.errors = [_(fault.reason)]
            return
        place = _ROW.match(fault.place)
        filled = [number for number, row in enumerate(rows, 1) if any(row.values())]
        if place is None or int(place[1]) > len(filled):
            self.form_errors = [_(fault.reason)]
        else:
            number = filled[int(place[1]) - 1]
            self.form_errors = [
                _("Row %(number)s: %(reason)s", number=number, reason=_(fault.reason))
            ]


def question_form(kind: str, content: Content | None = None, **values: object) -> QuestionForm:
    """Return the form of a type of question, filled with its content when there is some."""
    question_type = TYPES[kind]
    rows = question_type.to_rows(content.data) if content else []
    count = max(question_type.ROWS, len(rows) + SPARE_ROWS if question_type.ROWS > 1 else 1)
    row = type("RowForm", (PlainForm,), {c.name: _field(c) for c in question_type.COLUMNS})
    entries = FieldList(FormField(row), min_entries=count, max_entries=MOST_ROWS)
    form_class = type("TypedQuestionForm", (QuestionForm,), {"rows": entries})
    said = {"stem": content.stem, "feedback": content.feedback} if content else {}
    form: QuestionForm = form_class(rows=rows, **said, **values)
    return form


class SectionForm(PlainForm):
    """One section of a quiz."""

    title = StringField(_l("Title of the section"), [at_most(LONGEST_CATEGORY)], filters=[cleaned])
    category = SelectField(_l("Category"), choices=[], validate_choice=False)
    draw = WholeNumberField(_l("Questions drawn"), [Optional(), NumberRange(1, 1000, _BOUNDS)])


class RulesForm(Form):
    """What it takes to pass a quiz, and what it asks."""

    pass_mark = WholeNumberField(
        _l("Pass mark in per cent"), [required(), NumberRange(0, 100, _BOUNDS)], default=60
    )
    attempts = WholeNumberField(
        _l("Attempts allowed"), [required(), NumberRange(1, MOST_ATTEMPTS, _BOUNDS)], default=3
    )
    time_limit = WholeNumberField(
        _l("Time limit in minutes"),
        [Optional(), NumberRange(1, LONGEST_TIME, _BOUNDS)],
        description=_l("Leave it empty for a quiz without a time limit."),
    )
    sections = FieldList(FormField(SectionForm), min_entries=3, max_entries=MOST_ROWS)

    def offer(self, categories: Mapping[str, int]) -> None:
        """Offer the bank's categories in every section, with how many questions each holds."""
        choices = [("", _("None"))] + [
            (name, _("%(name)s (%(number)s)", name=name, number=number))
            for name, number in categories.items()
            if name
        ]
        for section in self.sections:
            chosen = section.form.category.data or ""
            known = chosen in (value for value, _label in choices)
            section.form.category.choices = choices if known else [*choices, (chosen, chosen)]

    def read_rules(self) -> Rules | None:
        """Return the rules; None, with the error told, when they cannot hold."""
        filled = [
            section.data
            for section in self.sections
            if section.data["title"] or section.data["draw"] is not None
        ]
        try:
            return clean_rules(
                {
                    "pass_mark": self.pass_mark.data,
                    "attempts": self.attempts.data,
                    "time_limit": self.time_limit.data,
                    "sections": filled,
                }
            )
        except InvalidQuestion as fault:
            place = _ROW.match(fault.place)
            reason = _(fault.reason)
            self.form_errors = [
                _("Section %(number)s: %(reason)s", number=place[1], reason=reason)
                if place
                else reason
            ]
        return None


def rules_form(rules: Rules | None, categories: Mapping[str, int]) -> RulesForm:
    """Return the form of a quiz's rules, filled with those it has."""
    said: dict[str, Any] = {}
    if rules is not None:
        said = {
            "pass_mark": rules.pass_mark,
            "attempts": rules.attempts,
            "time_limit": rules.time_limit,
            "sections": [
                {"title": s.title, "category": s.category, "draw": s.draw} for s in rules.sections
            ],
        }
    form = RulesForm(**said)
    if not form.is_submitted():
        for _spare in range(SPARE_SECTIONS):
            form.sections.append_entry()
    form.offer(categories)
    return form


def _field(column: Column) -> Any:
    if column.kind == "tick":
        return BooleanField(column.label)
    if column.kind == "truth":
        return SelectField(
            column.label,
            choices=_truth_choices,
            coerce=_truth,
            validate_choice=False,
        )
    return StringField(column.label, [at_most(LONGEST_TEXT)], filters=[cleaned])


def _truth_choices() -> list[SelectChoice]:
    return [
        SelectChoice("", _("Choose…")),
        SelectChoice("true", _("True")),
        SelectChoice("false", _("False")),
    ]


def _truth(value: object) -> object:
    """Return the truth that a choice stands for, and the value itself for any other."""
    return {"true": True, "false": False}.get(str(value).lower(), value)

"""The forms with which a trainer sets a lesson's rules, and how an exercise is marked."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FloatField,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from courses.formats.packed import NOTE_LENGTH, TITLE_LENGTH
from courses.forms.authoring import DayField, WholeNumberField
from courses.forms.marking import word_points
from courses.handed_file import FILE_TYPES
from courses.kinds import rules_of
from courses.kinds.assignment import read_file_types
from courses.models import Lesson
from courses.rubric import (
    MOST_CRITERIA,
    MOST_LEVELS,
    MOST_POINTS,
    Criterion,
    Level,
    most_points,
    read_pass_points,
    read_rubric,
)
from courses.rules import completing
from courses.rules.completing import CompletionRule, read_completion
from courses.rules.releasing import ReleaseRule, read_release
from courses.services.authoring.rules import ExerciseEdit, fingerprint
from lms.core.forms import Form, at_most, required
from lms.core.i18n import locale_code
from lms.core.text import clean

#: Empty rows offered under the criteria that are there.
SPARE_CRITERIA = 2
SHOWN_LEVELS = 4

_CHOICES = {
    completing.READ: _l("the learner has read it to the end and says so"),
    completing.MINUTES: _l("it was open for the minutes given below"),
    completing.WATCHED: _l("the share given below was watched"),
    completing.PACKAGE: _l("the package says so"),
    completing.QUIZ: _l("an attempt at the quiz passes"),
    completing.HANDED_IN: _l("the learner has handed in a file"),
    completing.MARKED: _l("a trainer has accepted the work"),
    completing.CONFIRMED: _l("a trainer or HR confirms that the learner took part"),
}


class RulesForm(Form):
    """When a lesson counts as done, when it opens, and for whom it counts."""

    rule = RadioField(_l("The lesson is completed when"), [required()])
    minutes = WholeNumberField(
        _l("Minutes it is open at least"),
        [
            Optional(),
            NumberRange(1, completing.MOST_MINUTES, _l("From %(min)s to %(max)s, please.")),
        ],
        default=completing.DEFAULT_MINUTES,
    )
    share = WholeNumberField(
        _l("Share that is watched, in per cent"),
        [Optional(), NumberRange(1, 100, _l("From %(min)s to %(max)s, please."))],
        default=completing.DEFAULT_SHARE,
    )
    after = SelectField(_l("It opens after the lesson"), [Optional()])
    opens_on = DayField(_l("It opens on"), [Optional()])
    audiences = SelectMultipleField(
        _l("Who has to do it"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_l("Choose none, and everyone has to. For all others it is by choice."),
    )
    seen = HiddenField()

    @classmethod
    def of(
        cls, lesson: Lesson, titles: Mapping[str, str], audiences: Mapping[str, str]
    ) -> "RulesForm":
        """Return the form filled with a lesson; ``titles`` of the course's lessons by key."""
        allowed = rules_of(lesson.kind, lesson.settings)
        rule = read_completion(lesson.completion, allowed)
        release = read_release(lesson.release)
        form = cls(
            rule=rule.rule,
            minutes=rule.minutes or completing.DEFAULT_MINUTES,
            share=rule.share or completing.DEFAULT_SHARE,
            after=release.after,
            opens_on=release.opens_on,
            audiences=sorted(release.audiences),
            seen=fingerprint(lesson),
        )
        form.rule.choices = [(key, _CHOICES[key]) for key in allowed]
        others = [(key, title) for key, title in titles.items() if key != lesson.key]
        form.after.choices = [("", _("none: it opens by itself")), *others]
        form.audiences.choices = list(audiences.items())
        return form

    def asks(self, rule: str) -> bool:
        """Tell whether a rule is among the choices, so that its number is asked for."""
        return any(key == rule for key, _label in self.rule.choices)

    def to_completion(self) -> CompletionRule:
        """Return when the lesson counts as done."""
        rule = str(self.rule.data)
        minutes = self.minutes.data or completing.DEFAULT_MINUTES
        share = self.share.data or completing.DEFAULT_SHARE
        return CompletionRule(
            rule,
            minutes=minutes if rule == completing.MINUTES else 0,
            share=share if rule == completing.WATCHED else 0,
        )

    def to_release(self) -> ReleaseRule:
        """Return when the lesson opens."""
        return ReleaseRule(
            after=self.after.data or "",
            opens_on=self.opens_on.data,
            audiences=frozenset(self.audiences.data or ()),
        )


class PointsField(FloatField):
    """Points, written with a comma or a point."""

    # A number field of a browser takes only the point, or only the comma.
    widget = TextInput()  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the points as they came in."""
        try:
            super().process_formdata([value.replace(",", ".") for value in valuelist])
        except ValueError:
            raise ValueError(_("Write a number of points, like 2 or 2,5.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        # Without the signs between thousands, which would be read as others.
        written = f"{self.data:g}"
        return written if locale_code() == "en" else written.replace(".", ",")


def _points(label: Any) -> PointsField:
    return PointsField(
        label, [Optional(), NumberRange(0, MOST_POINTS, _l("From %(min)s to %(max)s, please."))]
    )


class LevelForm(PlainForm):
    """How well a criterion may be met."""

    points = _points(_l("Points"))
    text = StringField(_l("What such work is like"), [at_most(NOTE_LENGTH)])

    def validate_text(self, field: StringField) -> None:
        """Ask for the points when the level is described."""
        if clean(field.data or "") and self.points.data is None:
            raise ValidationError(_("Say how many points this level gives."))


class CriterionForm(PlainForm):
    """One thing that is looked at."""

    title = StringField(_l("What is looked at"), [at_most(TITLE_LENGTH)])
    levels = FieldList(
        FormField(LevelForm), _l("Levels"), min_entries=SHOWN_LEVELS, max_entries=MOST_LEVELS
    )

    def validate_title(self, field: StringField) -> None:
        """Ask for the title when a level is filled in, and for a level when the title is."""
        has_title, has_level = bool(clean(field.data or "")), bool(self.to_levels())
        if has_level and not has_title:
            raise ValidationError(_("Please fill this in."))
        if has_title and not has_level:
            raise ValidationError(_("Give this criterion at least one level with its points."))

    def to_levels(self) -> tuple[Level, ...]:
        """Return the levels that are filled in, the best first."""
        forms = (entry.form for entry in self.levels)
        levels = (
            Level(form.points.data, clean(form.text.data or ""))
            for form in forms
            if form.points.data is not None
        )
        return tuple(sorted(levels, key=lambda level: -level.points))


class ExerciseForm(Form):
    """What may be handed in, and how it is marked."""

    file_types = SelectMultipleField(
        _l("What may be handed in"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    pass_points = _points(_l("Points of work that is accepted, at least"))
    criteria = FieldList(FormField(CriterionForm), _l("Rubric"), max_entries=MOST_CRITERIA)
    seen = HiddenField()

    @classmethod
    def of(cls, lesson: Lesson, type_names: Mapping[str, str]) -> "ExerciseForm":
        """Return the form filled with a lesson's settings, spare rows at its end."""
        form = cls(
            file_types=list(read_file_types(lesson.settings)),
            pass_points=read_pass_points(lesson.settings),
            criteria=[
                {
                    "title": criterion.title,
                    "levels": [{"points": x.points, "text": x.text} for x in criterion.levels],
                }
                for criterion in read_rubric(lesson.settings)
            ],
            seen=fingerprint(lesson),
        )
        form.file_types.choices = [(kind, type_names[kind]) for kind in FILE_TYPES]
        if not form.is_submitted():
            for _row in range(min(SPARE_CRITERIA, MOST_CRITERIA - len(form.criteria))):
                form.criteria.append_entry()
        return form

    def validate_pass_points(self, field: PointsField) -> None:
        """Refuse more points than the rubric can give."""
        most = most_points(self.to_rubric())
        if (field.data or 0) > most:
            raise ValidationError(
                _("The rubric gives at most %(most)s points.", most=word_points(most))
            )

    def to_edit(self) -> ExerciseEdit:
        """Return what was filled in."""
        return ExerciseEdit(
            self.to_rubric(), self.pass_points.data or 0, list(self.file_types.data or ())
        )

    def to_rubric(self) -> list[Criterion]:
        """Return the criteria that are filled in."""
        return [
            Criterion(clean(row.form.title.data), row.form.to_levels())
            for row in self.criteria
            if clean(row.form.title.data or "") and row.form.to_levels()
        ]

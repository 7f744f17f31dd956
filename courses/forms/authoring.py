"""Forms with which courses are written."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from courses.formats.packed import (
    MOST_MINUTES,
    MOST_OBJECTIVES,
    MOST_PERIODS,
    MOST_SOURCES,
    NOTE_LENGTH,
    NUMBER_LENGTH,
    OBJECTIVE_LENGTH,
    SOURCE_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
)
from courses.kinds import KINDS
from courses.models import Lesson, Revision
from courses.services.authoring.drafts import Facts
from courses.services.authoring.lessons import LessonEdit
from lms.core.forms import Form, at_most, required
from lms.core.text import clean

#: Empty rows offered under the sources that are there.
SPARE_SOURCES = 2


def filled() -> DataRequired:
    """Return the validator of a text that may not be blank either."""
    return DataRequired(_l("Please fill this in."))


class WholeNumberField(IntegerField):
    """A whole number that says in our words what it could not read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number as it came in."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a whole number.")) from None


class DayField(DateField):
    """A date that says in our words how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date as it came in."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write the date as year-month-day, like 2006-11-29.")) from None


class VersionField(IntegerField):
    """The version that the page was made from; None when it cannot be told."""

    widget = HiddenInput()  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the version; what is no number is an unknown version, not an error."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) < 10 else None

    def _value(self) -> str:
        # What the page now stands on, not what came in.
        return "" if self.data is None else str(self.data)


class NewCourseForm(Form):
    """What a course needs to begin."""

    title = StringField(_l("Title of the course"), [filled(), at_most(TITLE_LENGTH)])
    periods = WholeNumberField(
        _l("Length in periods"),
        [required(), NumberRange(1, MOST_PERIODS, _l("From %(min)s to %(max)s, please."))],
        description=_l("Teaching periods, as counted towards the yearly training of officials."),
        default=4,
    )


class SourceForm(PlainForm):
    """One legal source."""

    title = StringField(_l("Name of the document"), [at_most(NOTE_LENGTH)])
    number = StringField(_l("Number and sign"), [at_most(NUMBER_LENGTH)])
    date = DayField(_l("Date of issue"), [Optional()])
    note = StringField(_l("Note"), [at_most(NOTE_LENGTH)])

    def validate_title(self, field: StringField) -> None:
        """Ask for the name when anything else of the row is filled in."""
        if self.is_filled() and not clean(field.data or ""):
            raise ValidationError(_("Please fill this in."))

    def is_filled(self) -> bool:
        """Tell whether any part of the row is filled in."""
        return any((self.title.data, self.number.data, self.date.data, self.note.data))

    def to_source(self) -> dict[str, str]:
        """Return the source as a revision keeps it."""
        texts = {name: clean(self[name].data or "") for name in ("title", "number", "note")}
        return {**texts, "date": self.date.data.isoformat() if self.date.data else ""}


class FactsForm(NewCourseForm):
    """What the catalogue says of a course."""

    summary = TextAreaField(
        _l("Summary"),
        [at_most(SUMMARY_LENGTH)],
        description=_l("One or two sentences for the catalogue."),
        render_kw={"rows": 3},
    )
    audiences = SelectMultipleField(
        _l("Who it is for"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    objectives = TextAreaField(
        _l("Objectives"),
        description=_l("One a line. “After the course learners can …”"),
        render_kw={"rows": 6},
    )
    sources = FieldList(FormField(SourceForm), _l("Legal sources"), max_entries=MOST_SOURCES)
    in_order = BooleanField(
        _l("Lessons open one after another"),
        description=_l("Each opens when the required ones before it are done."),
    )
    version = VersionField()

    def validate_objectives(self, field: TextAreaField) -> None:
        """Keep the list short enough to be read."""
        lines = _lines(field.data)
        if len(lines) > MOST_OBJECTIVES:
            raise ValidationError(_("At most %(limit)s lines, please.", limit=MOST_OBJECTIVES))
        if any(len(line) > OBJECTIVE_LENGTH for line in lines):
            raise ValidationError(
                _("At most %(limit)s characters a line, please.", limit=OBJECTIVE_LENGTH)
            )

    @classmethod
    def of(cls, revision: Revision) -> "FactsForm":
        """Return the form filled with a revision, spare rows for sources at its end."""
        form = cls(
            title=revision.title,
            periods=revision.periods,
            summary=revision.summary,
            audiences=revision.audiences,
            objectives="\n".join(revision.objectives),
            sources=[_source_row(source) for source in revision.sources],
            in_order=revision.in_order,
            version=revision.version,
        )
        if not form.is_submitted():
            for _row in range(min(SPARE_SOURCES, MOST_SOURCES - len(form.sources))):
                form.sources.append_entry()
        return form

    def to_facts(self) -> Facts:
        """Return what was filled in."""
        return Facts(
            title=str(self.title.data),
            summary=clean(self.summary.data or ""),
            periods=int(self.periods.data or 0),
            audiences=list(self.audiences.data or []),
            objectives=_lines(self.objectives.data),
            sources=[row.form.to_source() for row in self.sources if row.form.is_filled()],
            in_order=bool(self.in_order.data),
        )


class ModuleForm(Form):
    """The title of a module."""

    title = StringField(_l("Title of the module"), [filled(), at_most(TITLE_LENGTH)])


class NewLessonForm(Form):
    """What a lesson needs to begin."""

    title = StringField(_l("Title of the lesson"), [filled(), at_most(TITLE_LENGTH)])
    kind = RadioField(_l("Kind"), [required()], default="article")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(key, kind.LABEL) for key, kind in KINDS.items()]


class LessonForm(Form):
    """A lesson as its trainer writes it."""

    title = StringField(_l("Title of the lesson"), [filled(), at_most(TITLE_LENGTH)])
    source = TextAreaField(_l("Text"), [at_most(SOURCE_LENGTH)], render_kw={"rows": 24})
    minutes = WholeNumberField(
        _l("Minutes of reading"),
        [Optional(), NumberRange(0, MOST_MINUTES, _l("From %(min)s to %(max)s, please."))],
        description=_l("About 170 words a minute, and time to think."),
        default=0,
    )
    required = BooleanField(_l("Learners have to do it"))
    sensitive = BooleanField(
        _l("It speaks of violence"),
        description=_l("The page then shows the help lines and a quick way out."),
    )
    version = VersionField()

    @classmethod
    def of(cls, lesson: Lesson) -> "LessonForm":
        """Return the form filled with a lesson."""
        return cls(
            title=lesson.title,
            source=lesson.source,
            minutes=lesson.minutes,
            required=lesson.required,
            sensitive=lesson.sensitive,
            version=lesson.version,
        )

    def to_edit(self) -> LessonEdit:
        """Return what was filled in."""
        return LessonEdit(
            title=str(self.title.data),
            source=self.source.data or "",
            minutes=self.minutes.data or 0,
            required=bool(self.required.data),
            sensitive=bool(self.sensitive.data),
        )


class RestoreForm(Form):
    """Nothing but the version of the lesson that was there when its history was read."""

    version = VersionField()


class PictureForm(Form):
    """A picture from the trainer's disk."""

    file = FileField(
        _l("Picture"),
        [FileRequired(_l("Choose a file first."))],
        description=_l(
            "A photo of up to 20 MB, which is made small for phones, or an SVG drawing of up to 5 MB."
        ),
    )


class ImportForm(Form):
    """A course pack from the trainer's disk."""

    file = FileField(
        _l("Course pack"),
        [FileRequired(_l("Choose a file first."))],
        description=_l("A zip file with course.yml in it, at most 32 MB."),
    )
    replace_draft = BooleanField(
        _l("Replace the draft of this course if there is one"),
        description=_l("What was written in that draft and not published is then lost."),
    )


class PublishForm(Form):
    """Nothing but the moment of the last edit that the publisher saw."""

    seen = HiddenField()


def _lines(text: str | None) -> list[str]:
    lines = (clean(line) for line in (text or "").splitlines())
    return [line for line in lines if line]


def _source_row(source: dict[str, Any]) -> dict[str, Any]:
    issued = source.get("date")
    return {**source, "date": date.fromisoformat(issued) if issued else None}

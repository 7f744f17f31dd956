"""Forms with which files are brought."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, ValidationError

from courses.queries.imports import Target
from lms.core.forms import Form, required

NEW, ADD = "new", "add"


class BringForm(Form):
    """A file from the trainer's disk, sent with the form: for browsers without scripts."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file first."))],
        description=_l(
            "Word (.docx), PowerPoint (.pptx), PDF, video, sound, a SCORM, H5P or "
            "Common Cartridge package, or a course pack."
        ),
    )


class ApplyForm(Form):
    """What is to become of a file that was read."""

    target = RadioField(_l("What to make of it"), [required()], default=NEW)
    course = SelectField(_l("Course"), default="", validate_choice=False)
    replace_draft = BooleanField(
        _l("Replace the draft of this course if there is one"),
        description=_l("What was written in that draft and not published is then lost."),
    )

    def offer(self, new: str, targets: list[Target]) -> None:
        """Offer to make a course, in these words, or to add to one of the others."""
        self.target.choices = [(NEW, new)]
        if targets:
            self.target.choices.append((ADD, str(_l("Add its modules to a course of mine"))))
        self.course.choices = [(target.slug, target.title) for target in targets]

    def validate_course(self, field: SelectField) -> None:
        """Ask which course to add to."""
        if self.target.data == ADD and not field.data:
            raise ValidationError(_("Choose a course."))

    @property
    def may_replace(self) -> bool:
        """Tell whether a draft under way may go."""
        return self.replace_draft is not None and bool(self.replace_draft.data)

    @property
    def course_slug(self) -> str | None:
        """Return the address of the course to add to; None makes a new one."""
        return str(self.course.data) if self.target.data == ADD else None

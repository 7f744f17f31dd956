"""Forms of files: what comes into the library and into courses."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField

from courses.formats.packed import TITLE_LENGTH
from courses.forms.authoring import filled
from courses.services.library.changing import ALT_LENGTH
from lms.core.forms import Form, at_most

_CHOOSE = _l("Choose a file first.")


class FileForm(Form):
    """A file from the trainer's disk."""

    file = FileField(
        _l("File"),
        [FileRequired(_CHOOSE)],
        description=_l("A picture, video, recording, PDF document or captions, at most 2 GB."),
    )


class WordsForm(Form):
    """What a file is called, and what a picture shows."""

    title = StringField(_l("Title of the file"), [filled(), at_most(TITLE_LENGTH)])
    alt = TextAreaField(
        _l("What the picture shows"),
        [at_most(ALT_LENGTH)],
        description=_l("For those who cannot see it: what it teaches, in one or two sentences."),
        render_kw={"rows": 3},
    )


class CaptionsForm(Form):
    """Captions for a video of a draft."""

    file = FileField(
        _l("Captions"),
        [FileRequired(_CHOOSE)],
        description=_l("An SRT or WebVTT file."),
        id="captions-file",
    )
    video = SelectField(_l("Video"))
    language = SelectField(_l("Language of the captions"))

    def __init__(self, films: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.video.choices = [(name, name.partition("/")[2]) for name in films]
        self.language.choices = [("vi", "Tiếng Việt"), ("en", "English")]

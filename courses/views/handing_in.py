"""Handing in work, taking it back, and opening what was handed in."""

from typing import BinaryIO, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from courses import queries
from courses.forms.marking import COMMENT_LENGTH, word_points
from courses.handed_file import MOST_BYTES, BadFile
from courses.lesson_text import normalise
from courses.models import Enrolment
from courses.outline import LessonItem, get_outline
from courses.queries.handing_in import get_hand_in_to_read
from courses.services import handing_in
from courses.views import blueprint
from courses.views.learning import show_lesson
from lms.core.access import get_viewer, requires
from lms.core.db import db
from lms.core.pages import tell
from lms.core.serving import send_kept

blueprint.add_app_template_global(word_points)


@blueprint.post("/courses/<slug>/lessons/<key>/hand-in")
@requires("courses.learn")
def hand_in(slug: str, key: str) -> ResponseReturnValue:
    """Keep the file that the viewer hands in, with a word to the trainer."""
    enrolment, lesson = _get_own(slug, key)
    note = normalise(request.form.get("note", "")).strip()[:COMMENT_LENGTH]
    try:
        file, filename = _get_file()
        handing_in.hand_in(enrolment, lesson, file, filename, note)
    except BadFile as bad:
        return show_lesson(enrolment, lesson, notice=_word(bad), status=422, hand_note=note)
    db.session.commit()
    tell(_("Your work is handed in. You get a mail when it is marked."))
    return redirect(url_for("courses.lesson", slug=slug, key=key), 303)


@blueprint.post("/courses/<slug>/lessons/<key>/take-back")
@requires("courses.learn")
def take_back(slug: str, key: str) -> ResponseReturnValue:
    """Take back work that was not marked yet."""
    enrolment, lesson = _get_own(slug, key)
    handing_in.take_back(enrolment, lesson)
    db.session.commit()
    tell(_("Your work is taken back. You can hand in another file now."), "info")
    return redirect(url_for("courses.lesson", slug=slug, key=key), 303)


@blueprint.get("/courses/hand-ins/<int:hand_in_id>/file")
@requires("courses.learn")
def hand_in_file(hand_in_id: int) -> ResponseReturnValue:
    """Send work as a download to its learner or its marker."""
    work = get_hand_in_to_read(get_viewer(), hand_in_id)
    key = handing_in.storage_key(work.sha256)
    try:
        return send_kept(key, work.content_type, work.filename, work.sha256, download=True)
    except FileNotFoundError:
        raise NotFound from None


def _get_own(slug: str, key: str) -> tuple[Enrolment, LessonItem]:
    """Return the viewer's enrolment and the exercise, or answer 404."""
    enrolment = queries.get_enrolment(get_viewer(), slug)
    lesson = get_outline(enrolment.revision_id).get_lesson(key)
    if lesson.kind != "assignment":
        raise NotFound
    return enrolment, lesson


def _get_file() -> tuple[BinaryIO, str]:
    """Return the file that came in, and its name. Raises BadFile when none did."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadFile("none")
    return cast(BinaryIO, file.stream), file.filename


def _word(bad: BadFile) -> str:
    """Return what is wrong with a file and what to do."""
    words = {
        "none": _("Choose a file first."),
        "empty": _("The file is empty. Choose the file again."),
        "too_large": _(
            "The file is larger than %(most)s MB. Make its pictures smaller, or save it as PDF.",
            most=MOST_BYTES // 1024**2,
        ),
        "old_office": _(
            "The file is of the old Office kind or protected by a password. Save it as .docx, "
            ".xlsx or .pptx without a password, then hand that one in."
        ),
        "macros": _(
            "The file holds macros, which are small programs. Save it without macros, then hand "
            "that one in."
        ),
        "damaged": _("The file is damaged or was cut short. Save it anew, then hand that one in."),
        "unknown": _("Files of this kind are not taken. Hand in one of the kinds named below."),
        "not_asked_for": _("This exercise asks for another kind of file. See which ones below."),
    }
    return words[bad.code]

"""Work that is handed in, marked by its rubric, and accepted or handed back."""

import hashlib
from collections.abc import Sequence
from typing import BinaryIO

from flask import url_for
from flask_babel import gettext as _

from courses.handed_file import BadFile, name_file, tell_type
from courses.kinds.assignment import read_file_types
from courses.models import Enrolment, HandIn, Lesson
from courses.outline import LessonItem, get_outline
from courses.queries.handing_in import list_own_hand_ins
from courses.queries.progress import require_open
from courses.rubric import Given, read_pass_points, read_rubric, sum_points, write_marks
from courses.rules.completing import HANDED_IN, MARKED
from courses.services import learning
from lms.core import audit, mail, storage
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused
from lms.people.models import Person


def hand_in(
    enrolment: Enrolment, lesson: LessonItem, file: BinaryIO, filename: str, note: str
) -> HandIn:
    """Keep a learner's work for a lesson. Where handing in is all that is asked, it is done.

    Raises LessonLocked; BadFile for a file that is not taken; Refused when earlier work
    waits to be marked or was accepted.
    """
    require_open(enrolment, lesson)
    file_type, content_type = tell_type(file, filename)
    if file_type not in read_file_types(lesson.settings):
        raise BadFile("not_asked_for")
    # Two tabs take turns here: the second finds what the first handed in.
    db.session.refresh(enrolment, with_for_update=True)
    earlier = list_own_hand_ins(enrolment.id, lesson.id)
    if earlier and earlier[0].state != "returned":
        raise Refused(_say_why_not(earlier[0]), 409)
    sha256 = _keep(file)
    work = HandIn(
        enrolment_id=enrolment.id,
        lesson_id=lesson.id,
        number=len(earlier) + 1,
        note=note,
        filename=name_file(filename, content_type),
        sha256=sha256,
        content_type=content_type,
        size=file.seek(0, 2),
        handed_in_at=now(),
    )
    db.session.add(work)
    db.session.flush()
    audit.record("courses.handed_in", f"hand_in:{work.id}", enrolment.person_id, number=work.number)
    if lesson.rule == HANDED_IN:
        learning.complete_step(enrolment, lesson.id)
    else:
        learning.start(enrolment)
    return work


def take_back(enrolment: Enrolment, lesson: LessonItem) -> None:
    """Let a learner take back work that nobody has marked, to hand in something else.

    It stays as handed back by its own learner. Raises Refused when there is none.
    """
    db.session.refresh(enrolment, with_for_update=True)
    works = list_own_hand_ins(enrolment.id, lesson.id)
    if not works or works[0].state != "handed_in":
        raise Refused(_("There is nothing to take back: the work was marked meanwhile."), 409)
    _decide(_hold(works[0]), "returned", enrolment.person_id)
    audit.record("courses.hand_in_taken_back", f"hand_in:{works[0].id}", enrolment.person_id)


def accept(work: HandIn, marker_id: int, given: Sequence[Given], comment: str) -> None:
    """Mark work and accept it; where the lesson asks for that, it is done.

    Raises Refused when somebody marked it meanwhile, and when its points do not reach what
    the lesson asks for.
    """
    work = _hold(work)
    lesson = db.session.get_one(Lesson, work.lesson_id)
    _mark(work, lesson, given, comment)
    asked = read_pass_points(lesson.settings)
    if (work.points or 0) < asked:
        raise Refused(
            _(
                "The work has %(points)s points, and %(asked)s are asked for. Hand it back, or "
                "mark it again.",
                points=f"{work.points:g}",
                asked=f"{asked:g}",
            )
        )
    _decide(work, "accepted", marker_id)
    enrolment = db.session.get_one(Enrolment, work.enrolment_id)
    if get_outline(enrolment.revision_id).get_lesson(lesson.key).rule in (MARKED, HANDED_IN):
        learning.complete_step(enrolment, lesson.id, by_id=marker_id)
    _tell_learner(work, enrolment, lesson)


def hand_back(work: HandIn, marker_id: int, given: Sequence[Given], comment: str) -> None:
    """Mark work and hand it back to be done again. Raises Refused without a comment."""
    work = _hold(work)
    if not comment:
        raise Refused(_("Write what has to change, so that the learner can do it again."))
    lesson = db.session.get_one(Lesson, work.lesson_id)
    _mark(work, lesson, given, comment)
    _decide(work, "returned", marker_id)
    _tell_learner(work, db.session.get_one(Enrolment, work.enrolment_id), lesson)


def storage_key(sha256: str) -> str:
    """Return where work is kept: apart from what courses show, and served to few."""
    return f"hand-ins/{sha256[:2]}/{sha256}"


def _keep(file: BinaryIO) -> str:
    """Keep a file by its content; return its SHA-256."""
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    if not storage.exists(storage_key(sha256)):
        file.seek(0)
        storage.put_file(storage_key(sha256), file)
    return sha256


def _hold(work: HandIn) -> HandIn:
    """Take turns with whoever else marks or takes back this work. Raises Refused when too late."""
    # The enrolment first, as whoever hands in does: no two wait for each other.
    enrolment = db.session.get_one(Enrolment, work.enrolment_id)
    db.session.refresh(enrolment, with_for_update=True)
    db.session.refresh(work, with_for_update=True)
    if work.state != "handed_in":
        raise Refused(_("Somebody marked this work meanwhile. Open it again to see how."), 409)
    return work


def _mark(work: HandIn, lesson: Lesson, given: Sequence[Given], comment: str) -> None:
    try:
        work.marks = write_marks(read_rubric(lesson.settings), given)
    except ValueError:
        raise Refused(_("Choose a level for every criterion.")) from None
    work.points = sum_points(work.marks)
    work.comment = comment


def _decide(work: HandIn, state: str, by_id: int) -> None:
    work.state = state
    work.marked_by_id = by_id
    work.marked_at = now()
    db.session.flush()


def _tell_learner(work: HandIn, enrolment: Enrolment, lesson: Lesson) -> None:
    audit.record(
        "courses.hand_in_marked", f"hand_in:{work.id}", state=work.state, points=work.points
    )
    learner = db.session.get_one(Person, enrolment.person_id)
    if learner.email:
        address = url_for(
            "courses.lesson", slug=enrolment.course.slug, key=lesson.key, _external=True
        )
        mail.post(
            learner.email,
            "courses/mail/marked",
            accepted=work.state == "accepted",
            title=lesson.title,
            name=learner.full_name,
            address=address,
        )


def _say_why_not(latest: HandIn) -> str:
    if latest.state == "accepted":
        return _("Your work was accepted. There is nothing more to hand in.")
    return _("Your work waits to be marked. Take it back first to hand in something else.")

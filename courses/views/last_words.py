"""What a package says while its page is closed: sent to the content host, where it still can be.

From there nothing reaches the product's page any more, and the product's own addresses are
out of its reach. The address is signed for one enrolment and one lesson; what comes is a
report like any other, and worth no more.
"""

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from courses.content import read_last_words_token
from courses.models import Enrolment
from courses.outline import LessonItem, get_outline
from courses.package_reports import MOST_BYTES, BadReport, read_report
from courses.queries.packages import find_attempt
from courses.queries.progress import require_open
from courses.services.packages.attempts import alias_of, take_report
from lms.core import content
from lms.core.db import begin_write, db, end_write


@content.route("/last-words/<token>", "POST")
def take_last_words(request: Request, token: str) -> Response:
    """Keep the last report of a package as the one that follows what its tab sent before."""
    enrolment_id, lesson_id = read_last_words_token(token)
    if (request.content_length or 0) > MOST_BYTES:
        return Response(status=413)
    data = request.get_data()
    begin_write()
    try:
        enrolment, lesson = _get(enrolment_id, lesson_id)
        attempt = find_attempt(enrolment.id, lesson.id)
        report = read_report(data, sequence=attempt.sequence + 1 if attempt else 1)
        if report.learner != alias_of(enrolment):
            return Response(status=403)
        kept = take_report(enrolment, lesson, report).kept
        db.session.commit()
    except BadReport:
        return Response(status=422)
    finally:
        db.session.rollback()
        end_write()
    return Response(status=204 if kept else 409)


def _get(enrolment_id: int, lesson_id: int) -> tuple[Enrolment, LessonItem]:
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    for lesson in get_outline(enrolment.revision_id).lessons:
        if lesson.id == lesson_id and lesson.kind == "package":
            require_open(enrolment, lesson)
            return enrolment, lesson
    raise NotFound

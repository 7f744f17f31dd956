"""What a package reports of its learner: kept, merged, and believed as far as its trainer lets it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from courses.kinds import package
from courses.models import Enrolment, PackageAttempt, Statement
from courses.outline import LessonItem
from courses.package_reports import Report, Results, Said, read_results
from courses.queries.packages import find_attempt
from courses.services import learning
from lms.core.clock import now
from lms.core.db import db
from lms.core.errors import Refused

#: Kept of one attempt; what comes after is counted in the results only.
MOST_STATEMENTS = 2000
#: Of one learner at one lesson.
MOST_ATTEMPTS = 100


@dataclass(frozen=True)
class Taken:
    """What became of a report."""

    #: Its state is kept; else another device has gone on meanwhile, and that stays.
    kept: bool
    attempt: PackageAttempt


def take_report(enrolment: Enrolment, lesson: LessonItem, report: Report) -> Taken:
    """Keep what a package reports, and count the lesson as done where the trainer allows it.

    Results only get better, whatever the order of reports and devices. The state is that of
    the tab that went on from the newest one. The same report twice changes nothing.
    """
    # Two devices take turns here on PostgreSQL.
    db.session.refresh(enrolment, with_for_update=True)
    newest = find_attempt(enrolment.id, lesson.id)
    attempt = _attempt_of(newest, enrolment, lesson, report.attempt)
    results = read_results(package.standard_of(lesson), report)
    _merge(attempt, results.judged(lesson.settings.get("pass_share")))
    is_newest = newest is None or attempt.number == newest.number
    kept = is_newest and _take_state(attempt, report)
    db.session.flush()
    _count(enrolment, lesson, attempt)
    return Taken(kept, attempt)


def alias_of(enrolment: Enrolment) -> str:
    """Return what a package calls its learner: nothing that is known elsewhere."""
    return f"hv-{enrolment.id}"


def begin_again(enrolment: Enrolment, lesson: LessonItem) -> PackageAttempt:
    """Begin another attempt; the ones before it stay. Raises Refused while one is under way."""
    db.session.refresh(enrolment, with_for_update=True)
    newest = find_attempt(enrolment.id, lesson.id)
    if newest is None or not newest.is_finished:
        raise Refused(_("Finish what you have begun first; then you can start again."), 409)
    if newest.number >= MOST_ATTEMPTS:
        raise Refused(_("You have begun this package as often as can be kept."), 409)
    return _add_attempt(enrolment, lesson, newest.number + 1)


def _attempt_of(
    newest: PackageAttempt | None, enrolment: Enrolment, lesson: LessonItem, number: int
) -> PackageAttempt:
    if newest is None and number == 1:
        return _add_attempt(enrolment, lesson, 1)
    query = select(PackageAttempt).where(
        PackageAttempt.enrolment_id == enrolment.id,
        PackageAttempt.lesson_id == lesson.id,
        PackageAttempt.number == number,
    )
    attempt: PackageAttempt | None = db.session.scalar(query)
    if attempt is None:
        raise Refused(_("Open the lesson again to go on."), 409)
    return attempt


def _add_attempt(enrolment: Enrolment, lesson: LessonItem, number: int) -> PackageAttempt:
    moment = now()
    attempt = PackageAttempt(
        enrolment_id=enrolment.id,
        lesson_id=lesson.id,
        number=number,
        state={},
        sequence=0,
        run="",
        completed=False,
        seconds=0,
        started_at=moment,
        updated_at=moment,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def _merge(attempt: PackageAttempt, reported: Results) -> None:
    before = Results(attempt.completed, attempt.passed, attempt.score, attempt.seconds)
    after = before.merged(reported)
    if after != before:
        attempt.completed, attempt.passed = after.completed, after.passed
        attempt.score, attempt.seconds = after.score, after.seconds
        attempt.updated_at = now()


def _take_state(attempt: PackageAttempt, report: Report) -> bool:
    """Keep a report's state when it follows on what is kept; tell whether it is kept now."""
    if report.run == attempt.run and report.sequence <= attempt.sequence:
        return True  # sent again because the answer was lost
    if report.run != attempt.run and report.base != attempt.sequence:
        return False
    attempt.state, attempt.sequence, attempt.run = report.state, report.sequence, report.run
    attempt.updated_at = now()
    _keep_statements(attempt, report.statements)
    return True


def _keep_statements(attempt: PackageAttempt, statements: tuple[Said, ...]) -> None:
    if not statements:
        return
    query = select(func.count()).where(Statement.attempt_id == attempt.id)
    room = MOST_STATEMENTS - (db.session.scalar(query) or 0)
    db.session.add_all(
        Statement(
            attempt_id=attempt.id,
            at=now(),
            verb=said.verb,
            activity=said.activity,
            name=said.name,
            result=said.result,
        )
        for said in statements[: max(room, 0)]
    )


def _count(enrolment: Enrolment, lesson: LessonItem, attempt: PackageAttempt) -> None:
    if package.result_counts(lesson) and attempt.is_achieved:
        learning.complete_step(enrolment, lesson.id)
    else:
        learning.start(enrolment)

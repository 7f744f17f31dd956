"""Work behind the pages: certificates that wait to be issued, and PDFs to be made."""

import logging
from collections.abc import Callable, Iterator

from flask import current_app

from certificates import queries, services
from certificates.files import storage_key
from certificates.models import Certificate
from lms.core import mail, storage
from lms.core.clock import today
from lms.core.db import begin_write, db, end_write
from lms.core.jobs import job
from lms.people.models import Person

log = logging.getLogger(__name__)


@job("certificates.issue")
def issue_waiting() -> int:
    """Issue the certificates of all completions that left none: no issuer was in force."""
    return issue_missing()


def issue_missing(course_id: int | None = None) -> int:
    """Issue what is missing, of one course or of all; return how many.

    Each in its own transaction, so it may be stopped anywhere and run again. Issues
    nothing while no issuer is in force.
    """
    issuer = queries.find_issuer(today())
    if issuer is None:
        return 0
    issued = 0
    for enrolment_id in _each(lambda after: queries.list_without_certificate(course_id, after)):
        begin_write()
        issued += services.issue(enrolment_id, issuer) is not None
        db.session.commit()
        end_write()
    return issued


@job("certificates.render")
def render_waiting() -> int:
    """Make every PDF that is wanted and not made; return how many. One made stays as it is."""
    rendered = 0
    for certificate_id in _each(queries.list_to_render):
        try:
            rendered += _render(certificate_id)
        except Exception:
            # One paper that cannot be drawn does not keep the others waiting.
            log.exception("the PDF of certificate %s could not be made", certificate_id)
            db.session.rollback()
    return rendered


def _render(certificate_id: int) -> bool:
    """Draw one certificate, store the file, then note it.

    Nothing is locked while it is drawn. The file comes before the note: whoever is
    killed in between leaves a file that the next run writes again, and the same paper
    has the same bytes.
    """
    # Imported by the worker alone: what draws is heavy, and web processes never draw.
    from certificates import pdf  # noqa: PLC0415

    certificate = db.session.get_one(Certificate, certificate_id)
    data = pdf.render(certificate.template, certificate.snapshot)
    sha256 = storage.put(storage_key(certificate), data)
    begin_write()
    noted = services.keep_rendering(certificate_id, sha256)
    if noted:
        _tell_holder(certificate_id)
    db.session.commit()
    end_write()
    return noted


def _tell_holder(certificate_id: int) -> None:
    certificate = db.session.get_one(Certificate, certificate_id)
    person = db.session.get_one(Person, certificate.person_id)
    if person.email and person.deactivated_at is None:
        mail.post(
            person.email,
            "certificates/mail/issued",
            words=certificate.snapshot,
            address=f"{current_app.config['LMS_BASE_URL']}/certificates/{certificate.id}",
        )


def _each(list_next: Callable[[int], list[int]]) -> Iterator[int]:
    """Yield ids batch by batch, each id once, so that one that fails is not met again."""
    last = 0
    while batch := list_next(last):
        db.session.rollback()
        yield from batch
        last = batch[-1]

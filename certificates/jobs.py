"""Work behind the pages: certificates that wait to be issued, and PDFs to be made."""

import logging
from collections.abc import Mapping

from flask import current_app

from certificates import queries, services
from certificates.files import storage_key
from lms.core import mail, storage
from lms.core.clock import today
from lms.core.db import begin_write, db, end_write
from lms.core.jobs import job

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
    issued, last = 0, 0
    while batch := queries.list_without_certificate(course_id, last):
        for enrolment_id in batch:
            begin_write()
            issued += services.issue(enrolment_id, issuer) is not None
            db.session.commit()
            end_write()
        last = batch[-1]
    return issued


@job("certificates.render")
def render_waiting() -> int:
    """Make every PDF that is wanted and not made; return how many. One made stays as it is."""
    rendered, last = 0, 0
    while papers := queries.list_to_render(last):
        db.session.rollback()  # nothing is held while papers are drawn
        drawn = {paper.id: sha256 for paper in papers if (sha256 := _draw(paper))}
        rendered += _note(drawn)
        last = papers[-1].id
    return rendered


def _draw(paper: queries.PaperToRender) -> str | None:
    """Draw one paper into storage and return its SHA-256; None when it cannot be drawn.

    The file comes before the note. Whoever is killed in between leaves a file that the
    next run writes again, and the same paper has the same bytes.
    """
    # Imported by the worker alone: what draws is heavy, and web processes never draw.
    from certificates import pdf  # noqa: PLC0415

    try:
        data = pdf.render(paper.template, paper.snapshot)
        return storage.put(storage_key(paper.token, paper.issued_on), data)
    except Exception:
        # One that cannot be drawn does not keep the others waiting; it is tried again.
        log.exception("the PDF of certificate %s could not be made", paper.id)
        return None


def _note(drawn: Mapping[int, str]) -> int:
    """Note in one transaction that files are in storage, and tell their holders."""
    begin_write()
    noted = [id_ for id_, sha256 in drawn.items() if services.keep_rendering(id_, sha256)]
    for certificate_id, email, words in queries.list_to_tell(noted):
        address = f"{current_app.config['LMS_BASE_URL']}/certificates/{certificate_id}"
        mail.post(email, "certificates/mail/issued", words=words, address=address)
    db.session.commit()
    end_write()
    return len(noted)

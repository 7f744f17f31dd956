"""Decisions about certificates. Nothing here commits."""

import logging
import secrets
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from certificates import queries, snapshot
from certificates.models import Certificate, Issuer
from certificates.numbering import next_number
from courses.events import CourseCompleted
from courses.models import Enrolment
from lms.core import audit
from lms.core.clock import now, today
from lms.core.db import db
from lms.core.errors import Refused
from lms.core.jobs import ring
from lms.core.text import clean, name_sort_key

log = logging.getLogger(__name__)

#: The design that new papers are drawn in: certificates/pdf/<template>.css.
TEMPLATE = "gcn-1"
#: 192 bits: nobody guesses one.
TOKEN_BYTES = 24


def issue_for_completion(event: CourseCompleted) -> None:
    """Issue the certificate of an enrolment that has just been completed.

    A completion is never lost for want of an issuing body: while none is in force, the
    certificate waits, and the job ``certificates.issue`` issues it later.
    """
    issuer = queries.find_issuer(today())
    if issuer is None:
        log.warning("no issuer in force: the certificate of enrolment %s waits", event.enrolment_id)
        return
    issue(event.enrolment_id, issuer)


def issue(enrolment_id: int, issuer: Issuer) -> Certificate | None:
    """Issue the certificate of a completed enrolment; None when it has one already.

    Number, words and token are fixed here for good. The year of the number is that of
    today's date where the users live.
    """
    # The lock comes first: of two who issue at once the second sees the first one's row.
    enrolment = queries.get_completed_enrolment(enrolment_id)
    if queries.find_of_enrolment(enrolment_id) is not None:
        return None
    certificate = _make(enrolment, issuer)
    db.session.add(certificate)
    db.session.flush()
    audit.record(
        "certificates.issued",
        f"certificate:{certificate.id}",
        number=certificate.number,
        enrolment=enrolment.id,
    )
    ring("certificates.render")
    return certificate


def request_file(certificate: Certificate) -> None:
    """Ask for the PDF of a certificate; asking again changes nothing."""
    if certificate.requested_at is None:
        certificate.requested_at = now()
    if certificate.rendered_at is None:
        ring("certificates.render")


def keep_rendering(certificate_id: int, sha256: str) -> bool:
    """Note that a PDF is in storage; False when another worker noted it before."""
    table = Certificate.__table__
    statement = (
        update(table)
        .where(table.c.id == certificate_id, table.c.rendered_at.is_(None))
        .values(rendered_at=now(), sha256=sha256)
    )
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def revoke(certificate: Certificate, reason: str, by_id: int | None = None) -> None:
    """Declare a certificate void. Its number stays taken and its page says why.

    Raises Refused without a reason, and when it is revoked already.
    """
    reason = clean(reason)
    if not reason:
        raise Refused(_("Say why the certificate is revoked: its public page shows the reason."))
    if certificate.state == "revoked":
        raise Refused(_("This certificate has been revoked already."), 409)
    certificate.state = "revoked"
    certificate.revoked_at = now()
    certificate.revoked_by_id = by_id
    certificate.revoked_because = reason
    audit.record(
        "certificates.revoked",
        f"certificate:{certificate.id}",
        by_id,
        number=certificate.number,
        reason=reason,
    )


def appoint_issuer(  # noqa: PLR0913 - a body and its signature have these facts
    name: str,
    symbol: str,
    *,
    parent_name: str = "",
    place: str,
    signer_post: str,
    signer_name: str,
    valid_from: date,
    signer_authority: str = "",
    title: str = "GIẤY CHỨNG NHẬN",
) -> Issuer:
    """Let a body issue certificates from a day on, in place of the one before.

    A new signer or a new name is a new row: what was issued keeps the old words. Raises
    Refused when a later one is appointed already.
    """
    later = db.session.scalar(db.select(Issuer).where(Issuer.valid_from >= valid_from).limit(1))
    if later is not None:
        raise Refused(_("An issuing body is already appointed from this day or a later one."))
    before = queries.find_issuer(valid_from)
    if before is not None:
        before.valid_to = valid_from
    issuer = Issuer(
        name=clean(name),
        symbol=clean(symbol),
        parent_name=clean(parent_name),
        place=clean(place),
        title=clean(title),
        signer_authority=clean(signer_authority),
        signer_post=clean(signer_post),
        signer_name=clean(signer_name),
        valid_from=valid_from,
    )
    db.session.add(issuer)
    db.session.flush()
    audit.record("certificates.issuer_appointed", f"issuer:{issuer.id}", symbol=issuer.symbol)
    return issuer


def _make(enrolment: Enrolment, issuer: Issuer) -> Certificate:
    issued_on, token = today(), secrets.token_urlsafe(TOKEN_BYTES)
    number = next_number(issuer.symbol, issued_on.year)
    words = snapshot.take(
        enrolment,
        issuer,
        number=number.text,
        issued_on=issued_on,
        verify_url=f"{current_app.config['LMS_BASE_URL']}/verify/{token}",
    )
    return Certificate(
        series_id=number.series_id,
        ordinal=number.ordinal,
        number=number.text,
        token=token,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        agency_id=enrolment.agency_id,
        snapshot=words,
        sort_key=name_sort_key(words["holder"]),
        template=TEMPLATE,
        issued_on=issued_on,
        requested_at=now(),
    )

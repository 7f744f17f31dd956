"""Reads of certificates. Those that show other people's take the viewer."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from certificates.models import Certificate, Issuer
from courses.models import Enrolment
from lms.agencies.queries import in_scope
from lms.core.access import Viewer
from lms.core.db import db
from lms.core.text import fold
from lms.people.models import Person

#: What services.TOKEN_BYTES of chance look like in an address.
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
PAGE_SIZE = 50
#: Enrolments looked up at a time.
BATCH = 500
#: Papers drawn between two commits: what a killed worker draws again, at most.
PAPERS_AT_ONCE = 20


@dataclass(frozen=True)
class RegisterPage:
    """One page of the register and how many certificates it is a page of."""

    rows: list[Certificate]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return -(-self.total // PAGE_SIZE)


@dataclass(frozen=True)
class PaperToRender:
    """A certificate of which the PDF is to be made."""

    id: int
    token: str
    issued_on: date
    template: str
    snapshot: dict[str, Any]


def find_issuer(on: date) -> Issuer | None:
    """Return who issues certificates on that day."""
    query = select(Issuer).where(
        Issuer.valid_from <= on, or_(Issuer.valid_to.is_(None), Issuer.valid_to > on)
    )
    return db.session.scalar(query.order_by(Issuer.valid_from.desc()).limit(1))


def find_of_enrolment(enrolment_id: int) -> Certificate | None:
    """Return the certificate that an enrolment left."""
    return db.session.scalar(select(Certificate).where(Certificate.enrolment_id == enrolment_id))


def find_by_token(token: str) -> Certificate | None:
    """Return the certificate behind a QR code."""
    if not TOKEN.fullmatch(token):
        return None
    return db.session.scalar(select(Certificate).where(Certificate.token == token))


def find_by_number(number: str) -> Certificate | None:
    """Return the certificate of a printed number."""
    return db.session.scalar(select(Certificate).where(Certificate.number == number))


def find_by_sha256(sha256: str) -> Certificate | None:
    """Return the certificate whose paper is exactly this file."""
    return db.session.scalar(select(Certificate).where(Certificate.sha256 == sha256))


def get_certificate_for(viewer: Viewer, certificate_id: int) -> Certificate:
    """Return a certificate of the viewer's own or in their scope, or answer 404."""
    return _get(_visible_to(viewer).where(Certificate.id == certificate_id))


def get_certificate_to_revoke(viewer: Viewer, certificate_id: int) -> Certificate:
    """Return a certificate that the viewer may revoke, locked, or answer 404."""
    within = in_scope(Certificate.agency_id, viewer.roots("certificates.revoke"))
    query = select(Certificate).where(Certificate.id == certificate_id, within)
    return _get(query.with_for_update())


def list_own(viewer: Viewer) -> list[Certificate]:
    """Return the viewer's certificates, the newest first."""
    query = select(Certificate).where(Certificate.person_id == viewer.person_id)
    return list(db.session.scalars(query.order_by(Certificate.id.desc())))


def list_register(viewer: Viewer, text: str, page: int) -> RegisterPage:
    """Return a page of the register in the viewer's scope, the newest first.

    A page beyond the last is the last. Every word of ``text`` is in the holder's name or codes, with or without diacritics,
    or in the number.
    """
    query = select(Certificate).where(
        in_scope(Certificate.agency_id, viewer.roots("certificates.view"))
    )
    if text:
        query = query.join(Person, Person.id == Certificate.person_id)
    for word in text.split():
        query = query.where(
            or_(
                Person.search.contains(fold(word), autoescape=True),
                Certificate.number.contains(word.upper(), autoescape=True),
            )
        )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    query = query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    rows = db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return RegisterPage(list(rows), total, page)


def count_of_course(course_id: int) -> int:
    """Return how many certificates a course has left."""
    query = (
        select(func.count())
        .select_from(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    )
    return db.session.scalar(query.where(Enrolment.course_id == course_id)) or 0


def list_without_certificate(course_id: int | None, after: int) -> list[int]:
    """Return the next ids of completed enrolments that have left no certificate yet."""
    query = (
        select(Enrolment.id)
        .outerjoin(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.status == "completed", Certificate.id.is_(None), Enrolment.id > after)
    )
    if course_id is not None:
        query = query.where(Enrolment.course_id == course_id)
    return list(db.session.scalars(query.order_by(Enrolment.id).limit(BATCH)))


def list_to_render(after: int) -> list[PaperToRender]:
    """Return the next certificates whose PDF is wanted and not made."""
    query = select(
        Certificate.id,
        Certificate.token,
        Certificate.issued_on,
        Certificate.template,
        Certificate.snapshot,
    ).where(
        Certificate.rendered_at.is_(None),
        Certificate.requested_at.is_not(None),
        Certificate.id > after,
    )
    rows = db.session.execute(query.order_by(Certificate.id).limit(PAPERS_AT_ONCE))
    return [PaperToRender(*row) for row in rows]


def list_to_tell(certificate_ids: Collection[int]) -> list[tuple[int, str, dict[str, Any]]]:
    """Return id, e-mail address and words of those certificates whose holders have mail."""
    query = (
        select(Certificate.id, Person.email, Certificate.snapshot)
        .join(Person, Person.id == Certificate.person_id)
        .where(
            Certificate.id.in_(certificate_ids),
            Person.email.is_not(None),
            Person.deactivated_at.is_(None),
        )
    )
    return [tuple(row) for row in db.session.execute(query.order_by(Certificate.id))]


def get_completed_enrolment(enrolment_id: int) -> Enrolment:
    """Return an enrolment with all that its certificate tells, locked."""
    query = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.status == "completed")
        .options(
            joinedload(Enrolment.person, innerjoin=True),
            joinedload(Enrolment.agency, innerjoin=True),
            joinedload(Enrolment.revision, innerjoin=True),
        )
        .with_for_update(of=Enrolment)
    )
    return db.session.scalars(query).one()


def _visible_to(viewer: Viewer) -> Select[Certificate]:
    own = Certificate.person_id == viewer.person_id
    if not viewer.may("certificates.view"):
        return select(Certificate).where(own)
    within = in_scope(Certificate.agency_id, viewer.roots("certificates.view"))
    return select(Certificate).where(or_(own, within))


def _get(query: Select[Certificate]) -> Certificate:
    certificate: Certificate | None = db.session.scalar(query)
    if certificate is None:
        raise NotFound
    return certificate

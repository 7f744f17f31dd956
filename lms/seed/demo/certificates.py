"""Writes the certificates of those who completed a course, without drawing them.

Words, numbers and tokens are made as the product makes them. A PDF is drawn when its
holder asks; only the newest and those of the accounts are asked for here.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from certificates import snapshot
from certificates.models import Certificate, CertificateSeries, Issuer
from certificates.numbering import format_number
from certificates.queries import find_issuer
from certificates.services import TEMPLATE, TOKEN_BYTES
from courses.models import Enrolment, Revision
from lms.agencies.models import Agency
from lms.core.clock import local, now
from lms.core.db import db
from lms.core.jobs import ring
from lms.seed.accounts import ACCOUNT_IDS
from lms.seed.demo.learning import Learning
from lms.seed.demo.rows import Row, write

_NEWEST_DRAWN = 20
_CHUNK = 1_000


def write_certificates(learnings: Sequence[Learning]) -> int:
    """Write a certificate for each completion, numbered in the order of completion."""
    completed = [x for x in learnings if x.completed_at]
    completed.sort(key=lambda x: (x.completed_at, x.id))
    newest = [x.id for x in completed[-_NEWEST_DRAWN:]]
    of_accounts = [x.id for x in completed if x.person.id in ACCOUNT_IDS.values()]
    register = _Register({*newest, *of_accounts})
    written = write(
        Certificate.__table__,
        (register.enter(enrolment) for enrolment in _in_order([x.id for x in completed])),
    )
    ring("certificates.render")
    return written


class _Register:
    """Numbers certificates, each series going on from where it stands."""

    def __init__(self, drawn: set[int]) -> None:
        self._drawn = drawn
        self._series: dict[tuple[str, int], CertificateSeries] = {}
        self._issuer_on = cache(find_issuer)

    def enter(self, enrolment: Enrolment) -> Row:
        """Return the certificate of a completion as a row."""
        assert enrolment.completed_at is not None
        issued_on = local(enrolment.completed_at).date()
        issuer = self._issuer_on(issued_on)
        assert issuer is not None, "the base appoints an issuer from the province's first day"
        token = secrets.token_urlsafe(TOKEN_BYTES)
        series = self._advance(issuer, issued_on)
        number = format_number(series.last_number, series.year, series.symbol)
        words = snapshot.take(
            enrolment,
            issuer,
            number=number,
            issued_on=issued_on,
            verify_url=f"{current_app.config['LMS_BASE_URL']}/verify/{token}",
        )
        return {
            "series_id": series.id,
            "ordinal": series.last_number,
            "number": number,
            "token": token,
            "enrolment_id": enrolment.id,
            "person_id": enrolment.person_id,
            "agency_id": enrolment.agency_id,
            "snapshot": words,
            "sort_key": enrolment.person.sort_key,
            "template": TEMPLATE,
            "issued_on": issued_on,
            "state": "valid",
            "requested_at": now() if enrolment.id in self._drawn else None,
        }

    def _advance(self, issuer: Issuer, issued_on: date) -> CertificateSeries:
        key = issuer.symbol, issued_on.year
        if key not in self._series:
            self._series[key] = _find_or_open(*key)
        series = self._series[key]
        series.last_number += 1
        return series


def _find_or_open(symbol: str, year: int) -> CertificateSeries:
    query = select(CertificateSeries).where(
        CertificateSeries.symbol == symbol, CertificateSeries.year == year
    )
    series = db.session.scalar(query)
    if series is None:
        series = CertificateSeries(symbol=symbol, year=year, last_number=0)
        db.session.add(series)
        db.session.flush()
    return series


def _in_order(enrolment_ids: Sequence[int]) -> Iterator[Enrolment]:
    """Yield enrolments with all that a certificate tells, a chunk in memory at a time."""
    # Held here, the few agencies and revisions are found in memory and not asked for again.
    held = [*db.session.scalars(select(Agency)), *db.session.scalars(select(Revision))]
    query = select(Enrolment).options(joinedload(Enrolment.person, innerjoin=True))
    waiting = iter(enrolment_ids)
    while chunk := list(islice(waiting, _CHUNK)):
        found: dict[int, Any] = {
            x.id: x for x in db.session.scalars(query.where(Enrolment.id.in_(chunk)))
        }
        yield from (found[enrolment_id] for enrolment_id in chunk)
    held.clear()

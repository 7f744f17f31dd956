"""Every word that is to stand on a certificate's paper, frozen at issue."""

from datetime import date
from typing import Any

from certificates.models import Issuer
from courses.models import Enrolment
from lms.core.clock import local
from lms.core.text import clean


def take(
    enrolment: Enrolment, issuer: Issuer, *, number: str, issued_on: date, verify_url: str
) -> dict[str, Any]:
    """Return the words of a completed enrolment's certificate; days are ISO 8601.

    The agency is that of the enrolment, where the completion counts. Learning that was
    recorded as done at once began on the day it ended.
    """
    assert enrolment.completed_at is not None
    person, revision = enrolment.person, enrolment.revision
    return {
        "number": number,
        "holder": clean(person.full_name),
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "birth_year": person.birth_year,
        "agency": clean(enrolment.agency.name),
        "course": clean(revision.title),
        "periods": revision.periods,
        "started_on": local(enrolment.started_at or enrolment.completed_at).date().isoformat(),
        "completed_on": local(enrolment.completed_at).date().isoformat(),
        "issuer_parent": issuer.parent_name,
        "issuer": issuer.name,
        "place": issuer.place,
        "title": issuer.title,
        "signer_authority": issuer.signer_authority,
        "signer_post": issuer.signer_post,
        "signer": issuer.signer_name,
        "issued_on": issued_on.isoformat(),
        "verify_url": verify_url,
    }

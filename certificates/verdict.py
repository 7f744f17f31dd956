"""What can be said of a certificate to whoever asks. Pure: no database, no clock."""

from dataclasses import dataclass
from datetime import date, datetime

from certificates.models import Certificate


@dataclass(frozen=True)
class Verdict:
    """The state of a certificate and the little that the public may know of it."""

    #: valid, expired or revoked; for a file also altered; unknown when there is none.
    state: str
    number: str | None = None
    holder: str | None = None
    course: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    revoked_at: datetime | None = None
    revoked_because: str | None = None


UNKNOWN = Verdict("unknown")


def verdict_on(certificate: Certificate, on: date, *, altered: bool = False) -> Verdict:
    """Judge a certificate on a day; ``altered`` tells that a paper is not the one issued."""
    words = certificate.snapshot
    return Verdict(
        state="altered" if altered else state_of(certificate, on),
        number=certificate.number,
        holder=words["holder"],
        course=words["course"],
        issuer=words["issuer"],
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        revoked_at=certificate.revoked_at,
        revoked_because=certificate.revoked_because,
    )


def state_of(certificate: Certificate, on: date) -> str:
    """Return valid, expired or revoked. It is valid on its last day."""
    if certificate.state == "revoked":
        return "revoked"
    if certificate.expires_on is not None and certificate.expires_on < on:
        return "expired"
    return "valid"

"""Certificates, the bodies that issue them, and the series they are numbered in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import BinaryText, UTCDateTime, db

STATES = ("valid", "revoked")


class Issuer(db.Model):  # type: ignore[name-defined,misc]
    """A body that issues certificates, as its papers name it, and who signs for it."""

    __tablename__ = "issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The body above it, like UBND TỈNH BẮC NINH; may be empty.
    parent_name: Mapped[str] = mapped_column(default="")
    #: Like SỞ NỘI VỤ.
    name: Mapped[str]
    #: Symbol behind its numbers, like GCN-SNV.
    symbol: Mapped[str]
    #: Where it signs, like Bắc Ninh.
    place: Mapped[str]
    #: What its paper is called. "Chứng chỉ" is for issuers and programmes that a law names.
    title: Mapped[str] = mapped_column(default="GIẤY CHỨNG NHẬN")
    #: On whose behalf or order the signer signs, like KT. GIÁM ĐỐC; may be empty.
    signer_authority: Mapped[str] = mapped_column(default="")
    signer_post: Mapped[str]
    signer_name: Mapped[str]
    valid_from: Mapped[date]
    #: The first day on which it no longer issues under this name or signature.
    valid_to: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", "ends_after_start"),
    )


class CertificateSeries(db.Model):  # type: ignore[name-defined,misc]
    """Numbers of one issuing body in one year: the row that writers take turns on."""

    __tablename__ = "certificate_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Symbol behind the number, like GCN-SNV.
    symbol: Mapped[str]
    year: Mapped[int]
    last_number: Mapped[int]

    __table_args__ = (UniqueConstraint("symbol", "year"),)


class Certificate(db.Model):  # type: ignore[name-defined,misc]
    """What a completion leaves. Issued once, never re-derived; revoked, never deleted."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("certificate_series.id"))
    #: Place in the series, from 1, without gaps.
    ordinal: Mapped[int]
    #: As printed: 0123/2026/GCN-SNV.
    number: Mapped[str] = mapped_column(unique=True)
    #: Random, 128 bits or more: what the QR carries. It says nothing of the number.
    token: Mapped[str] = mapped_column(unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    #: Every word on the paper: holder, course, dates, agency, signer, issuing body.
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The holder's name as a sort key, frozen with it.
    sort_key: Mapped[str] = mapped_column(BinaryText)
    template: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="valid")
    #: The PDF is wanted; the worker draws it once.
    requested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rendered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sha256: Mapped[str | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_because: Mapped[str | None]

    series: Mapped[CertificateSeries] = relationship()

    __table_args__ = (
        UniqueConstraint("series_id", "ordinal"),
        CheckConstraint(f"state IN {STATES}", "known_state"),
        CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL AND revoked_because IS NOT NULL)",
            "revoked_with_a_reason",
        ),
        CheckConstraint("(rendered_at IS NULL) = (sha256 IS NULL)", "rendered_means_hashed"),
        Index(
            "ix_certificate_waiting",
            "requested_at",
            sqlite_where=rendered_at.is_(None),
            postgresql_where=rendered_at.is_(None),
        ),
    )

"""Files: what lessons show, what trainers keep, what is made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import UTCDateTime, db

LIBRARY_KINDS = ("picture", "video", "audio", "document", "package", "captions")
RENDITION_STATES = ("waiting", "done", "failed")


class Media(db.Model):  # type: ignore[name-defined,misc]
    """A picture or file that a revision's lessons show, kept by its content."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    #: Path inside the course pack, like images/so-do.svg or media/bai-giang.mp4.
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    #: The file of the library it was taken from, so that it can be found and replaced.
    library_file_id: Mapped[int | None] = mapped_column(ForeignKey("library_file.id"), index=True)

    __table_args__ = (UniqueConstraint("revision_id", "name"),)


class LibraryFile(db.Model):  # type: ignore[name-defined,misc]
    """A file that a trainer keeps for courses, shared with their agency's trainers."""

    __tablename__ = "library_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: Where the owner belonged when the file came; its trainers may use it too.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    #: The title without diacritics, to be searched.
    title_folded: Mapped[str]
    #: What a picture shows, for those who cannot see it.
    alt: Mapped[str] = mapped_column(Text, default="")
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    content_type: Mapped[str]
    #: Bytes.
    size: Mapped[int] = mapped_column(BigInteger)
    #: What was read out of it: width, height, seconds, pages, standard …
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint(f"kind IN {LIBRARY_KINDS}", "known_kind"),
        CheckConstraint("size >= 0", "size_not_negative"),
    )


class Rendition(db.Model):  # type: ignore[name-defined,misc]
    """A file made of another for weak networks: work that waits, then its result."""

    __tablename__ = "rendition"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The file it is made of.
    source_sha256: Mapped[str]
    #: 480p, 240p, audio, poster.
    profile: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    sha256: Mapped[str | None] = mapped_column(index=True)
    content_type: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    #: Width, height, seconds.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: How often it was begun; a file that kills the worker is given up in the end.
    tries: Mapped[int] = mapped_column(default=0)
    #: Until when a worker has it; another takes it afterwards.
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why it failed.
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("source_sha256", "profile"),
        CheckConstraint(f"state IN {RENDITION_STATES}", "known_state"),
        CheckConstraint("(state = 'done') = (sha256 IS NOT NULL)", "result_is_there"),
        Index(
            "ix_rendition_waiting",
            "id",
            sqlite_where=(state == "waiting"),
            postgresql_where=(state == "waiting"),
        ),
    )

"""What trainers bring: uploads that survive a closed tab, imports shown before they apply."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import UTCDateTime, db

IMPORT_STATES = ("waiting", "ready", "applying", "done", "refused")


class Upload(db.Model):  # type: ignore[name-defined,misc]
    """A file on its way, part by part; its parts lie in the storage until it is whole."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random; the file's address while it comes.
    token: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    filename: Mapped[str]
    #: Bytes announced, and bytes kept so far.
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    #: What it is for: plain JSON, like {"course": "slug"}.
    purpose: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When it is thrown away unless more of it comes; what was let go is over at once.
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    __table_args__ = (CheckConstraint("received BETWEEN 0 AND size", "received_within_size"),)


class UploadPart(db.Model):  # type: ignore[name-defined,misc]
    """A stretch of an upload that is kept."""

    __tablename__ = "upload_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    #: Its first byte's place in the file, and how many bytes it has.
    start: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    #: Where its bytes are kept; no two parts share a place, even of the same stretch.
    key: Mapped[str]

    __table_args__ = (UniqueConstraint("upload_id", "start"),)


class Import(db.Model):  # type: ignore[name-defined,misc]
    """A file to become a course or lessons: read, shown, and applied when its owner says so."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: The upload it comes from; its parts are kept until the import is done with.
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    #: A draft whose modules it is added to; None makes a new course.
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    #: Whether a draft under way of the same course may be replaced.
    replace_draft: Mapped[bool] = mapped_column(default=False)
    #: A module of courses/formats, once it is recognised.
    format: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="waiting")
    #: What will come in: title, modules, lessons, questions, files.
    preview: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Why it was refused.
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Steps done of all, for long ones.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    #: A worker has it until then; another may take it afterwards.
    claimed_by: Mapped[str] = mapped_column(default="")
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The course it became.
    made_course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint(f"state IN {IMPORT_STATES}", "known_state"),
        CheckConstraint("(state = 'done') = (made_course_id IS NOT NULL)", "result_is_there"),
        Index(
            "ix_import_open",
            "id",
            sqlite_where=state.in_(("waiting", "applying")),
            postgresql_where=state.in_(("waiting", "applying")),
        ),
    )

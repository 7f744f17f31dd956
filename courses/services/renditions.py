"""Files made of videos and recordings: wanted, claimed by one worker, done or given up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select, union, update

from courses.files import KeptFile
from courses.models import LibraryFile, Media, Rendition
from courses.transcoding import AUDIO_PROFILES, DEMUXERS, VIDEO_PROFILES
from lms.core.clock import now
from lms.core.db import db, insert
from lms.core.jobs import ring

TRANSCODE = "courses.transcode"
#: A worker that says nothing for this long is dead.
LEASE = timedelta(seconds=60)
MOST_TRIES = 3
#: Waiting rows that are read to find the next.
LOOKED_AT = 20


@dataclass(frozen=True)
class Claim:
    """One rendition to be made, while the lease lasts."""

    rendition_id: int
    source_sha256: str
    content_type: str
    profile: str


def want_renditions(sha256: str, content_type: str) -> None:
    """Ask for the small versions of a video or recording; asking twice changes nothing."""
    if content_type not in DEMUXERS:
        return
    profiles = VIDEO_PROFILES if content_type.startswith("video/") else AUDIO_PROFILES
    rows = [
        {
            "source_sha256": sha256,
            "profile": profile,
            "state": "waiting",
            "facts": {},
            "tries": 0,
            "reason": "",
            "created_at": now(),
        }
        for profile in profiles
    ]
    statement = insert(Rendition.__table__).values(rows).on_conflict_do_nothing()
    db.session.execute(statement)
    ring(TRANSCODE)


def want_missing() -> None:
    """Ask for the small versions of every shown or kept file that has none."""
    sources = union(
        select(Media.sha256, Media.content_type).where(Media.content_type.in_(DEMUXERS)),
        select(LibraryFile.sha256, LibraryFile.content_type).where(
            LibraryFile.content_type.in_(DEMUXERS)
        ),
    ).subquery()
    asked = exists().where(Rendition.source_sha256 == sources.c.sha256)
    for sha256, content_type in db.session.execute(select(sources).where(~asked)):
        want_renditions(sha256, content_type)


def claim_next() -> Claim | None:
    """Take the next rendition to be made; None when there is none, or another is under way.

    One that was begun three times and never ended is given up: it may be what kills workers.
    """
    moment = now()
    waiting = select(Rendition).where(Rendition.state == "waiting")
    if db.session.scalar(select(waiting.where(Rendition.claimed_until > moment).exists())):
        return None
    rows = db.session.scalars(waiting.order_by(Rendition.id).limit(LOOKED_AT).with_for_update())
    for row in rows.all():
        if row.claimed_until is not None and row.claimed_until > moment:
            return None  # another worker was faster
        content_type = _content_type_of(row.source_sha256)
        if row.tries >= MOST_TRIES or content_type is None:
            _give_up(row, row.reason or "begun three times and never ended")
            continue
        row.tries += 1
        row.claimed_until = moment + LEASE
        return Claim(row.id, row.source_sha256, content_type, row.profile)
    return None


def keep_claim(rendition_id: int) -> None:
    """Say that the work is still going on."""
    _change(rendition_id, claimed_until=now() + LEASE)


def finish(rendition_id: int, kept: KeptFile, content_type: str, facts: dict[str, Any]) -> None:
    """Note what was made."""
    _change(
        rendition_id,
        state="done",
        sha256=kept.sha256,
        content_type=content_type,
        size=kept.size,
        facts=facts,
        claimed_until=None,
        reason="",
    )


def fail(rendition_id: int, reason: str) -> None:
    """Note that it cannot be made: ffmpeg would say the same again."""
    _change(rendition_id, state="failed", reason=reason, claimed_until=None)


def leave(rendition_id: int, reason: str) -> None:
    """Let it be tried again: what stood in the way was not the file."""
    _change(rendition_id, claimed_until=None, reason=reason)


def drop(rendition_id: int) -> None:
    """Forget a profile that makes no sense for its file: sound of a silent film."""
    row = db.session.get(Rendition, rendition_id)
    if row is not None:
        db.session.delete(row)


def _change(rendition_id: int, **values: Any) -> None:
    db.session.execute(
        update(Rendition)
        .where(Rendition.id == rendition_id, Rendition.state == "waiting")
        .values(**values)
    )


def _give_up(row: Rendition, reason: str) -> None:
    row.state, row.reason, row.claimed_until = "failed", reason, None


def _content_type_of(sha256: str) -> str | None:
    for model in (Media, LibraryFile):
        query = select(model.content_type).where(
            model.sha256 == sha256, model.content_type.in_(DEMUXERS)
        )
        if (found := db.session.scalar(query.limit(1))) is not None:
            return str(found)
    return None

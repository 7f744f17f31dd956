"""What players need: the versions of a film, and where its learner stopped."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from courses.files import ShownFile, list_files
from courses.models import LessonProgress, Rendition
from lms.core.db import db


@dataclass(frozen=True)
class Versions:
    """What was made of a file, by profile, and what is still to come."""

    done: dict[str, ShownFile] = field(default_factory=dict)
    #: Length in seconds; 0 while nothing was made.
    seconds: float = 0.0
    waiting: bool = False

    @property
    def known(self) -> bool:
        """Tell whether the length of the film is known."""
        return self.seconds > 0


def list_versions(file: ShownFile) -> Versions:
    """Return what was made of a video or recording so far."""
    rows = db.session.scalars(select(Rendition).where(Rendition.source_sha256 == file.sha256)).all()
    made = [row for row in rows if row.state == "done"]
    done = {row.profile: _as_shown(row, file) for row in made}
    lengths = [_seconds(row.facts) for row in made]
    return Versions(done, max(lengths, default=0.0), any(row.state == "waiting" for row in rows))


def list_captions(file: ShownFile, files: dict[str, ShownFile]) -> dict[str, ShownFile]:
    """Return the captions beside a file by language: media/x.vi.vtt beside media/x.mp4."""
    stem = file.name.rpartition(".")[0]
    named = {language: f"{stem}.{language}.vtt" for language in ("vi", "en")}
    return {language: files[name] for language, name in named.items() if name in files}


def find_file(revision_id: int, name: str) -> ShownFile | None:
    """Return a file of a revision by its name in the course."""
    return list_files(revision_id).get(name)


def find_place(enrolment_id: int, lesson_id: int) -> LessonProgress | None:
    """Return how far a learner is inside a lesson, where that is known."""
    query = select(LessonProgress).where(
        LessonProgress.enrolment_id == enrolment_id, LessonProgress.lesson_id == lesson_id
    )
    return db.session.scalar(query)


def _as_shown(row: Rendition, source: ShownFile) -> ShownFile:
    from courses.transcoding import ENDINGS  # noqa: PLC0415 - knows ffmpeg, which pages do not need

    stem = source.name.rpartition(".")[0]
    content_type = str(row.content_type)
    name = f"{stem}-{row.profile}{ENDINGS[content_type]}"
    return ShownFile(name, str(row.sha256), content_type, row.size or 0)


def _seconds(facts: dict[str, Any]) -> float:
    value = facts.get("seconds", 0)
    return float(value) if isinstance(value, (int, float)) else 0.0


def count_renditions(sha256: str) -> dict[str, int]:
    """Return how many versions of a file are waiting, done and failed."""
    query = select(Rendition.state, func.count()).where(Rendition.source_sha256 == sha256)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Rendition.state))}


def list_posters(sources: list[str]) -> dict[str, str]:
    """Return the SHA-256 of the still of each of these films that has one."""
    rows = db.session.execute(
        select(Rendition.source_sha256, Rendition.sha256).where(
            Rendition.source_sha256.in_(sources),
            Rendition.profile == "poster",
            Rendition.state == "done",
        )
    )
    return {row.source_sha256: row.sha256 for row in rows}

"""Videos and recordings become small ones for weak networks, one at a time."""

import fcntl
import logging
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from courses import transcoding
from courses.files import keep_file, open_kept, storage_key
from courses.services import renditions
from courses.services.renditions import TRANSCODE, Claim
from lms.core import storage
from lms.core.db import begin_write, db, end_write
from lms.core.jobs import job

log = logging.getLogger(__name__)

_LOCK, _PID = "lock", "ffmpeg.pid"


@job(TRANSCODE, slow=True)
def transcode_waiting() -> int:
    """Make every small version that waits; return how many.

    A worker that is killed leaves a claim that ends by itself and a folder that the next
    run empties.
    """
    clean_up()
    with _writing():
        renditions.want_missing()
    made = 0
    while (claim := _claim()) is not None:
        made += _make(claim)
    return made


def clean_up() -> None:
    """Delete what workers that are gone have left, and end what they had begun."""
    for folder in _work_folder().iterdir():
        with suppress(OSError), (folder / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while its worker lives
            _end_orphan(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _claim() -> Claim | None:
    with _writing():
        return renditions.claim_next()


def _make(claim: Claim) -> bool:
    """Make one file and note what came of it; nothing is held meanwhile."""
    try:
        with _workspace(claim.rendition_id) as folder:
            return _make_in(folder, claim)
    except transcoding.TranscodingError as error:
        log.warning("%s of %s: %s", claim.profile, claim.source_sha256, error)
        with _writing():
            renditions.fail(claim.rendition_id, str(error))
    except Exception as error:
        log.exception("%s of %s could not be made", claim.profile, claim.source_sha256)
        with _writing():
            renditions.leave(claim.rendition_id, repr(error)[:300])
    return False


def _make_in(folder: Path, claim: Claim) -> bool:
    source = _source(folder, claim)
    probe = transcoding.probe_file(source, claim.content_type)
    if not transcoding.wants(probe, claim.profile):
        with _writing():
            renditions.drop(claim.rendition_id)
        return False
    target = folder / "target"
    transcoding.run(
        transcoding.command(source, claim.content_type, claim.profile, target, probe),
        transcoding.seconds_allowed(probe),
        beat=lambda: _beat(claim),
        note=lambda pid: _note_pid(folder, pid),
    )
    _keep(claim, target, probe)
    return True


def _keep(claim: Claim, target: Path, probe: transcoding.Probe) -> None:
    content_type = transcoding.CONTENT_TYPES[claim.profile]
    if claim.profile != "poster":
        probe = transcoding.probe_file(target, content_type)
    with target.open("rb") as file:
        kept = keep_file(file)
    with _writing():
        renditions.finish(claim.rendition_id, kept, content_type, probe.facts)


def _beat(claim: Claim) -> None:
    with _writing():
        renditions.keep_claim(claim.rendition_id)


def _source(folder: Path, claim: Claim) -> Path:
    """Return where the file lies on this disk, fetched when it is kept elsewhere."""
    path = storage.local_path(storage_key(claim.source_sha256))
    if path is not None:
        return path.absolute()
    copy = folder / "source"
    with open_kept(claim.source_sha256) as kept, copy.open("wb") as file:
        shutil.copyfileobj(kept, file, storage.BLOCK)
    return copy


@contextmanager
def _writing() -> Iterator[None]:
    """Write in a short transaction of its own."""
    begin_write()
    yield
    db.session.commit()
    end_write()


@contextmanager
def _workspace(rendition_id: int) -> Iterator[Path]:
    """Give a folder that is gone afterwards; its lock says that its worker is alive."""
    folder = _work_folder() / f"{rendition_id}-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    with (folder / _LOCK).open("wb") as lock:
        _hold(lock)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _hold(lock: BinaryIO) -> None:
    fcntl.flock(lock, fcntl.LOCK_EX)


def _work_folder() -> Path:
    folder = Path(str(current_app.config["LMS_DATA_DIR"])) / "transcoding"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.absolute()


def _note_pid(folder: Path, pid: int) -> None:
    (folder / _PID).write_text(str(pid))


def _end_orphan(folder: Path) -> None:
    """End the ffmpeg that a killed worker left running, once it is certain that it is that one."""
    with suppress(OSError, ValueError):
        pid = int((folder / _PID).read_text())
        if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)

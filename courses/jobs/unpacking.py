"""Large packages become files that can be served."""

from courses.queries.packages import list_to_unpack
from courses.services.packages.unpacking import UNPACK, note_unpacked, unpack_kept
from lms.core.db import begin_write, db, end_write
from lms.core.jobs import job


@job(UNPACK)
def unpack_waiting() -> int:
    """Unpack every package that waits; return how many. Killed, it goes on where it was."""
    waiting = list_to_unpack()
    for sha256 in waiting:
        db.session.rollback()  # nothing is held while files are written
        fault = unpack_kept(sha256)
        begin_write()
        note_unpacked(sha256, fault)
        db.session.commit()
        end_write()
    return len(waiting)

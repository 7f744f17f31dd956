"""What is swept away once it no longer counts."""

from lms.core.db import begin_write, db
from lms.core.jobs import job
from lms.core.sessions import delete_expired
from lms.people.services.sign_in import delete_old_failures


@job("people.sign_in.sweep")
def sweep() -> int:
    """Delete sessions that are over and failed tries that no longer count."""
    begin_write()
    swept = delete_expired() + delete_old_failures()
    db.session.commit()
    return swept

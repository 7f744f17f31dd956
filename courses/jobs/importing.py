"""What trainers brought is read, becomes courses, and is forgotten when nobody needs it.

Each of the three may be killed anywhere and run again.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError

from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.packed import PackedCourse
from courses.formats.recognising import read_any
from courses.models import Import
from courses.queries.imports import list_expired, list_open_ids
from courses.services import imports, uploads
from lms.core.archives import ArchiveError
from lms.core.db import begin_write, db, end_write
from lms.core.errors import Refused
from lms.core.jobs import job
from lms.core.scanning import NotScanned, is_infected

log = logging.getLogger(__name__)


@job(imports.READ)
def read_waiting() -> int:
    """Read every file that waits, one after the other; return how many."""
    return _work_through("waiting", read_one)


@job(imports.APPLY)
def apply_waiting() -> int:
    """Make courses of what waits for it; return how many."""
    return _work_through("applying", apply_one)


@job(imports.FORGET)
def forget_uploads() -> int:
    """Throw away what nobody needs any more; return how many uploads.

    The bytes go first: whoever is killed in between finds the rows again.
    """
    begin_write()
    imports.forget_old()
    db.session.commit()
    end_write()
    expired = list_expired()
    for upload_id, token in expired:
        db.session.rollback()
        uploads.drop_bytes(token)
        begin_write()
        uploads.drop_rows(upload_id)
        db.session.commit()
        end_write()
    return len(expired)


def read_one(import_id: int) -> bool:
    """Read the file of one import and note what it holds, or why not; False: nothing to do."""
    claim = _claim(import_id, "waiting")
    if claim is None:
        return False
    with _giving_back(claim):
        key, packed = _read(claim)
        _note(claim, partial(imports.note_preview, key=key, packed=packed))
    return True


def apply_one(import_id: int) -> bool:
    """Make one import's course, or note why not; False: nothing to do."""
    claim = _claim(import_id, "applying")
    if claim is None:
        return False
    with _giving_back(claim):
        _key, packed = _read(claim)
        # Before the transaction: nobody else can write to SQLite while that is open.
        for number in imports.store_content(packed):
            _note(claim, partial(imports.note_progress, claim=claim, done=number))
        _note(claim, partial(imports.apply, packed=packed))
    return True


def _work_through(state: str, work: Callable[[int], bool]) -> int:
    """Do each that waits in a state; one that fails does not keep the others waiting."""
    done = 0
    for import_id in list_open_ids(state):
        try:
            done += work(import_id)
        except Exception:
            log.exception("import %s has to wait for another try", import_id)
            db.session.rollback()
    return done


def _claim(import_id: int, state: str) -> imports.Claim | None:
    begin_write()
    claim = imports.claim(import_id, state)
    db.session.commit()
    end_write()
    return claim


def _read(claim: imports.Claim) -> tuple[str, PackedCourse]:
    """Return the format and the content of a file. No transaction is open meanwhile."""
    brought = imports.open_file(claim.import_id)
    db.session.rollback()
    if is_infected(brought.file):
        raise UnreadableCourse([Fault("virus")])
    one, packed = read_any(brought)
    return one.KEY, packed


def _note(claim: imports.Claim, change: Callable[[Import], object]) -> bool:
    """Change the import in one transaction; tell whether the claim still held."""
    begin_write()
    found = imports.find_claimed(claim)
    if found is not None:
        change(found)
    db.session.commit()
    end_write()
    return found is not None


@contextmanager
def _giving_back(claim: imports.Claim) -> Iterator[None]:
    """Turn what goes wrong into its sentence; what may pass by itself is left to another try."""
    try:
        yield
    except Refused as refusal:
        db.session.rollback()
        _note(claim, partial(imports.put_off, sentence=refusal.message))
    except UnreadableCourse as error:
        _note(claim, partial(imports.refuse, faults=error.faults))
    except NotScanned:
        log.exception("import %s could not be scanned", claim.import_id)
        _note(claim, partial(imports.refuse, faults=[Fault("not_scanned")]))
    except ArchiveError as error:
        db.session.rollback()
        _note(claim, partial(imports.refuse, faults=[Fault(error.code, error.entry)]))
    except (OSError, SQLAlchemyError, BaseError):
        db.session.rollback()
        _note(claim, imports.give_back)
        raise
    except Exception:
        # A reader that fails in a way of its own fails each time: nobody is to wait for it.
        log.exception("import %s could not be read", claim.import_id)
        db.session.rollback()
        _note(claim, partial(imports.refuse, faults=[Fault("not_read")]))

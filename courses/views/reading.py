"""Small files are read, and applied, while their owner waits; others wait for the worker."""

import logging
from collections.abc import Callable

from courses.jobs import importing
from courses.services import imports
from lms.core.db import db, end_write

log = logging.getLogger(__name__)


def read_at_once(import_id: int, size: int) -> None:
    """Read the file of an import when it is small. What fails is left to the worker."""
    _run(importing.read_one, import_id, size)


def apply_at_once(import_id: int, size: int) -> None:
    """Make the course of an import when its file is small. What fails is left to the worker."""
    _run(importing.apply_one, import_id, size)


def _run(work: Callable[[int], bool], import_id: int, size: int) -> None:
    if size > imports.AT_ONCE:
        return
    try:
        work(import_id)
    except Exception:
        log.exception("import %s is left to the worker", import_id)
        db.session.rollback()
        end_write()

"""A package's zip becomes files that can be served one by one."""

from typing import BinaryIO

from sqlalchemy import select

from courses.files import storage_key
from courses.models import Package
from courses.queries.packages import file_key, find_package
from lms.core import jobs, storage
from lms.core.archives import PACKAGE_LIMITS, Archive, ArchiveError, open_archive
from lms.core.clock import now
from lms.core.db import db, insert

#: Unpacked bytes that are worth a moment's wait; more is left to the worker.
AT_ONCE = 32 * 1024**2

UNPACK = "courses.unpack"


def keep_package(file: BinaryIO, sha256: str) -> Package:
    """Note a package, and unpack it when it is small; the worker does it else.

    The zip itself lies in the storage under ``storage_key(sha256)``. A package that is
    there already costs nothing. Raises ArchiveError when it is none or is damaged.
    """
    known = find_package(sha256)
    if known is not None and known.fault is None:
        return known
    archive = open_archive(file, PACKAGE_LIMITS)
    sizes = {name: archive.size(name) for name in sorted(archive)}
    values = {"sha256": sha256, "files": sizes, "created_at": now()}
    # Two imports of the same package at once keep one row.
    statement = insert(Package.__table__).values(values).on_conflict_do_nothing()
    db.session.execute(statement)
    package = db.session.scalars(select(Package).where(Package.sha256 == sha256)).one()
    if archive.total_bytes <= AT_ONCE:
        unpack(archive, sha256)
        package.unpacked_at, package.fault = now(), None
        db.session.flush()
    else:
        jobs.ring(UNPACK)
    return package


def unpack(archive: Archive, sha256: str) -> None:
    """Put each file of a package into the storage; what is there already is passed over.

    Every file comes whole or not at all, so it may be stopped anywhere and run again.
    Raises ArchiveError on a damaged entry.
    """
    for name in archive:
        key = file_key(sha256, name)
        if not _is_there(key, archive.size(name)):
            with archive.open(name) as stream:
                storage.put_file(key, stream)


def unpack_kept(sha256: str) -> str | None:
    """Unpack a package from its zip in the storage; return what is wrong with it, if anything."""
    try:
        with storage.open_file(storage_key(sha256)) as file:
            unpack(open_archive(file, PACKAGE_LIMITS), sha256)
    except ArchiveError as error:
        return error.code
    except FileNotFoundError:
        return "truncated"
    return None


def note_unpacked(sha256: str, fault: str | None) -> None:
    """Note that a package can be served, or why it never will. The caller commits."""
    package = find_package(sha256)
    if package is not None:
        package.fault = fault
        package.unpacked_at = None if fault else now()


def _is_there(key: str, size: int) -> bool:
    try:
        return storage.size(key) == size
    except FileNotFoundError:
        return False

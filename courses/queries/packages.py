"""Reads of packages: their files, and what a learner did in them."""

import hashlib
from collections.abc import Mapping

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from courses.models import Media, Package, PackageAttempt
from lms.core.db import db

#: Packages whose lists of files are kept in memory: each may hold ten thousand names.
PACKAGES_KEPT = 16

_kept: dict[str, "PackageFiles"] = {}


class PackageFiles:
    """The files of one unpacked package, which never change."""

    def __init__(self, sha256: str, sizes: Mapping[str, int]) -> None:
        self._sha256 = sha256
        self._sizes = sizes
        # Packages are made on systems that do not tell A from a, and then name them so.
        self._folded = {name.casefold(): name for name in sizes}

    def real_name(self, name: str) -> str:
        """Return a file's name as the package spells it. Raises NotFound."""
        if name in self._sizes:
            return name
        found = self._folded.get(name.casefold())
        if found is None:
            raise NotFound
        return found

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        return self._sizes[name]

    def key(self, name: str) -> str:
        """Return where a file is kept."""
        return file_key(self._sha256, name)


def file_key(sha256: str, name: str) -> str:
    """Return where a package's file is kept: names may be longer than disks allow."""
    return f"packages/{sha256}/{hashlib.sha256(name.encode()).hexdigest()}"


def find_package(sha256: str) -> Package | None:
    """Return the package with this SHA-256 of its zip."""
    return db.session.scalar(select(Package).where(Package.sha256 == sha256))


def find_files(sha256: str) -> PackageFiles | None:
    """Return the files of a package, once it is unpacked."""
    files = _kept.get(sha256)
    if files is None:
        query = select(Package.files).where(
            Package.sha256 == sha256, Package.unpacked_at.is_not(None)
        )
        sizes = db.session.scalar(query)
        if sizes is None:
            return None
        if len(_kept) >= PACKAGES_KEPT:
            _kept.clear()
        files = _kept[sha256] = PackageFiles(sha256, sizes)
    return files


def list_to_unpack() -> list[str]:
    """Return the hashes of packages that wait to be unpacked, oldest first."""
    query = select(Package.sha256).where(Package.unpacked_at.is_(None), Package.fault.is_(None))
    return list(db.session.scalars(query.order_by(Package.id)))


def find_package_of(revision_id: int, name: str) -> Package | None:
    """Return the package that a revision holds under a name, like packages/x.zip."""
    query = (
        select(Package)
        .join(Media, Media.sha256 == Package.sha256)
        .where(Media.revision_id == revision_id, Media.name == name)
    )
    return db.session.scalar(query)


def find_attempt(enrolment_id: int, lesson_id: int) -> PackageAttempt | None:
    """Return the newest attempt of an enrolment at a package lesson."""
    query = (
        select(PackageAttempt)
        .where(PackageAttempt.enrolment_id == enrolment_id, PackageAttempt.lesson_id == lesson_id)
        .order_by(PackageAttempt.number.desc())
    )
    return db.session.scalar(query.limit(1))

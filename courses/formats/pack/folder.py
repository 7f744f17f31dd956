"""A folder on disk, read like a checked zip: names to bytes, links refused."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from lms.core.archives import JUNK, LIMITS, ArchiveError


class Folder(Mapping[str, bytes]):
    """The files under a folder by their names in it. Raises ArchiveError on links and floods."""

    def __init__(self, folder: Path) -> None:
        self._paths: dict[str, Path] = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                raise ArchiveError("link", name)
            if path.is_file() and JUNK.isdisjoint(name.split("/")):
                self._paths[name] = path
            if len(self._paths) > LIMITS.files:
                raise ArchiveError("too_many_files")

    def __getitem__(self, name: str) -> bytes:
        """Return the bytes of one file. Raises KeyError."""
        return self._paths[name].read_bytes()

    def open(self, name: str) -> BinaryIO:
        """Return one file as a stream. Raises KeyError."""
        return self._paths[name].open("rb")

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        return self._paths[name].stat().st_size

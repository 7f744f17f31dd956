"""A file as a trainer brings it: looked at by its content, never by its name."""

import io
from functools import cached_property
from typing import BinaryIO

from lms.core.archives import PACKAGE_LIMITS, Archive, ArchiveError, open_archive

HEAD_BYTES = 8192


class Brought:
    """A file that can be sought in, and the name it came under."""

    def __init__(self, file: BinaryIO, filename: str) -> None:
        self.file = file
        #: For titles only; it says nothing about what the file is.
        self.filename = filename

    @cached_property
    def head(self) -> bytes:
        """Return the first bytes."""
        self.file.seek(0)
        return self.file.read(HEAD_BYTES)

    @cached_property
    def size(self) -> int:
        """Return how many bytes the file has."""
        return self.file.seek(0, 2)

    @cached_property
    def archive(self) -> Archive | None:
        """Return the files of a zip; None when it is no zip. Raises ArchiveError."""
        try:
            return open_archive(self.file, PACKAGE_LIMITS)
        except ArchiveError as error:
            if error.code == "not_a_zip":
                return None
            raise

    def has(self, *names: str) -> bool:
        """Tell whether it is a zip that holds every one of these files."""
        return self.archive is not None and all(name in self.archive for name in names)

    def all_bytes(self) -> bytes:
        """Return the whole content: for formats whose size was looked at first."""
        self.file.seek(0)
        return self.file.read()

    def open(self) -> BinaryIO:
        """Return the content from its beginning; closing it leaves the brought file open."""
        return io.BufferedReader(_Borrowed(self.file))


class _Borrowed(io.RawIOBase):
    """A file read through another one that belongs to someone else."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset, whence = offset + self._at, io.SEEK_SET
        self._at = self._file.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

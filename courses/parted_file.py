"""One file that lies in the storage in several parts."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lms.core import storage


def open_parts(parts: Sequence["Part"], size: int) -> BinaryIO:
    """Return the whole as one file to be read and sought in; its parts stay where they are.

    ``parts`` follow one another from 0 to ``size``, in bytes.
    """
    return io.BufferedReader(_Parts(parts, size), storage.BLOCK // 4)


@dataclass(frozen=True)
class Part:
    """A kept part of a file."""

    start: int
    size: int
    key: str

    @property
    def end(self) -> int:
        """Return the place after its last byte."""
        return self.start + self.size


class _Parts(io.RawIOBase):
    """One file over its parts; one part is open at a time."""

    def __init__(self, parts: Sequence[Part], size: int) -> None:
        self._parts, self._size = parts, size
        self._at = 0
        self._part: Part | None = None
        self._file: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError(offset)
        self._at = origin + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = self._turn_to(self._at)
        if part is None or self._file is None:
            return 0
        self._file.seek(self._at - part.start)
        data = self._file.read(min(len(buffer), part.end - self._at))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()

    def _turn_to(self, place: int) -> Part | None:
        """Open the part that holds a place in the file; None at the end."""
        if self._part is None or not self._part.start <= place < self._part.end:
            self._part = next((p for p in self._parts if p.start <= place < p.end), None)
            if self._file is not None:
                self._file.close()
            self._file = None if self._part is None else storage.open_file(self._part.key)
        return self._part

"""Zips that carry a course away: the same course gives the same bytes, large files are streamed."""

import zipfile
from types import TracebackType
from typing import BinaryIO, Self

from courses.formats.packed import PackedFile

#: The oldest moment a zip can name.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644
_BLOCK = 1024**2
#: Already packed: deflating them again costs time and gains nothing.
_STORED = ("video/", "audio/", "image/png", "image/jpeg", "image/webp", "application/zip")


class ZipWriter:
    """A zip while it is written; used in a ``with``."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def add(self, name: str, data: bytes | str, content_type: str = "") -> None:
        """Write a small file."""
        content = data.encode() if isinstance(data, str) else data
        self._zip.writestr(_entry(name, content_type), content)

    def add_file(self, name: str, file: PackedFile) -> None:
        """Write a large file, block by block."""
        entry = _entry(name, file.content_type)
        entry.file_size = file.size
        with file.open() as source, self._zip.open(entry, "w") as target:
            while block := source.read(_BLOCK):
                target.write(block)


def _entry(name: str, content_type: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.external_attr = _MODE << 16
    entry.create_system = 3
    is_packed = content_type.startswith(_STORED)
    entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    return entry

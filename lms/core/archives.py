"""The one unzipper: a zip that people send, read without trusting a word in it.

Nothing is written to disk. The archive is a mapping of names to bytes, each entry read
when it is asked for, whole or as a stream; whatever could lead outside, fill the memory
or hide something is refused when the archive is opened, before any of it is unpacked.
"""

import contextlib
import io
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, BinaryIO

from lms.core.text import N_


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold once unpacked."""

    files: int = 2000
    total_bytes: int = 200 * 1024**2
    #: Unpacked bytes for each packed one, asked only of entries and archives above the floor:
    #: a short text that repeats itself is no bomb.
    ratio: int = 100
    ratio_floor: int = 1024**2
    #: Folders within folders, the file included.
    depth: int = 10
    name_length: int = 200


LIMITS = Limits()
#: Packages with videos in them: their entries are only ever read one by one, as streams.
PACKAGE_LIMITS = Limits(files=10_000, total_bytes=4 * 1024**3, depth=20, name_length=400)

#: What people read for each code; the entry's name stands before it.
MESSAGES = {
    "not_a_zip": N_("The file is not a zip file."),
    "truncated": N_("The zip file was cut short on its way. Please send it again."),
    "damaged": N_("The entry is damaged. Please pack the folder again."),
    "encrypted": N_("The entry is protected by a password. Please pack the folder without one."),
    "method": N_("The entry is packed in an unusual way. Please pack the folder as a plain zip."),
    "absolute": N_("The name begins at the root of a disk. Pack one folder, nothing outside it."),
    "drive": N_("The name begins with a drive letter. Pack one folder, nothing outside it."),
    "parent": N_("The name leads out of the folder. Pack one folder, nothing outside it."),
    "backslash": N_("The name holds a backslash. Please pack the folder with another program."),
    "name": N_("The name is empty, too long or holds signs that no file name has."),
    "link": N_("The entry is a link, not a file. Put the file itself in its place."),
    "twice": N_("The name stands twice in the zip file."),
    "too_many_files": N_("The zip file holds too many files."),
    "too_deep": N_("The folders lie too deep in one another."),
    "too_large": N_("The zip file is too large once unpacked."),
    "ratio": N_("The entry grows far too much when unpacked. Such files are refused."),
}

#: What macOS and Windows leave behind.
JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}

_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FIRST_BYTES = b"PK\x03\x04"
#: The mark of an entry in the list at the end.
_ENTRY = b"PK\x01\x02"
#: Bytes of one entry in that list, with a long name; how many are looked at in one go.
_LONGEST_ENTRY = 1024
_BLOCK = 1024**2


class ArchiveError(Exception):
    """An archive that is not opened: ``code`` is a key of MESSAGES, ``entry`` a name or ""."""

    def __init__(self, code: str, entry: str = "") -> None:
        super().__init__(code, entry)
        self.code = code
        self.entry = entry


class Archive(Mapping[str, bytes]):
    """The files of a checked zip by their names, ``/`` between folders, NFC."""

    def __init__(
        self, file: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], top: str = ""
    ) -> None:
        self._file = file
        self._entries = {name.removeprefix(top): entry for name, entry in entries.items()}
        #: The folder that was taken off every name, like ``course/``.
        self.top = top

    def __getitem__(self, name: str) -> bytes:
        """Return the bytes of one file. Raises KeyError, and ArchiveError when it is damaged."""
        entry = self._entries[name]
        try:
            # zipfile stops at the size that was checked and compares the checksum.
            return self._file.read(entry)
        except Exception as error:
            # zipfile fails in many ways on bad bytes.
            raise ArchiveError("damaged", name) from error

    def open(self, name: str) -> BinaryIO:
        """Return one file as a stream. Raises KeyError, and ArchiveError when it is damaged.

        Reading it raises ArchiveError as well, when the damage lies further in.
        """
        entry = self._entries[name]
        try:
            return io.BufferedReader(_EntryStream(self._file.open(entry), name))
        except Exception as error:
            raise ArchiveError("damaged", name) from error

    def __contains__(self, name: object) -> bool:
        # A mapping would unpack the whole file to tell.
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def size(self, name: str) -> int:
        """Return how many bytes a file has, without unpacking it."""
        return self._entries[name].file_size

    @property
    def total_bytes(self) -> int:
        """Return how many bytes all files have together, unpacked."""
        return sum(entry.file_size for entry in self._entries.values())


class _EntryStream(io.RawIOBase):
    """An entry while it is unpacked; whatever zipfile finds wrong is an ArchiveError."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except Exception as error:
            raise ArchiveError("damaged", self._name) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def open_archive(source: bytes | BinaryIO, limits: Limits = LIMITS, marker: str = "") -> Archive:
    """Return the files of a zip, given whole or as a file that can be sought in.

    Raises ArchiveError, naming the entry at fault.

    People often zip the folder instead of its content: when ``marker`` (like
    ``course.yml``) is not at the top but inside the one folder that holds everything,
    the names are given from there.
    """
    file = _open(io.BytesIO(source) if isinstance(source, bytes) else source, limits)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in file.infolist():
        name = _safe_name(entry, limits)
        if _is_junk(name):
            continue
        _check_kind(entry, name)
        if entry.is_dir():
            continue
        if name in entries:
            raise ArchiveError("twice", name)
        entries[name] = entry
    _check_size(file, entries, limits)
    return Archive(file, entries, _find_top(entries, marker))


def _open(source: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    source.seek(0)
    if source.read(len(_FIRST_BYTES)) != _FIRST_BYTES:
        raise ArchiveError("not_a_zip")
    # Counted before zipfile makes an object of each; twice, since a stored zip holds marks too.
    if _count_marks(source, 2 * limits.files) > 2 * limits.files:
        raise ArchiveError("too_many_files")
    try:
        return zipfile.ZipFile(source)
    except Exception as error:
        # The list of entries stands at the end: what begins well and lacks it was cut.
        raise ArchiveError("truncated") from error


def _count_marks(source: BinaryIO, most: int) -> int:
    """Count the marks of entries from the end backwards, until there are more than ``most``."""
    place = source.seek(0, io.SEEK_END)
    count = 0
    after = b""
    # The list of entries lies at the end; so many marks of 46 bytes and a name fit in less.
    floor = max(0, place - (most + 1) * _LONGEST_ENTRY)
    while place > floor and count <= most:
        start = max(floor, place - _BLOCK)
        source.seek(start)
        block = source.read(place - start)
        count += (block + after[: len(_ENTRY) - 1]).count(_ENTRY)
        after, place = block, start
    return count


def _safe_name(entry: zipfile.ZipInfo, limits: Limits) -> str:
    """Return the entry's name, or refuse one that could lead anywhere else."""
    # zipfile cuts a name at NUL and turns the system's separators: look at the original.
    name = _decode(entry)
    if name.startswith("/"):
        raise ArchiveError("absolute", name)
    if _DRIVE.match(name):
        raise ArchiveError("drive", name)
    if "\\" in name:
        raise ArchiveError("backslash", name)
    parts = name.rstrip("/").split("/")
    if ".." in parts:
        raise ArchiveError("parent", name)
    if len(name) > limits.name_length or any(p in ("", ".") or not p.isprintable() for p in parts):
        raise ArchiveError("name", "".join(c for c in name if c.isprintable())[:80])
    if len(parts) > limits.depth:
        raise ArchiveError("too_deep", name)
    return name


def _decode(entry: zipfile.ZipInfo) -> str:
    """Return the name; older programs write UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        # What does not decode was what zip has always called cp437.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)


def _is_junk(name: str) -> bool:
    return not JUNK.isdisjoint(name.rstrip("/").split("/"))


def _check_kind(entry: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError("link", name)
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise ArchiveError("encrypted", name)
    if entry.compress_type not in _METHODS:
        raise ArchiveError("method", name)


def _check_size(
    file: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], limits: Limits
) -> None:
    # Folders count too: they cost a row each in the list of entries.
    if len(file.infolist()) > limits.files:
        raise ArchiveError("too_many_files")
    for name, entry in entries.items():
        packed = max(entry.compress_size, 1)
        if entry.file_size > limits.ratio_floor and entry.file_size / packed > limits.ratio:
            raise ArchiveError("ratio", name)
    if sum(entry.file_size for entry in entries.values()) > limits.total_bytes:
        raise ArchiveError("too_large")


def _find_top(names: Iterable[str], marker: str) -> str:
    """Return the one folder that holds everything when the marker lies in it, else ""."""
    names = list(names)
    tops = {name.partition("/")[0] for name in names}
    if not marker or marker in names or len(tops) != 1:
        return ""
    top = f"{tops.pop()}/"
    return top if f"{top}{marker}" in names else ""

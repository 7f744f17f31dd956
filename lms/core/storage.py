"""Files: on the local disk or in S3, chosen by LMS_STORAGE_URL."""

import hashlib
import io
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO
from urllib.parse import urlsplit

from flask import Flask, current_app
from obstore import open_writer
from obstore.store import LocalStore, S3Store

Store = LocalStore | S3Store

#: Bytes that are held at once while a file goes in or out.
BLOCK = 1024**2
#: What nobody has written to for so long is not being written.
UNFINISHED_SECONDS = 3600
#: Bytes of a part on its way to S3, which takes none smaller than 5 MB.
PART = 8 * BLOCK

_UNFINISHED = re.compile(r"#\d+$")


def init_app(app: Flask) -> None:
    """Open the store; it is contacted at its first use."""
    app.extensions["storage"] = _open_store(str(app.config["LMS_STORAGE_URL"]))


def put(key: str, data: bytes) -> str:
    """Keep the bytes under the key, whole or not at all; return their SHA-256."""
    _store().put(key, data)
    return hashlib.sha256(data).hexdigest()


def put_file(key: str, stream: IO[bytes]) -> str:
    """Keep what is left in the stream under the key; return its SHA-256.

    It is kept whole or not at all: whatever stops the reading leaves under the key what
    was there before. One block is held in memory, however large the file is.
    """
    digest = hashlib.sha256()
    # Written block by block from here: the store's own loop could not read a stream that
    # itself lies in the store. One part at a time, since parts on their way are held in memory.
    writer = open_writer(_store(), key, buffer_size=PART, max_concurrency=1)
    try:
        while block := stream.read(BLOCK):
            digest.update(block)
            writer.write(block)
    except BaseException:
        del writer  # never closed, so nothing of it is kept
        raise
    writer.close()
    return digest.hexdigest()


def get(key: str) -> bytes:
    """Return the bytes kept under the key. Raises FileNotFoundError."""
    return bytes(_store().get(key).bytes())


def size(key: str) -> int:
    """Return how many bytes are kept under the key. Raises FileNotFoundError."""
    return int(_store().head(key)["size"])


def open_range(key: str, start: int, end: int) -> Iterator[bytes]:
    """Return the bytes from ``start`` up to ``end`` in blocks. Raises FileNotFoundError.

    The file is looked up at once, so that an answer can still become a 404; the blocks
    are read as they are asked for, with or without an application context.
    """
    if start >= end:
        size(key)
        return iter(())
    stream = _store().get(key, options={"range": (start, end)}).stream(min_chunk_size=BLOCK // 4)
    return (bytes(block) for block in stream)


def open_file(key: str) -> BinaryIO:
    """Return what is kept under the key as a file to be read and sought in.

    Raises FileNotFoundError.
    """
    return io.BufferedReader(_StoredFile(_store(), key, size(key)), BLOCK // 4)


def local_path(key: str) -> Path | None:
    """Return where the file lies on this machine; None when it is kept elsewhere."""
    store = _store()
    if not isinstance(store, LocalStore) or store.prefix is None:
        return None
    return Path(store.prefix) / key


def exists(key: str) -> bool:
    """Tell whether something is kept under the key."""
    try:
        _store().head(key)
    except FileNotFoundError:
        return False
    return True


def delete(key: str) -> None:
    """Delete what is kept under the key, if anything."""
    if exists(key):
        _store().delete(key)


def delete_all(folder: str) -> None:
    """Delete everything that is kept under keys that begin with the folder, like ``uploads/x/``."""
    path = local_path(folder)
    if path is not None:
        # With what a killed process left half written, which the store does not list.
        shutil.rmtree(path, ignore_errors=True)
        return
    keys = [kept["path"] for batch in _store().list(folder.rstrip("/")) for kept in batch]
    for key in keys:
        delete(key)


def sweep_unfinished() -> int:
    """Delete what processes that were killed had begun to keep; return how many files.

    On a disk only: S3 has a rule for that (abort incomplete uploads after a day).
    """
    store = _store()
    if not isinstance(store, LocalStore) or store.prefix is None:
        return 0
    before, swept = time.time() - UNFINISHED_SECONDS, 0
    for path in Path(store.prefix).rglob("*#*"):
        # The store writes into name#1 and renames it; it takes no such name from us.
        if path.is_file() and _UNFINISHED.search(path.name) and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def is_reachable() -> bool:
    """Tell whether the store answers."""
    try:
        exists("health")
    except Exception:  # noqa: BLE001 - whatever the store's client raises means the same here
        return False
    return True


class _StoredFile(io.RawIOBase):
    """A kept file, each reading of which asks the store for one range."""

    def __init__(self, store: Store, key: str, length: int) -> None:
        self._store, self._key, self._length = store, key, length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        if origin + offset < 0:
            raise ValueError(offset)
        self._at = origin + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        end = min(self._at + len(buffer), self._length)
        if end <= self._at:
            return 0
        data = bytes(self._store.get_range(self._key, start=self._at, end=end))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _store() -> Store:
    store: Store = current_app.extensions["storage"]
    return store


def _open_store(url: str) -> Store:
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return S3Store(parts.netloc, prefix=parts.path.strip("/") or None)
    folder = Path(parts.path)
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)

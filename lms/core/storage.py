"""Files: on the local disk or in S3, chosen by LMS_STORAGE_URL."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app
from obstore.store import LocalStore, S3Store

Store = LocalStore | S3Store


def init_app(app: Flask) -> None:
    """Open the store; it is contacted at its first use."""
    app.extensions["storage"] = _open_store(str(app.config["LMS_STORAGE_URL"]))


def put(key: str, data: bytes) -> str:
    """Keep the bytes under the key, whole or not at all; return their SHA-256."""
    _store().put(key, data)
    return hashlib.sha256(data).hexdigest()


def get(key: str) -> bytes:
    """Return the bytes kept under the key. Raises FileNotFoundError."""
    return bytes(_store().get(key).bytes())


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


def is_reachable() -> bool:
    """Tell whether the store answers."""
    try:
        exists("health")
    except Exception:  # noqa: BLE001 - whatever the store's client raises means the same here
        return False
    return True


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

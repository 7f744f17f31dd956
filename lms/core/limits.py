"""Limits on how often an address may ask what can be guessed at."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

#: Nothing is limited unless its view says so. Counts live in Redis when it is there.
limiter = Limiter(get_remote_address, headers_enabled=False)


def init_app(app: Flask) -> None:
    """Count in the storage of RATELIMIT_STORAGE_URI."""
    limiter.init_app(app)

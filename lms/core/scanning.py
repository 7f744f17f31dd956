"""The virus scanner of the installation, when it has one: clamd, asked over a socket."""

import contextlib
import socket
import struct
from typing import BinaryIO

from flask import current_app

#: Bytes that are sent at once, and seconds that the scanner may be silent.
BLOCK = 256 * 1024
PATIENCE = 120
_LONGEST_REPLY = 4096


class NotScanned(Exception):
    """The scanner answered that it could not look at the file, which may be too large for it."""


def is_infected(stream: BinaryIO) -> bool:
    """Tell whether the scanner finds a virus in the stream, read from its beginning.

    Without LMS_VIRUS_SCANNER nothing is found. Raises NotScanned, and OSError when the
    scanner cannot be reached. The protocol is clamd's INSTREAM: lengths of four bytes, each
    before its block, the last one 0.
    """
    address = str(current_app.config["LMS_VIRUS_SCANNER"])
    if not address:
        return False
    stream.seek(0)
    with _connect(address) as scanner:
        # One that has had enough closes, and says why.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _send(scanner, stream)
        reply = scanner.recv(_LONGEST_REPLY).rstrip(b"\0\n")
    if reply.endswith(b"OK"):
        return False
    if reply.endswith(b"FOUND"):
        return True
    raise NotScanned(reply)


def _send(scanner: socket.socket, stream: BinaryIO) -> None:
    scanner.sendall(b"zINSTREAM\0")
    while block := stream.read(BLOCK):
        scanner.sendall(struct.pack("!I", len(block)) + block)
    scanner.sendall(struct.pack("!I", 0))


def _connect(address: str) -> socket.socket:
    """Open ``/run/clamav/clamd.sock`` or ``host:port``."""
    if address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(PATIENCE)
        try:
            scanner.connect(address)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)

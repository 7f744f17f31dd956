"""Recognises a table by its content, never by its name, and reads it."""

from lms.core.tables.separated import read_separated
from lms.core.tables.table import MAX_BYTES, Table, TableError
from lms.core.tables.workbook import read_ole, read_zip

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(data: bytes, filename: str = "", sheet: str | None = None) -> Table:
    """Read the first visible sheet that holds data, or the sheet of that name.

    ``filename`` names the sheet of a CSV file, nothing more. Raises TableError, and
    nothing else whatever the bytes are.
    """
    if len(data) > MAX_BYTES:
        raise TableError("too_large")
    if data.startswith(_ZIP):
        return read_zip(data, sheet)
    if data.startswith(_OLE):
        return read_ole(data, sheet)
    return read_separated(data, filename)

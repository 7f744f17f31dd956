"""By what a Common Cartridge is told from the other packages that have an imsmanifest.xml."""

import re

from courses.formats.brought import Brought
from courses.formats.manifest import FILE
from courses.formats.unpacking import find_root

#: The manifest begins with its namespaces and the name of its schema.
_HEAD_BYTES = 16 * 1024
_MARKS = re.compile(rb"xsd/imscc|<schema>\s*IMS (Thin )?(Common )?Cartridge", re.IGNORECASE)


def is_cartridge(brought: Brought) -> bool:
    """Tell whether the manifest is a Common Cartridge's. Raises ArchiveError."""
    root = find_root(brought, FILE)
    if root is None or brought.archive is None:
        return False
    with brought.archive.open(root + FILE) as stream:
        # UTF-16 puts a zero beside each letter.
        head = stream.read(_HEAD_BYTES).replace(b"\0", b"")
    return _MARKS.search(head) is not None

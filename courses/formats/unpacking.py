"""What the packages of other systems share: a checked zip whose names forgive what people do."""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from lms.core.archives import Archive, ArchiveError
from lms.core.text import clean
from lms.core.xml import XmlError, parse_xml

MAX_XML_BYTES = 10 * 1024**2
#: Programs of an operating system: nothing that a lesson needs, and a trap for who gets them.
PROGRAMS = frozenset(
    """
    apk app bat cmd com cpl dll dmg exe gadget hta jar lnk msi msp pif ps1 reg scr sh
    vb vbe vbs ws wsf wsh
    """.split()  # noqa: SIM905 - thirty quoted words would be harder to read
)
_CHARSET = re.compile(rb"charset=[\"']?\s*([A-Za-z0-9_-]{2,30})")
#: Letters of a path that stay as they are in an address.
_PATH = "/~!$&'()*+,;=:@-._"


class Unpacked:
    """A package seen from the folder that holds its manifest; names are those in the zip."""

    def __init__(self, archive: Archive, root: str) -> None:
        self.archive = archive
        #: "" or, where the whole folder was packed, its name with a slash.
        self.root = root

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.archive}

    def find(self, reference: str) -> str | None:
        """Return the name of the file that a relative address means; None when it is not there.

        Accepts %-encoded and plain names, backslashes and other capitals: packages are made
        on systems where all of these mean the same file.
        """
        for path in dict.fromkeys((reference, unquote(reference))):
            plain = unicodedata.normalize("NFC", path.replace("\\", "/")).lstrip("/")
            name = posixpath.normpath(self.root + plain)
            found = name if name in self.archive else self._folded.get(name.casefold())
            if found is not None and found.startswith(self.root):
                return found
        return None

    def xml(self, name: str) -> Any:
        """Return the root element of an XML file. Raises UnreadableCourse."""
        if self.archive.size(name) > MAX_XML_BYTES:
            limit = {"limit": MAX_XML_BYTES // 1024**2}
            raise UnreadableCourse([Fault("xml_too_large", name, values=limit)])
        try:
            return parse_xml(self.archive[name], MAX_XML_BYTES)
        except XmlError as error:
            raise UnreadableCourse(
                [Fault(error.code, name, error.line, values=error.values)]
            ) from None

    def text(self, name: str, limit: int) -> str | None:
        """Return a text file; None when it is larger than ``limit`` bytes."""
        if self.archive.size(name) > limit:
            return None
        return decode(self.archive[name])

    def refuse_programs(self) -> None:
        """Raise UnreadableCourse when a program of an operating system is among the files."""
        programs = [name for name in self.archive if ending(name) in PROGRAMS]
        if programs:
            raise UnreadableCourse([Fault("package_program", name) for name in programs[:20]])


def find_root(brought: Brought, name: str) -> str | None:
    """Return the folder that holds a file: "" or the one that was packed whole; else None."""
    archive = brought.archive
    if archive is None or name in archive:
        return None if archive is None else ""
    tops = {entry.partition("/")[0] for entry in archive}
    top = f"{tops.pop()}/" if len(tops) == 1 else ""
    return top if top and f"{top}{name}" in archive else None


def decode(data: bytes) -> str:
    """Return a text in the encoding that its marks or its head say, UTF-8 before all others."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _CHARSET.search(data[:2048])
    with suppress(LookupError):
        return data.decode(said[1].decode() if said else "windows-1252", "replace")
    return data.decode("utf-8", "replace")


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Turn what the unzipper finds wrong into UnreadableCourse."""
    try:
        yield
    except ArchiveError as error:
        raise UnreadableCourse([Fault(error.code, error.entry)]) from None


def ending(name: str) -> str:
    """Return what stands after a name's last dot, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def write_path(name: str) -> str:
    """Return a file's name as the path of an address."""
    return quote(name, safe=_PATH)


def write_tail(text: str) -> str:
    """Return the query and fragment of an address; what is %-encoded already stays."""
    return quote(text, safe=_PATH + "?#%")


# --- XML without regard to namespaces, which exporting programs get wrong


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Any, name: str) -> list[Any]:
    """Return the children of that name, whatever the case of its letters."""
    return [child for child in element if local(child).lower() == name.lower()]


def child(element: Any, *path: str) -> Any:
    """Return the first descendant along a path of names, or None."""
    for name in path:
        element = next(iter(children(element, name)), None) if element is not None else None
    return element


def descendants(element: Any, name: str) -> Iterator[Any]:
    """Yield every element of that name below."""
    return (e for e in element.iter() if local(e).lower() == name.lower())


def text_of(element: Any) -> str:
    """Return an element's text on one line; "" for none."""
    return "" if element is None else clean("".join(element.itertext()))


def attribute(element: Any, name: str) -> str:
    """Return an attribute, whatever its namespace and case; "" for none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2].lower() == name.lower():
            return str(value).strip()
    return ""

"""The parts of an Office file (Open Packaging Conventions): found by their relations, not names."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from courses.formats.faults import Fault, UnreadableCourse
from lms.core.archives import Archive, ArchiveError
from lms.core.text import clean
from lms.core.xml import XmlError, parse_xml

TYPES = "[Content_Types].xml"
#: Bytes of one part: a book of a thousand pages has less.
PART_BYTES = 20 * 1024**2
#: Bytes of all parts that are XML.
XML_BYTES = 200 * 1024**2
#: Where a document type stands when there is one.
_HEAD_BYTES = 4096
_CODES = {"xml_damaged": "office_damaged", "xml_doctype": "office_doctype"}


@dataclass(frozen=True)
class Relation:
    """What a part points to."""

    #: The last word of its address, like ``image`` or ``officeDocument``.
    kind: str
    #: Name of a part, or an address when it lies outside.
    target: str
    outside: bool


class Package:
    """An Office file whose zip was checked."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @cached_property
    def main(self) -> str:
        """Return the name of the part that holds the document itself."""
        return self.find("", "officeDocument") or ""

    def content_type(self, name: str) -> str:
        """Return what the file says a part is; "" when it says nothing."""
        overrides, endings = self._types
        return overrides.get(name) or endings.get(name.rpartition(".")[2].lower(), "")

    def xml(self, name: str) -> Any:
        """Return the root element of a part. Raises UnreadableCourse."""
        try:
            return parse_xml(self._bytes(name), PART_BYTES)
        except XmlError as error:
            code = _CODES.get(error.code, "office_too_large")
            raise refusal(code, name, limit=PART_BYTES // 1024**2) from None

    def relations(self, name: str) -> Mapping[str, Relation]:
        """Return what a part points to by identifier; "" is the file itself."""
        folder, _slash, base = name.rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self.archive:
            return {}
        found = {}
        for node in self.xml(relations).iterchildren("{*}Relationship"):
            outside = node.get("TargetMode") == "External"
            target = node.get("Target", "")
            found[node.get("Id", "")] = Relation(
                node.get("Type", "").rstrip("/").rpartition("/")[2],
                target if outside else resolve(folder, target),
                outside,
            )
        return found

    def find(self, name: str, kind: str) -> str | None:
        """Return the part of this kind that a part points to; None when there is none."""
        for relation in self.relations(name).values():
            if relation.kind == kind and not relation.outside and relation.target in self.archive:
                return relation.target
        return None

    def title(self) -> str:
        """Return the title among the file's properties; "" when there is none."""
        name = self.find("", "core-properties")
        if name is None:
            return ""
        return clean(self.xml(name).findtext("{http://purl.org/dc/elements/1.1/}title") or "")

    def check(self) -> None:
        """Refuse document types and too much XML, wherever they lie. Raises UnreadableCourse."""
        names = [name for name in self.archive if name.lower().endswith((".xml", ".rels", ".vml"))]
        if sum(self.archive.size(name) for name in names) > XML_BYTES:
            raise refusal("office_too_large", limit=XML_BYTES // 1024**2)
        for name in names:
            if _has_doctype(self.head(name)):
                raise refusal("office_doctype", name)

    def head(self, name: str) -> bytes:
        """Return the first bytes of a part. Raises UnreadableCourse."""
        try:
            with self.archive.open(name) as stream:
                return stream.read(_HEAD_BYTES)
        except ArchiveError:
            raise refusal("office_damaged", name) from None

    @cached_property
    def _types(self) -> tuple[dict[str, str], dict[str, str]]:
        root = self.xml(TYPES)
        overrides = {
            unquote(node.get("PartName", "")).lstrip("/"): node.get("ContentType", "")
            for node in root.iterchildren("{*}Override")
        }
        endings = {
            node.get("Extension", "").lower(): node.get("ContentType", "")
            for node in root.iterchildren("{*}Default")
        }
        return overrides, endings

    def _bytes(self, name: str) -> bytes:
        if name not in self.archive:
            raise refusal("office_damaged", name)
        if self.archive.size(name) > PART_BYTES:
            raise refusal("office_too_large", name, limit=PART_BYTES // 1024**2)
        try:
            return self.archive[name]
        except ArchiveError:
            raise refusal("office_damaged", name) from None


def refusal(code: str, file: str = "", **values: object) -> UnreadableCourse:
    """Return the refusal of a whole file for one reason."""
    return UnreadableCourse([Fault(code, file, values=values)])


def resolve(folder: str, target: str) -> str:
    """Return the name of the part that a relation means, seen from a folder."""
    path = posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0])))
    return path.lstrip("/")


def _has_doctype(head: bytes) -> bool:
    # UTF-16 puts a zero beside each letter.
    return b"<!DOCTYPE" in head.replace(b"\x00", b"").upper()

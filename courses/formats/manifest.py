"""imsmanifest.xml (IMS Content Packaging 1.1), which SCORM and Common Cartridge build on.

Namespaces are passed over: what an element is called is enough, and exporting programs
often get the rest wrong.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.formats.brought import Brought
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.unpacking import (
    Unpacked,
    attribute,
    child,
    children,
    descendants,
    find_root,
    text_of,
)

FILE = "imsmanifest.xml"
#: Items within items; deeper ones are taken for children of the last level.
MAX_DEPTH = 30
MOST_ITEMS = 2000
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class Resource:
    """What an item shows: its address in the package and the files it needs."""

    identifier: str
    type: str
    #: ``sco``, ``asset`` or "".
    scorm_type: str
    #: With the bases around it, as written.
    href: str
    files: tuple[str, ...]
    dependencies: tuple[str, ...]
    element: Any


@dataclass(frozen=True)
class Item:
    """An entry of the table of contents."""

    identifier: str
    title: str
    resource: Resource | None
    #: The identifier that it refers to, also when there is no such resource.
    refers_to: str
    parameters: str
    is_visible: bool
    children: tuple["Item", ...]
    element: Any

    def walk(self) -> Iterator["Item"]:
        """Yield the item and all below it, in order."""
        yield self
        for item in self.children:
            yield from item.walk()


@dataclass(frozen=True)
class Manifest:
    """A package's table of contents and its resources."""

    files: Unpacked
    element: Any
    #: Like "ADL SCORM" and "1.2".
    schema: str
    schema_version: str
    #: Titles by their worth: of the organization, then of the metadata.
    titles: tuple[str, ...]
    #: What the metadata says of the content.
    description: str
    items: tuple[Item, ...]
    resources: Mapping[str, Resource]
    #: How many further tables of contents there are.
    others: int


def load_manifest(brought: Brought) -> Manifest:
    """Return the manifest of a zip that has one. Raises UnreadableCourse, ArchiveError."""
    root = find_root(brought, FILE)
    if root is None or brought.archive is None:
        raise UnreadableCourse([Fault("package_no_manifest")])
    files = Unpacked(brought.archive, root)
    return read_manifest(files, files.xml(root + FILE))


def read_manifest(files: Unpacked, element: Any) -> Manifest:
    """Return what a manifest's root element says."""
    resources = _read_resources(element)
    organizations = _find_organizations(element)
    chosen = organizations[0] if organizations else None
    metadata = child(element, "metadata")
    return Manifest(
        files=files,
        element=element,
        schema=text_of(child(metadata, "schema")) if metadata is not None else "",
        schema_version=text_of(child(metadata, "schemaversion")) if metadata is not None else "",
        titles=tuple(_titles(chosen, metadata)),
        description=_description(metadata),
        items=() if chosen is None else _read_items(chosen, resources, MAX_DEPTH, [MOST_ITEMS]),
        resources=resources,
        others=max(0, len(organizations) - 1),
    )


def _find_organizations(element: Any) -> list[Any]:
    """Return the organizations, the default one first."""
    holder = child(element, "organizations")
    if holder is None:
        return []
    default = attribute(holder, "default")
    found = children(holder, "organization")
    return sorted(found, key=lambda one: attribute(one, "identifier") != default)


def _titles(organization: Any, metadata: Any) -> Iterator[str]:
    if organization is not None:
        yield text_of(child(organization, "title"))
    if metadata is not None:
        for general in descendants(metadata, "general"):
            title = child(general, "title")
            if title is not None:
                # The same title may stand in several languages.
                yield text_of(next(iter(title), title))


def _description(metadata: Any) -> str:
    general = None if metadata is None else next(descendants(metadata, "general"), None)
    found = None if general is None else child(general, "description")
    return text_of(next(iter(found), found)) if found is not None else ""


def _read_resources(element: Any) -> dict[str, Resource]:
    holder = child(element, "resources")
    if holder is None:
        return {}
    base = (element.get(_BASE) or "") + (holder.get(_BASE) or "")
    found: dict[str, Resource] = {}
    for resource in children(holder, "resource"):
        identifier = attribute(resource, "identifier")
        if identifier not in found:
            found[identifier] = _read_resource(resource, identifier, base)
    return found


def _read_resource(element: Any, identifier: str, base: str) -> Resource:
    base += element.get(_BASE) or ""
    if base and not base.endswith("/"):
        base += "/"
    href = attribute(element, "href")
    return Resource(
        identifier=identifier,
        type=attribute(element, "type").lower(),
        scorm_type=attribute(element, "scormtype").lower(),
        href=base + href if href else "",
        files=tuple(base + attribute(file, "href") for file in children(element, "file")),
        dependencies=tuple(
            attribute(dependency, "identifierref") for dependency in children(element, "dependency")
        ),
        element=element,
    )


def _read_items(
    element: Any, resources: Mapping[str, Resource], depth: int, left: list[int]
) -> tuple[Item, ...]:
    items = []
    for entry in children(element, "item"):
        if left[0] <= 0 or depth <= 0:
            break
        left[0] -= 1
        refers_to = attribute(entry, "identifierref")
        item = Item(
            identifier=attribute(entry, "identifier"),
            title=text_of(child(entry, "title")),
            resource=resources.get(refers_to),
            refers_to=refers_to,
            parameters=attribute(entry, "parameters"),
            is_visible=attribute(entry, "isvisible").lower() != "false",
            children=_read_items(entry, resources, depth - 1, left),
            element=entry,
        )
        items.append(item)
    return tuple(items)

"""H5P: interactive content with the libraries that play it, one lesson.

The layout is that of the H5P file format: h5p.json, content/content.json, and one folder
a library, named by its machine name and version.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from courses.formats.brought import Brought
from courses.formats.course_facts import Keys, choose_slug, choose_title
from courses.formats.faults import Fault, UnreadableCourse
from courses.formats.packed import PackedCourse, PackedFile, PackedLesson, PackedModule
from courses.formats.unpacking import Unpacked, find_root, refusing_damage

KEY = "h5p"
LABEL = _l("H5P content")
FACTS = "h5p.json"
CONTENT = "content/content.json"
MAX_JSON_BYTES = 10 * 1024**2
_MACHINE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def recognises(brought: Brought) -> bool:
    """Tell whether it is a zip with an h5p.json. Raises ArchiveError."""
    return find_root(brought, FACTS) is not None


def read(brought: Brought) -> PackedCourse:
    """Return a course of one lesson. Raises UnreadableCourse."""
    with refusing_damage():
        root = find_root(brought, FACTS)
        if root is None or brought.archive is None:
            raise UnreadableCourse([Fault("h5p_damaged", FACTS)])
        if root:
            raise UnreadableCourse([Fault("h5p_in_folder", root + FACTS)])
        files = Unpacked(brought.archive, root)
        files.refuse_programs()
        return _read(brought, files)


def _read(brought: Brought, files: Unpacked) -> PackedCourse:
    facts = _load(files, FACTS)
    if CONTENT not in files.archive:
        raise UnreadableCourse([Fault("h5p_no_content", CONTENT)])
    _load(files, CONTENT)
    main = facts.get("mainLibrary")
    warnings = list(_check_libraries(files, facts, str(main)))
    title = choose_title(
        [_text(facts.get("title")), _text(facts.get("extraTitle"))], brought.filename
    )
    slug = choose_slug(title)
    file = f"packages/{slug}.zip"
    settings = {
        "file": file,
        "standard": "h5p",
        "launch": "",
        "item": str(main)[:200],
        "score_completes": False,
    }
    language = _text(facts.get("defaultLanguage")) or _text(facts.get("language"))
    if re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", language) and language != "und":
        settings["language"] = language
    lesson = PackedLesson(Keys().give(title), title, kind="package", settings=settings)
    return PackedCourse(
        slug=slug,
        title=title,
        periods=1,
        modules=(PackedModule(title, (lesson,)),),
        files={file: PackedFile.of("application/zip", brought.open)},
        warnings=tuple(warnings),
    )


def _check_libraries(files: Unpacked, facts: dict[str, Any], main: str) -> Iterator[Fault]:
    """Yield a warning for each library that is not there. Raises UnreadableCourse for the main one."""
    if not any(name.endswith("/library.json") for name in files.archive):
        raise UnreadableCourse([Fault("h5p_content_only")])
    wanted = list(_dependencies(facts))
    if main not in {name for name, _version in wanted}:
        raise UnreadableCourse([Fault("h5p_missing_library", FACTS, values={"name": main[:100]})])
    for name, version in wanted:
        library = f"{name}-{version}/library.json"
        if library in files.archive:
            _load(files, library)
        elif name == main:
            raise UnreadableCourse(
                [Fault("h5p_missing_library", library, values={"name": f"{name} {version}"})]
            )
        else:
            yield Fault("h5p_missing_dependency", FACTS, values={"name": f"{name} {version}"})


def _dependencies(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    entries = facts.get("preloadedDependencies")
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        name = entry.get("machineName")
        version = ".".join(str(entry.get(part)) for part in ("majorVersion", "minorVersion"))
        if isinstance(name, str) and _MACHINE_NAME.fullmatch(name) and len(version) < 20:
            yield name, version


def _load(files: Unpacked, name: str) -> dict[str, Any]:
    """Return a JSON object of the package. Raises UnreadableCourse."""
    text = files.text(name, MAX_JSON_BYTES)
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UnreadableCourse([Fault("h5p_damaged", name)])
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

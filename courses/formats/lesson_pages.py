"""A lesson's text as a page that stands alone, for packages that leave this installation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from courses import markdown
from courses.formats.packed import PackedCourse, PackedLesson

#: A file of the course that the text shows where it stands: ![title](media/x.mp4).
_SHOWN_FILE = re.compile(
    r"!\[((?:\\.|[^\]\\]){0,500})\]\((media/[A-Za-z0-9_][A-Za-z0-9._-]{0,99})\)"
)

#: From the name of a file in the course to its address in the package.
AddressOf = Callable[[str], str]


@dataclass(frozen=True)
class _Picture:
    url: str
    content_type: str


def write_body(lesson: PackedLesson, course: PackedCourse, address_of: AddressOf) -> str:
    """Return the HTML of a lesson's text; needs an application context for the boxes' words.

    Files other than pictures become links to them.
    """
    source = _SHOWN_FILE.sub(lambda found: _link(found, course, address_of), lesson.source)
    pictures: Mapping[str, markdown.Shown] = {
        name: _Picture(address_of(name), picture.content_type)
        for name, picture in course.pictures.items()
    }
    return markdown.render(source, pictures)


def write_page(title: str, body: str, language: str = "vi", head: str = "") -> str:
    """Return a whole HTML document."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n{head}</head>\n<body>\n{body}</body>\n</html>\n"
    )


def list_losses(lesson: PackedLesson) -> list[str]:
    """Return the codes of what this installation does for a lesson and a package does not."""
    losses = ["export_sensitive"] if lesson.sensitive else []
    return [*losses, "export_rules"] if lesson.release or lesson.completion else losses


def shown_files(lesson: PackedLesson) -> list[str]:
    """Return the names of the files, pictures aside, that a lesson shows or plays."""
    named = [found[2] for found in _SHOWN_FILE.finditer(lesson.source)]
    own = lesson.settings.get("file")
    if isinstance(own, str) and own.startswith("media/"):
        named.append(own)
    return list(dict.fromkeys(named))


def captions_of(name: str, course: PackedCourse) -> list[str]:
    """Return the names of a video's captions, which lie beside it: media/x.vi.vtt."""
    stem = name.rpartition(".")[0]
    return sorted(
        other for other in course.files if other.startswith(f"{stem}.") and other.endswith(".vtt")
    )


def _link(found: re.Match[str], course: PackedCourse, address_of: AddressOf) -> str:
    label, name = found[1] or name_of(found[2]), found[2]
    return f"[{label}]({address_of(name)})" if name in course.files else label


def name_of(file: str) -> str:
    """Return a file's bare name."""
    return file.rpartition("/")[2]

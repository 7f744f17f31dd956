"""The course pack, format 1: a folder of plain files, or a zip of it. See docs/course-pack.md."""

from courses.formats.pack.reading import KEY, LABEL, read, recognises

__all__ = ["KEY", "LABEL", "read", "recognises"]

"""Word documents (.docx): a lesson for each heading of the first level."""

from courses.formats.docx.reading import KEY, LABEL, read, recognises

__all__ = ["KEY", "LABEL", "read", "recognises"]

"""IMS Common Cartridge: pages, files, links and quizzes of other systems."""

from courses.formats.imscc.reading import KEY, LABEL, read, recognises

__all__ = ["KEY", "LABEL", "read", "recognises"]

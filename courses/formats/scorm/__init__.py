"""SCORM 1.2 and 2004: packages in, and a course out as one."""

from courses.formats.scorm.reading import KEY, LABEL, read, recognises

__all__ = ["KEY", "LABEL", "read", "recognises"]

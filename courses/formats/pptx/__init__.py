"""PowerPoint presentations (.pptx): slides as headings with their text, pictures and notes."""

from courses.formats.pptx.reading import KEY, LABEL, read, recognises

__all__ = ["KEY", "LABEL", "read", "recognises"]

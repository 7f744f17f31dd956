"""The formats that a course can be written in, to be carried elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO

from flask_babel import lazy_gettext as _l

from courses.formats.faults import Fault
from courses.formats.packed import PackedCourse

#: Writes a course and returns what could not go.
Write = Callable[[PackedCourse, BinaryIO], list[Fault]]


@dataclass(frozen=True)
class Writer:
    """A format to write in."""

    label: Any
    #: What it is good for.
    note: Any
    ending: str
    _module: str

    @property
    def write(self) -> Write:
        """Return what writes; it is loaded when it is needed."""
        write: Write = import_module(f"courses.formats.{self._module}").write
        return write


WRITERS = {
    "pack": Writer(
        _l("Course pack"),
        _l("Everything, to be kept, edited by hand or taken to another installation."),
        "zip",
        "pack.writing",
    ),
    "imscc": Writer(
        _l("Common Cartridge 1.3"),
        _l("For Moodle, Canvas and other systems: texts, pictures, files, quizzes."),
        "imscc",
        "imscc.writing",
    ),
    "scorm12": Writer(
        _l("SCORM 1.2 package"),
        _l("Runs in any system that plays SCORM. The answers to its questions are inside it."),
        "zip",
        "scorm.writing",
    ),
}
DEFAULT = "pack"

"""One thing that is wrong with a file that a trainer brings, and the refusal of such a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or was passed over; ``code`` is a key of ``faults.MESSAGES``."""

    code: str
    #: Name of the file in the pack; "" for the pack itself.
    file: str = ""
    line: int | None = None
    #: Way to the value in the file, like modules.2.lessons.1.title; counted from 1.
    place: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def to_plain(fault: Fault) -> dict[str, Any]:
    """Return a fault as plain JSON."""
    values = {
        key: value if isinstance(value, (bool, int, float, str)) else str(value)
        for key, value in fault.values.items()
    }
    plain = {"file": fault.file, "line": fault.line, "place": fault.place, "values": values}
    return {"code": fault.code, **{key: value for key, value in plain.items() if value}}


def from_plain(plain: Mapping[str, Any]) -> Fault:
    """Return the fault that plain JSON tells of."""
    return Fault(**plain)


class UnreadableCourse(Exception):
    """A file that no course can be made of. Nothing was changed; ``faults`` says all of why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

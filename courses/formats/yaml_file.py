"""YAML that people write, read without running or repeating anything, each value with its line.

``Section`` reads a mapping key by key and collects what is wrong, so that all faults of
a file are told at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from courses.formats.faults import Fault
from lms.core.text import clean

MAX_DEPTH = 12

#: The C parser when the wheel brings it: the same safe rules, twenty times the speed.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Path = tuple[str | int, ...]


@dataclass
class Sheet:
    """A file while it is read: where each value stands, and what is wrong so far."""

    name: str
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    #: Line of the file at which the YAML begins, from 0.
    first_line: int = 0

    def refuse(self, code: str, path: Path = (), /, **values: object) -> None:
        """Note a fault at a place of the file."""
        self.faults.append(self._fault(code, path, values))

    def warn(self, code: str, path: Path = (), /, **values: object) -> None:
        """Note what was passed over."""
        self.warnings.append(self._fault(code, path, values))

    def load(self, text: str) -> "Section | None":
        """Return the file's mapping; None, with the fault noted, when there is none."""
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is not None and not self._walk(node, (), set()):
                return None
            data = None if node is None else loader.construct_document(node)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            # Also a date like 2026-13-45, a number of ten thousand digits, as many brackets.
            mark = getattr(error, "problem_mark", None)
            self.lines[()] = self.first_line + mark.line + 1 if mark else 1
            self.refuse("yaml")
            return None
        finally:
            loader.dispose()
        if not isinstance(data, dict):
            self.refuse("not_a_mapping")
            return None
        return Section(self, data)

    def _fault(self, code: str, path: Path, values: dict[str, object]) -> Fault:
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        return Fault(code, self.name, self.lines.get(near), ".".join(map(str, path)), values)

    def _walk(self, node: Any, path: Path, seen: set[int]) -> bool:
        """Note the lines of every value; tell whether it may be built at all."""
        self.lines[path] = self.first_line + node.start_mark.line + 1
        if id(node) in seen:
            self.refuse("yaml_reference", path)
            return False
        seen.add(id(node))
        if len(path) > MAX_DEPTH:
            self.refuse("yaml_too_deep", path)
            return False
        if isinstance(node, yaml.MappingNode):
            return self._walk_mapping(node, path, seen)
        if isinstance(node, yaml.SequenceNode):
            # All of them, so that every line is noted and every fault told.
            walked = [self._walk(entry, (*path, n), seen) for n, entry in enumerate(node.value, 1)]
            return all(walked)
        return True

    def _walk_mapping(self, node: yaml.MappingNode, path: Path, seen: set[int]) -> bool:
        keys: set[str] = set()
        fine = True
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.refuse("yaml", path)
                return False
            if key.value in keys:
                self.lines[path] = self.first_line + key.start_mark.line + 1
                self.refuse("yaml_twice", path, key=key.value)
                fine = False
            keys.add(key.value)
            fine = self._walk(value, (*path, key.value), seen) and fine
        return fine


class Section:
    """A mapping of a sheet. What is missing or wrong is noted, and a plain value returned."""

    def __init__(self, sheet: Sheet, data: dict[Any, Any], path: Path = ()) -> None:
        self.sheet = sheet
        self.data = data
        self.path = path
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Tell whether the key is there with a value."""
        self._asked.add(key)
        return self.data.get(key) is not None

    def refuse(self, code: str, at: str = "", /, **values: object) -> None:
        """Note a fault at a key of this mapping, or at the mapping itself."""
        self.sheet.refuse(code, (*self.path, at) if at else self.path, **values)

    def text(self, key: str, longest: int, *, optional: bool = False) -> str:
        """Return a text on one line, cleaned."""
        value = self._value(key, optional=optional)
        if value is None:
            return ""
        text = self._text(value, longest, (*self.path, key))
        if not text and not optional and isinstance(value, str):
            self.refuse("required", key, key=key)
        return text

    def texts(self, key: str, most: int, longest: int) -> list[str]:
        """Return a list of texts; an empty one when the key is not there."""
        entries = self._list(key, most)
        return [self._text(e, longest, (*self.path, key, n)) for n, e in enumerate(entries, 1)]

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number in the bounds; it must be there when there is no default."""
        value = self._value(key, optional=default is not None)
        if value is None:
            return low if default is None else default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse("not_whole", key, low=low, high=high)
            return low
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._value(key, optional=True)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse("not_yes_no", key)
        return bool(value)

    def day(self, key: str) -> str:
        """Return a date in ISO 8601; "" when the key is not there."""
        value = self._value(key, optional=True)
        if value is None:
            return ""
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = None
        if type(value) is date:
            return value.isoformat()
        self.refuse("not_a_day", key)
        return ""

    def sections(self, key: str, most: int) -> Iterator["Section"]:
        """Yield the mappings of a list."""
        for number, entry in enumerate(self._list(key, most), 1):
            path = (*self.path, key, number)
            if isinstance(entry, dict):
                yield Section(self.sheet, entry, path)
            else:
                self.sheet.refuse("not_a_mapping", path)

    def finish(self) -> None:
        """Warn of every key that nobody asked for."""
        for key in self.data:
            if key not in self._asked:
                self.sheet.warn("unknown_key", (*self.path, key), key=str(key))

    def _value(self, key: str, *, optional: bool) -> Any:
        self._asked.add(key)
        value = self.data.get(key)
        if value is None and not optional:
            self.refuse("required", key, key=key)
        return value

    def _text(self, value: Any, longest: int, path: Path) -> str:
        if not isinstance(value, str):
            self.sheet.refuse("not_text", path)
            return ""
        text = clean(value)
        if len(text) > longest:
            self.sheet.refuse("too_long", path, limit=longest)
        return text

    def _list(self, key: str, most: int) -> list[Any]:
        value = self._value(key, optional=True)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse("not_a_list", key)
            return []
        if len(value) > most:
            self.refuse("too_many", key, limit=most)
        return value[:most]

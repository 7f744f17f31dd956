"""What was passed over while a file is read: each thing once for each place."""

from courses.formats.faults import Fault

#: More than this nobody reads.
MOST = 200


class Warnings:
    """Warnings that gather; ``place`` is where the reading has come to, like a lesson's title."""

    def __init__(self) -> None:
        self.place = ""
        self._faults: dict[tuple[object, ...], Fault] = {}
        self._once: set[str] = set()
        self._counts: dict[str, int] = {}
        self._names: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, code: str, **values: object) -> None:
        """Note something at this place."""
        self._note(code, self.place, values)

    def add_at(self, place: str, code: str, **values: object) -> None:
        """Note something at another place, or at none when the values say where."""
        self._note(code, place, values)

    def add_once(self, code: str, **values: object) -> None:
        """Note something about the file as a whole, wherever it was first seen."""
        if code not in self._once:
            self._once.add(code)
            self._note(code, "", values)

    def count(self, code: str) -> None:
        """Note that something was there once more; the warning says how often."""
        self._counts[code] = self._counts.get(code, 0) + 1

    def name(self, code: str, name: str) -> None:
        """Note one of several of this place, which one warning names together."""
        self._names.setdefault((code, self.place), {})[name] = None

    def name_once(self, code: str, name: str) -> None:
        """Note one of several of the whole file, which one warning names together."""
        self._names.setdefault((code, ""), {})[name] = None

    def faults(self) -> tuple[Fault, ...]:
        """Return everything in the order it came, counts last."""
        named = (
            Fault(code, place, values={"names": ", ".join(names)})
            for (code, place), names in self._names.items()
        )
        counted = (Fault(code, values={"count": n}) for code, n in self._counts.items())
        return (*self._faults.values(), *named, *counted)[:MOST]

    def _note(self, code: str, place: str, values: dict[str, object]) -> None:
        key = (code, place, *sorted((name, str(value)) for name, value in values.items()))
        if len(self._faults) < MOST:
            self._faults.setdefault(key, Fault(code, place, values=values))

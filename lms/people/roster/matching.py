"""Finds the agency that a roster's text means, and never guesses.

Seventeen of the province's eighteen former districts lent their name to a commune or ward, so
a bare "Gia Bình" may be several agencies and is left for a person to settle.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from lms.core.text import fold
from lms.people.roster.abbreviations import Words, bare_name, spelled_out

#: How alike two names must be, from 0 to 1, for one to be suggested for the other.
_ALIKE = 0.4
#: How many of the names that share most letters are compared in full.
_COMPARED = 40
#: The word that a kind puts before a name that lacks it.
_KIND_WORDS = {"province": "tinh", "commune": "xa", "ward": "phuong", "department": "so"}
_TERRITORIES = frozenset({"province", "district", "commune", "ward"})


@dataclass(frozen=True, slots=True)
class AgencyName:
    """An agency as the index knows it. ``open`` is whether it exists on the day that counts."""

    id: Hashable
    code: str
    kind: str
    name: str
    short_name: str | None = None
    aliases: tuple[str, ...] = ()
    open: bool = True

    @property
    def names(self) -> list[str]:
        """Every spelling."""
        return [name for name in (self.name, self.short_name, *self.aliases) if name]


@dataclass(frozen=True, slots=True)
class Match:
    """What a text means.

    ``found``: one agency that exists. ``closed``: only such as exist no more. ``ambiguous``:
    several, or a bare name that says no kind. ``unknown``: none; see suggestions.
    """

    state: str
    ids: tuple[Hashable, ...] = ()

    @property
    def id(self) -> Hashable | None:
        """The agency, where it is the only one."""
        return self.ids[0] if len(self.ids) == 1 and self.state != "ambiguous" else None


class Suggestion(NamedTuple):
    """A similar agency; ``score`` runs from 0 to 1 (the same)."""

    id: Hashable
    name: str
    score: float


class AgencyIndex:
    """Resolves agencies' names, short names, aliases and codes."""

    def __init__(self, candidates: Iterable[AgencyName]) -> None:
        self._agencies = {agency.id: agency for agency in candidates}
        self._provinces = [
            bare_name(words) or words
            for agency in self._agencies.values()
            if agency.kind == "province"
            for words in spelled_out(agency.name)
        ]
        self._by_code: dict[str, set[Hashable]] = defaultdict(set)
        self._by_text: dict[str, set[Hashable]] = defaultdict(set)
        self._by_words: dict[Words, set[Hashable]] = defaultdict(set)
        self._by_bare_name: dict[Words, set[Hashable]] = defaultdict(set)
        for agency in self._agencies.values():
            self._add(agency)
        self._answers: dict[tuple[str, frozenset[str]], Match] = {}

    def resolve(self, text: str, kinds: Collection[str] = ()) -> Match:
        """Return what the text means.

        ``kinds`` is what the column promises ("Xã/Phường": commune, ward); then, and only
        then, a bare name will do, where one agency of these kinds has it.
        """
        key = (text, frozenset(kinds))
        if key not in self._answers:
            self._answers[key] = self._resolve(text, key[1])
        return self._answers[key]

    def suggest(self, text: str, n: int = 3) -> list[Suggestion]:
        """Return the existing agencies whose names are most like the text, the best first."""
        return self._likeness.nearest(text, n)

    def _add(self, agency: AgencyName) -> None:
        self._by_code[_code(agency.code)].add(agency.id)
        for name in agency.names:
            readings = spelled_out(name)
            if agency.kind in _TERRITORIES and not any(map(bare_name, readings)):
                self._add_bare(agency, readings)
                continue
            self._by_text[fold(name)].add(agency.id)
            for words in (form for reading in readings for form in self._forms(reading)):
                self._add_words(agency, words)

    def _add_bare(self, agency: AgencyName, readings: Sequence[Words]) -> None:
        """Take a territory's name without its kind for what it is: ambiguous by nature."""
        for words in readings:
            self._by_bare_name[words].add(agency.id)
            if agency.kind in _KIND_WORDS:
                self._add_words(agency, (_KIND_WORDS[agency.kind], *words))

    def _add_words(self, agency: AgencyName, words: Words) -> None:
        self._by_words[words].add(agency.id)
        if agency.kind == "department" and words[:1] != ("so",):
            self._by_words["so", *words].add(agency.id)
        if bare_name(words):
            self._by_bare_name[bare_name(words)].add(agency.id)

    def _forms(self, words: Words) -> Iterator[Words]:
        yield words
        yield from self._without_province(words)

    def _without_province(self, words: Words) -> Iterator[Words]:
        """Yield "so noi vu" for "so noi vu tinh bac ninh", but nothing for the province itself."""
        for province in self._provinces:
            for tail in (("tinh", *province), province):
                head = words[: -len(tail)]
                if words[-len(tail) :] == tail and len(head) > 1 and head != ("thanh", "pho"):
                    yield head
                    return

    def _resolve(self, text: str, kinds: frozenset[str]) -> Match:
        if not fold(text):
            return Match("unknown")
        closed: set[Hashable] = set()
        for ids in self._tiers(text):
            opened = {id_ for id_ in ids if self._agencies[id_].open}
            if opened:
                return Match("found" if len(opened) == 1 else "ambiguous", _in_order(opened))
            closed |= ids
        if closed:
            return Match("closed", _in_order(closed))
        return self._resolve_bare(text, kinds)

    def _tiers(self, text: str) -> Iterator[set[Hashable]]:
        """Yield what the text means by ever freer readings: code, name, spelled-out name."""
        yield self._by_code.get(_code(text), set())
        yield self._by_text.get(fold(text), set())
        readings = spelled_out(text)
        yield set().union(*(self._by_words.get(words, set()) for words in readings))
        shorter = [head for words in readings for head in self._without_province(words)]
        yield set().union(*(self._by_words.get(words, set()) for words in shorter))

    def _resolve_bare(self, text: str, kinds: frozenset[str]) -> Match:
        ids: set[Hashable] = set()
        for words in spelled_out(text):
            name = words[1:] if words[:1] == ("ubnd",) else words
            for form in (name, *self._without_province(name)):
                ids |= self._by_bare_name.get(form, set())
        promised = {
            id_ for id_ in ids if self._agencies[id_].kind in kinds and self._agencies[id_].open
        }
        if len(promised) == 1:
            return Match("found", tuple(promised))
        return Match("ambiguous", _in_order(promised or ids)) if ids else Match("unknown")

    @cached_property
    def _likeness(self) -> "_Likeness":
        return _Likeness([(a.id, a.names) for a in self._agencies.values() if a.open])


def nearest_agencies(
    text: str, candidates: Sequence[tuple[Hashable, Sequence[str]]], n: int = 3
) -> list[Suggestion]:
    """Return the candidates (id, names) most like the text, the best first, at most ``n``."""
    return _Likeness(candidates).nearest(text, n)


class _Likeness:
    """Compares names by shared triples of letters first, then letter by letter."""

    def __init__(self, candidates: Sequence[tuple[Hashable, Sequence[str]]]) -> None:
        self._entries = [
            (id_, names[0], plain, len(_triples(plain)))
            for id_, names in candidates
            for plain in dict.fromkeys(_plain(name) for name in names)
        ]
        self._with_triple: dict[str, list[int]] = defaultdict(list)
        for number, (_, _, plain, _) in enumerate(self._entries):
            for triple in _triples(plain):
                self._with_triple[triple].append(number)

    def nearest(self, text: str, n: int) -> list[Suggestion]:
        best: dict[Hashable, Suggestion] = {}
        plain = _plain(text)
        for number, overlap in self._overlaps(plain):
            id_, name, other, _ = self._entries[number]
            likeness = SequenceMatcher(None, plain, other, autojunk=False).ratio()
            score = round((overlap + likeness) / 2, 3)
            if score >= _ALIKE and (id_ not in best or best[id_].score < score):
                best[id_] = Suggestion(id_, name, score)
        return sorted(best.values(), key=lambda found: (-found.score, found.name))[:n]

    def _overlaps(self, plain: str) -> list[tuple[int, float]]:
        """Return entries with their share of common triples (Dice), the highest first."""
        triples = _triples(plain)
        shared = Counter(
            number for triple in triples for number in self._with_triple.get(triple, ())
        )
        shares = [
            (number, 2 * count / (len(triples) + self._entries[number][3]))
            for number, count in shared.items()
        ]
        return sorted(shares, key=lambda share: -share[1])[:_COMPARED]


def _plain(name: str) -> str:
    return " ".join((spelled_out(name) or [()])[0])


def _triples(plain: str) -> set[str]:
    padded = f"  {plain} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _code(text: str) -> str:
    """Return a code for comparison; Excel may have dropped the zeros that it begins with."""
    code = fold(text)
    return code.lstrip("0") or "0" if code.isdigit() else code


def _in_order(ids: Iterable[Hashable]) -> tuple[Hashable, ...]:
    return tuple(sorted(ids, key=str))

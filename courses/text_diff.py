"""What changed between two texts, in words inside paragraphs. Pure.

Paragraphs are paired first; inside a pair the words are compared. A text and itself give
no change; the kept and removed words of a comparison give the old text back, the kept and
added ones the new.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

#: Words, spaces, and each other sign by itself.
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
#: Paragraphs that share less than this part of their words are not the same one changed.
_AKIN = 0.4
#: Comparing takes time with the product of both lengths: above this, one replaces the other.
_MOST_PAIRS = 4_000_000
_MOST_LINE_PAIRS = 40_000

KEPT, ADDED, REMOVED = "kept", "added", "removed"


@dataclass(frozen=True)
class Piece:
    """Words that were kept, added or removed."""

    what: str
    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph of the comparison: kept, added, removed, or changed inside."""

    pieces: tuple[Piece, ...]

    @property
    def is_kept(self) -> bool:
        """Tell whether nothing in it changed."""
        return all(piece.what == KEPT for piece in self.pieces)

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing to read in it."""
        return not any(piece.text.strip() for piece in self.pieces)


@dataclass(frozen=True)
class Stretch:
    """Lines one after another; a folded one holds only what was kept."""

    lines: tuple[Line, ...]
    is_folded: bool


def compare_texts(old: str, new: str) -> list[Line]:
    """Return the lines of both texts in reading order, with what changed in them."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in _opcodes(before, after):
        if tag == "equal":
            lines += [Line((Piece(KEPT, text),)) for text in before[i1:i2]]
        else:
            lines += _changed(before[i1:i2], after[j1:j2])
    return lines


def count_changes(lines: Sequence[Line]) -> int:
    """Return how many paragraphs differ; blank lines do not count."""
    return sum(1 for line in lines if not line.is_kept and not line.is_blank)


def fold_kept(lines: Sequence[Line], around: int = 1) -> list[Stretch]:
    """Return the lines to read, what was kept folded away but for ``around`` lines at its edges.

    Blank lines that were kept are left out.
    """
    read = [line for line in lines if not (line.is_kept and line.is_blank)]
    near = [
        any(not other.is_kept for other in read[max(0, n - around) : n + around + 1])
        for n in range(len(read))
    ]
    groups = groupby(range(len(read)), key=lambda n: near[n])
    return [Stretch(tuple(read[n] for n in numbers), not shown) for shown, numbers in groups]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Pair what stands at the same place and is akin; the rest went or came as a whole."""
    if len(before) * len(after) > _MOST_LINE_PAIRS:
        yield from (Line((Piece(REMOVED, text),)) for text in before)
        yield from (Line((Piece(ADDED, text),)) for text in after)
        return
    waiting = [(text, _vocabulary(text)) for text in after]
    for text in before:
        words = _vocabulary(text)
        at = next((n for n, (_text, other) in enumerate(waiting) if _akin(words, other)), None)
        if at is None:
            yield Line((Piece(REMOVED, text),))
            continue
        yield from (Line((Piece(ADDED, other),)) for other, _words_in_it in waiting[:at])
        yield Line(tuple(_words(text, waiting[at][0])))
        del waiting[: at + 1]
    yield from (Line((Piece(ADDED, other),)) for other, _words_in_it in waiting)


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(token for token in _TOKEN.findall(text.lower()) if not token.isspace())


def _akin(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return len(ours & theirs) >= _AKIN * min(len(ours), len(theirs)) > 0


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for tag, i1, i2, j1, j2 in _opcodes(before, after):
        removed, added = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield Piece(KEPT, removed)
            continue
        if removed:
            yield Piece(REMOVED, removed)
        if added:
            yield Piece(ADDED, added)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the steps from one sequence to the other; what both begin and end with is kept."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    ours, theirs = before[head : len(before) - tail], after[head : len(after) - tail]
    steps = [("equal", 0, head, 0, head)] if head else []
    if len(ours) * len(theirs) > _MOST_PAIRS:
        steps.append(("replace", head, head + len(ours), head, head + len(theirs)))
    else:
        matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
        steps += [
            (tag, i1 + head, i2 + head, j1 + head, j2 + head)
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        ]
    if tail:
        steps.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return steps


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = zip(before, after, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))

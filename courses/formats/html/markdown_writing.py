"""Text of elsewhere as Markdown of ours: every sign that would mean something is escaped.

Only what courses/markdown.py shows is written: headings from ##, lists, tables, quotes,
code, pictures and links. What is written here is read back as the very same text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote

from lms.core.text import clean

HIGHEST_HEADING = 2
LOWEST_HEADING = 4
MOST_COLUMNS = 50
#: A line break within a paragraph.
BREAK = "\\\n"

_SIGNS = re.compile(r"[\\`*_\[\]<>&|]")
#: What begins a block when it stands first on a line.
_BEGINNINGS = re.compile(r"(?:[-+=#~:]|\d{1,9}(?=[.)]))")
_SPACES = re.compile(" +")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
#: What an address would be read as instead of its letters.
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: Letters of an address that stay as they are; the rest is %-encoded.
_ADDRESS = "/:?#@!$&'*+,;=%-._~"


@dataclass(frozen=True)
class Style:
    """How a run of text looks, and where it leads."""

    strong: bool = False
    em: bool = False
    code: bool = False
    href: str = ""


PLAIN = Style()


@dataclass(frozen=True)
class Run:
    """A piece of text in one style; a picture when it has a ``source``; a break when it is a line end."""

    text: str
    style: Style = PLAIN
    source: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, list, table and so on, written out; ``kind`` tells lists from the rest."""

    kind: str
    text: str


# --- within a line


def escape(text: str) -> str:
    """Return the text so that Markdown shows it as it is, wherever it stands in a line."""
    return _SIGNS.sub(r"\\\g<0>", text)


def guard(line: str) -> str:
    """Return an escaped line so that it begins no list, heading, fence or container."""
    match = _BEGINNINGS.match(line)
    if match is None:
        return line
    at = match.end() if line[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def write_address(address: str) -> str:
    """Return the address as it may stand in the round brackets of a link."""
    tidy = clean(address)
    return _ENTITY.sub(r"\\&", quote(tidy, safe=_ADDRESS))


def picture(name: str, alt: str) -> str:
    """Return a picture or another file of the course, shown where it stands."""
    return f"![{escape(clean(alt))}]({write_address(name)})"


def write_runs(runs: Iterable[Run]) -> str:
    """Return one paragraph's text: its lines, with ``BREAK`` between them."""
    lines = [_write_line(line) for line in _split_lines(_join(runs))]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return BREAK.join(guard(line) for line in lines if line)


def _join(runs: Iterable[Run]) -> list[Run]:
    """Return the runs with neighbours of one style as one, and white space outside of styles."""
    parts = (part for run in runs for part in _loosen(run))
    joined: list[Run] = []
    for (style, alone), group in groupby(parts, key=_kind):
        if alone:
            joined += group
        else:
            text = "".join(part.text for part in group)
            joined.append(Run(_SPACES.sub(" ", text), style))
    return joined


def _kind(run: Run) -> tuple[Style, bool]:
    """Return what neighbours have in common; pictures and breaks stay alone."""
    return run.style, bool(run.source) or run.text == "\n"


def _loosen(run: Run) -> list[Run]:
    """Return the run with the spaces at its ends as plain runs of their own."""
    if run.source:
        return [replace(run, text=clean(run.text))]
    if run.text == "\n":
        return [Run("\n")]
    text = clean(run.text)
    ends = replace(run.style, strong=False, em=False, code=False)
    if not text:
        return [Run(" ", ends)] if any(map(str.isspace, run.text)) else []
    before = [Run(" ", ends)] if run.text[0].isspace() else []
    after = [Run(" ", ends)] if run.text[-1].isspace() else []
    return [*before, replace(run, text=text), *after]


def _split_lines(runs: Sequence[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == "\n" and not run.source:
            lines.append([])
        else:
            lines[-1].append(run)
    return lines


def _write_line(runs: Sequence[Run]) -> str:
    line = ""
    for href, linked in groupby(runs, key=lambda run: run.style.href):
        inner = list(linked)
        if href and line.endswith("!"):
            # A link after it would be read as a picture.
            line = f"{line[:-1]}\\!"
        # What follows decides whether a delimiter at the end is read as one.
        text = _write_styles(inner, "[" if href else line[-1:], "]" if href else " ")
        line += f"[{text.strip()}]({write_address(href)})" if href and text.strip() else text
        if href and text.endswith(" "):
            line += " "
    return clean_spaces(line)


def clean_spaces(text: str) -> str:
    """Return the line with single spaces and none at its ends."""
    return re.sub(" +", " ", text).strip(" ")


def _write_styles(runs: Sequence[Run], before: str, after: str) -> str:
    text = ""
    for index, run in enumerate(runs):
        if run.source:
            text += picture(run.source, run.text)
            continue
        if run.style.code:
            text += _write_code(run.text)
            continue
        following = _first_sign(runs[index + 1]) if index + 1 < len(runs) else after
        text += _emphasise(run, text[-1:] or before, following)
    return text


def _first_sign(run: Run) -> str:
    if run.source:
        return "!"
    if run.style.code:
        return _write_code(run.text)[:1]
    return escape(run.text)[:1] or " "


def _emphasise(run: Run, before: str, after: str) -> str:
    """Return the run between its stars; without them where they would be read as stars."""
    text = escape(run.text)
    stars = "*" * (2 * run.style.strong + run.style.em)
    if not stars or not text.strip():
        return text
    opens = before != "*" and _flanks(run.text[0], before)
    closes = after != "*" and _flanks(run.text[-1], after)
    return f"{stars}{text}{stars}" if opens and closes else text


def _flanks(inner: str, outer: str) -> bool:
    """Tell whether stars between these two signs open or close (CommonMark 6.2).

    Letters inside are enough; other signs need a space or a sign outside. What is neither
    for certain counts against it on both sides.
    """
    kind = unicodedata.category(outer)[0] if outer else "Z"
    return unicodedata.category(inner)[0] in "LN" or (not inner.isspace() and kind in "PSZ")


def _write_code(text: str) -> str:
    fence = "`" * (max((len(ticks) for ticks in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    # A pipe would end a cell; in a cell the backslash goes, so code with pipes is plain text.
    return escape(text) if "|" in text else f"{fence}{pad}{text}{pad}{fence}"


# --- blocks


def write_heading(level: int, text: str) -> str:
    """Return a heading of a written paragraph; levels are held between ## and ####."""
    # Hashes that end the line would be taken for its decoration.
    line = re.sub(r" (#+)$", r" \\\1", text.replace(BREAK, " "))
    hashes = "#" * min(LOWEST_HEADING, max(HIGHEST_HEADING, level))
    return f"{hashes} {line}"


def write_list(items: Sequence[Sequence[Block]], start: int | None, previous: str = "") -> Block:
    """Return a list of its items' blocks; ``start`` numbers it, ``previous`` stands before it.

    Two lists of one kind in a row would be read as one: the second takes the other sign.
    """
    other = previous == ("ul" if start is None else "ol")
    kind = ("ul" if start is None else "ol") + ("+" if other else "")
    loose = any(len(blocks) > 1 and not _is_tight(blocks) for blocks in items)
    written = []
    for number, blocks in enumerate(items):
        mark = (
            ("*" if other else "-") if start is None else f"{start + number}{')' if other else '.'}"
        )
        body = join_blocks(blocks) if loose else "\n".join(block.text for block in blocks)
        written.append(indent(body, f"{mark} "))
    return Block(kind, ("\n\n" if loose else "\n").join(written))


def _is_tight(blocks: Sequence[Block]) -> bool:
    """Tell whether an item is one line with a list under it, which needs no blank line."""
    return (
        len(blocks) == 2
        and blocks[0].kind == "p"
        and (blocks[1].kind.startswith("ul") or blocks[1].text.startswith("1."))
    )


def indent(text: str, mark: str) -> str:
    """Return the text with a mark before it and its other lines set in as far."""
    space = " " * len(mark)
    first, *rest = text.split("\n")
    return "\n".join([mark + first, *(space + line if line else "" for line in rest)])


def write_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of written paragraphs; the first row names the columns."""
    width = min(max(map(len, rows)), MOST_COLUMNS)
    lines = [_write_row(row, width) for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _write_row(row: Sequence[str], width: int) -> str:
    cells = [*row, *[""] * (width - len(row))][:width]
    return "|" + "".join(f" {cell.replace(BREAK, ' ')} |" for cell in cells)


def write_code_block(text: str) -> str:
    """Return a text whose lines and spaces are kept."""
    visible = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    fence = "`" * max(3, max((len(t) for t in re.findall("`+", visible)), default=0) + 1)
    return f"{fence}\n{visible}\n{fence}"


def write_quote(blocks: Sequence[Block]) -> str:
    """Return the blocks as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in join_blocks(blocks).split("\n"))


def join_blocks(blocks: Sequence[Block]) -> str:
    """Return the blocks with a blank line between each."""
    return "\n\n".join(block.text for block in blocks)

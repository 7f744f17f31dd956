"""The boxes of our own lessons, read back from the HTML in which they are exported.

``courses/markdown.py`` writes them; anything else is a plain part of a page.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from courses.formats.html import markdown_writing as md
from courses.formats.html.markdown_writing import Block
from courses.markdown import CALLOUTS
from lms.core.text import clean, fold

#: Returns the blocks within an element.
BlocksOf = Callable[[Any], list[Block]]


def read_box(section: Any, blocks_of: BlocksOf) -> list[Block] | None:
    """Return the blocks of a box, as one container; None when the section is none of ours."""
    classes = (section.get("class") or "").split()
    name = next((name for name in (*CALLOUTS, "check") if name in classes), None)
    title = section.find("p[@class='callout-title']")
    if name is None or title is None:
        return None
    section.remove(title)
    if name == "check":
        return _wrap("check", "", _read_check(section, blocks_of))
    words = clean("".join(title.itertext()))
    if name == "example":
        # Its title stands after the word for it, whatever the language.
        words = words.partition(": ")[2]
    return _wrap(name, words, blocks_of(section))


def _wrap(name: str, title: str, blocks: Sequence[Block]) -> list[Block]:
    body = md.join_blocks(blocks)
    if re.search(r"^\s*:::", body, re.MULTILINE):
        # A line of code that would close the box.
        return list(blocks)
    return [Block("box", f"::: {name} {title}".rstrip() + f"\n{body}\n:::")]


def _read_check(section: Any, blocks_of: BlocksOf) -> list[Block]:
    """Return a quick check: question, options with their marks, and the reason as a quote."""
    details = section.find("details")
    if details is None:
        return blocks_of(section)
    answer = details.find("p[@class='check-answer']")
    right = "" if answer is None else clean("".join(answer.itertext())).partition(": ")[2]
    for part in (details.find("summary"), answer):
        if part is not None:
            details.remove(part)
    reason = blocks_of(details)
    section.remove(details)
    blocks = [_mark(block, right) for block in blocks_of(section)]
    quote = [Block("quote", md.write_quote(reason))] if reason else []
    return [*blocks, *quote]


def _mark(block: Block, right: str) -> Block:
    """Return a list with [x] before what is right and [ ] before the rest."""
    if not block.kind.startswith("ul"):
        return block
    rights = {_bare(part) for part in (right, *right.split("; "))}
    lines = [
        f"{line[:2]}[{'x' if _bare(line[2:]) in rights else ' '}] {line[2:]}"
        if line.startswith(("- ", "* "))
        else line
        for line in block.text.split("\n")
    ]
    return Block(block.kind, "\n".join(lines))


def _bare(text: str) -> str:
    return fold(re.sub(r"[\\*`]", "", text))

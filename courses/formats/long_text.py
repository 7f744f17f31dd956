"""A text that is too long for one page on a phone, divided where a reader would pause. Pure."""

from collections.abc import Sequence

#: Signs of Markdown on one page: about twenty minutes, and well within the weight of a page.
COMFORTABLE = 24_000
#: A page may go on this far to reach a better place.
LONGEST = 36_000


def split_long(blocks: Sequence[str], comfortable: int = COMFORTABLE) -> list[str]:
    """Return the blocks joined to as few pages as are comfortable to read, in order.

    A page ends before a heading where there is one in reach, else between two blocks;
    a block is never cut.
    """
    if sum(map(len, blocks)) <= comfortable * LONGEST // COMFORTABLE:
        return ["\n\n".join(blocks)]
    pages: list[list[str]] = [[]]
    length = 0
    for block in blocks:
        if pages[-1] and _ends_before(block, length, comfortable):
            carried = _take_headings(pages[-1])
            pages.append(carried)
            length = sum(map(len, carried))
        pages[-1].append(block)
        length += len(block)
    return ["\n\n".join(page) for page in pages if page]


def _ends_before(block: str, length: int, comfortable: int) -> bool:
    if block.startswith("## "):
        return length > comfortable // 2
    return length + len(block) > comfortable


def _take_headings(page: list[str]) -> list[str]:
    """Take the headings off a page's end: they belong to what follows."""
    carried: list[str] = []
    while len(page) > 1 and page[-1].startswith("#"):
        carried.insert(0, page.pop())
    return carried

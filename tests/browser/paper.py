"""Reads a certificate as the one who holds it in hand does: its text, and its QR code."""

import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from PIL import Image

Grid = list[list[bool]]

#: Where the code stands on the A4 page turned sideways, in millimetres.
PAGE_WIDTH, PAGE_HEIGHT = 297, 210
QR_LEFT, QR_BOTTOM, QR_SIDE = 24, 18, 25

#: Blocks of codewords and data codewords in each, at level M; equal up to version 4.
BLOCKS = {1: (1, 16), 2: (1, 28), 3: (1, 44), 4: (2, 32), 5: (2, 43), 6: (4, 27)}
MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, _c: r % 2 == 0,
    lambda _r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: (r * c) % 2 + (r * c) % 3 == 0,
    lambda r, c: ((r * c) % 2 + (r * c) % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + (r * c) % 3) % 2 == 0,
)


def text_of(pdf: Path) -> str:
    """Return the words of a PDF, on one line."""
    run = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def address_in_qr(pdf: Path) -> str:
    """Return what the QR code on the paper says, read from its picture.

    After ISO/IEC 18004, for clean codes of versions 2 to 6 at level M in byte mode:
    the words of error correction are left aside.
    """
    grid = _modules(_picture(pdf))
    bits = "".join(str(int(bit)) for bit in _data_bits(grid))
    words = [int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8)]
    blocks, length = BLOCKS[(len(grid) - 17) // 4]
    data = [words[i * blocks + block] for block in range(blocks) for i in range(length)]
    stream = "".join(f"{word:08b}" for word in data)
    assert stream[:4] == "0100", "not in byte mode"
    count = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * i : 20 + 8 * i], 2) for i in range(count)).decode()


def _picture(pdf: Path) -> Image.Image:
    target = pdf.with_suffix("")
    command = ["pdftoppm", "-r", "300", "-gray", "-singlefile", pdf, target]
    subprocess.run(command, check=True)
    with Image.open(target.with_suffix(".pgm")) as page:
        dot = page.width / PAGE_WIDTH
        left, bottom = QR_LEFT * dot, (PAGE_HEIGHT - QR_BOTTOM) * dot
        return page.crop((round(left), round(bottom - QR_SIDE * dot),
                          round(left + QR_SIDE * dot), round(bottom)))  # fmt: skip


def _modules(picture: Image.Image) -> Grid:
    """Return which modules are dark; the first finder, 7 wide, tells how many there are."""
    row = [picture.getpixel((x, 2)) < 128 for x in range(picture.width)]
    finder = next(x for x, (one, next_one) in enumerate(pairwise(row), 1) if one and not next_one)
    version = round((picture.width / (finder / 7) - 17) / 4)
    count = 17 + 4 * version
    step = picture.width / count
    return [
        [picture.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128
         for x in range(count)]
        for y in range(count)
    ]  # fmt: skip


def _data_bits(grid: Grid) -> Iterator[bool]:
    """Yield the bits of all codewords: two columns at a time, up and down, from the right."""
    size, mask = len(grid), MASKS[_mask_number(grid)]
    columns = [*range(size - 1, 6, -2), 5, 3, 1]
    for number, right in enumerate(columns):
        rows = range(size) if number % 2 else range(size - 1, -1, -1)
        for row in rows:
            for column in (right, right - 1):
                if not _is_fixed(row, column, size):
                    yield grid[row][column] != mask(row, column)


def _mask_number(grid: Grid) -> int:
    """Return the mask named in the format bits beside the first finder."""
    bits = "".join(str(int(grid[8][column])) for column in (2, 3, 4))
    return int(bits, 2) ^ 0b101


def _is_fixed(row: int, column: int, size: int) -> bool:
    """Tell whether a module belongs to a finder, a timing line or the alignment pattern."""
    far = size - 8
    in_finder = (
        (row < 9 and column < 9) or (row < 9 and column >= far) or (row >= far and column < 9)
    )
    in_alignment = abs(row - (size - 7)) <= 2 and abs(column - (size - 7)) <= 2
    return in_finder or in_alignment or 6 in (row, column)

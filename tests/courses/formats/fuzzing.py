"""Bad files for a reader: what comes out is a course or UnreadableCourse, never anything else.

    fuzz(docx.read, [small_document(), document_with_tables()])

Seeds are valid files. They are cut, flipped, mixed and, where they are zips, spoilt entry by
entry with the zip whole around them, since that is how far most damage has to travel. With
LMS_LONG=1 the reader is kept at it for a minute and its memory has to stay flat.
"""

import gc
import io
import os
import random
import resource
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Sequence

from courses.formats.brought import Brought
from courses.formats.faults import UnreadableCourse
from lms.core.archives import ArchiveError

LONG = bool(os.environ.get("LMS_LONG"))
LONG_SECONDS = 60
#: What a reader may still hold after thousands of files: caches of patterns and the like.
MAY_STAY = 8 * 1024**2
#: How much higher the peak may climb after the first quarter, in KB.
PEAK_MAY_RISE = 150 * 1024

_XML_TOKENS = (
    b"<", b">", b'="', b"/>", b"&amp;", b"&", b"\x00", b"\xff\xfe", b"<!DOCTYPE a>", b"-1",
    b"99999999999", b"NaN", b"../../x", b"http://x", b"rId999", b"\xc4\x90",
)  # fmt: skip


def fuzz(
    read: Callable[[Brought], object],
    seeds: Sequence[bytes],
    *,
    rounds: int = 60,
    filename: str = "tệp mang tới.bin",
) -> int:
    """Feed mutated seeds to ``read``; return how many were tried.

    Raises AssertionError with the number of the mutation when anything but UnreadableCourse
    or ArchiveError comes out; the same number always makes the same file.
    """
    if not LONG:
        for number in range(rounds):
            _try(read, seeds, number, filename)
        return rounds
    return _fuzz_long(read, seeds, filename)


def mutate(seeds: Sequence[bytes], number: int) -> bytes:
    """Return the spoilt file of this number."""
    chance = random.Random(number)
    seed = chance.choice(seeds)
    if zipfile.is_zipfile(io.BytesIO(seed)) and chance.random() < 0.75:
        return _spoil_zip(seed, chance)
    return _spoil_bytes(seed, chance)


def _fuzz_long(read: Callable[[Brought], object], seeds: Sequence[bytes], filename: str) -> int:
    end = time.monotonic() + LONG_SECONDS
    quarter = time.monotonic() + LONG_SECONDS / 4
    number, held, peak = 0, None, 0
    tracemalloc.start()
    try:
        while time.monotonic() < end:
            _try(read, seeds, number, filename)
            number += 1
            if held is None and time.monotonic() > quarter:
                held, peak = _held(), _peak()
        assert held is not None
        grown, risen = _held() - held, _peak() - peak
        assert grown < MAY_STAY, f"{grown} bytes more after {number} files"
        assert risen < PEAK_MAY_RISE, f"the peak rose by {risen} KB after {number} files"
    finally:
        tracemalloc.stop()
    return number


def _held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _try(
    read: Callable[[Brought], object], seeds: Sequence[bytes], number: int, filename: str
) -> None:
    data = mutate(seeds, number)
    try:
        read(Brought(io.BytesIO(data), filename))
    except (UnreadableCourse, ArchiveError):
        pass
    except Exception as error:
        raise AssertionError(f"mutation {number}: {type(error).__name__}: {error}") from error


def _spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for way in chance.choices(_WAYS, k=chance.randint(1, 3)):
        way(spoilt, chance)
    return bytes(spoilt)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _turn in range(chance.randint(1, 8)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _cut_out(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.randint(1, 400)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    piece = bytes(data[start : start + chance.randint(1, 400)])
    data[start:start] = piece * chance.randint(1, 20)


def _insert(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) + 1)
    data[start:start] = chance.choice((*_XML_TOKENS, chance.randbytes(30)))


_WAYS = (_flip, _flip, _cut, _cut_out, _repeat, _insert)


def _spoil_zip(data: bytes, chance: random.Random) -> bytes:
    """Return the zip with one to three entries spoilt, left out, emptied or swapped."""
    entries = list(_entries(data))
    for _turn in range(chance.randint(1, 3)):
        place = chance.randrange(len(entries))
        name, content = entries[place]
        act = chance.randrange(8)
        if act == 0 and len(entries) > 1:
            del entries[place]
        elif act == 1:
            entries[place] = (name, b"")
        elif act == 2:
            entries[place] = (name, chance.choice(entries)[1])
        elif act == 3:
            entries.append((f"{name}.junk", chance.randbytes(50)))
        else:
            entries[place] = (name, _spoil_text(content, chance))
    return _zip(entries)


def _spoil_text(content: bytes, chance: random.Random) -> bytes:
    """Return the content with a value swapped where it is XML, so that it often still parses."""
    quoted = content.split(b'"')
    if len(quoted) > 3 and chance.random() < 0.6:
        for _turn in range(chance.randint(1, 6)):
            place = 2 * chance.randrange(len(quoted) // 2) + 1
            other = quoted[2 * chance.randrange(len(quoted) // 2) + 1]
            quoted[place] = chance.choice((other, b"", b"-1", b"x", b"99999999999", b"../..", b"1"))
        return b'"'.join(quoted)
    tags = content.split(b"<")
    if len(tags) > 3 and chance.random() < 0.5:
        place, other = chance.randrange(1, len(tags)), chance.randrange(1, len(tags))
        tags[place], tags[other] = tags[other], tags[place]
        return b"<".join(tags)
    return _spoil_bytes(content, chance)


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for entry in file.infolist():
            if not entry.is_dir():
                yield entry.filename, file.read(entry)


def _zip(entries: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in dict(entries).items():
            file.writestr(name, content)
    return out.getvalue()

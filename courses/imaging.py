"""Pictures made fit for phones, and rid of what nobody meant to publish.

A photo carries where it was taken and with what; all of that goes, after the rotation it
asks for was applied. A picture that is clean and small already keeps its very bytes, so
that a course that goes out and comes back is the same course.
"""

import io
import struct
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image, ImageOps, UnidentifiedImageError

from courses.formats.faults import Fault
from courses.formats.packed import PackedCourse, PackedPicture
from courses.formats.picture import MAX_BYTES, PictureError, tell_type

#: Pixels: twice as wide as a lesson's text on a screen.
WIDEST = 1600
TALLEST = 6400
#: What is sent; what is kept is MAX_BYTES at most.
MOST_BYTES = 20 * 1024**2
#: Pixels that may be decoded; JPEG is decoded smaller than it is.
MOST_PIXELS = 40_000_000
MOST_JPEG_PIXELS = 120_000_000

#: What Pillow may open, by content type, and what it is kept as.
_KEPT_AS = {
    "PNG": "PNG",
    "JPEG": "JPEG",
    "WEBP": "WEBP",
    "GIF": "PNG",
    "BMP": "PNG",
    "TIFF": "JPEG",
}
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_SETTINGS: dict[str, dict[str, object]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "WEBP": {"quality": 82, "method": 4},
}
#: What stands at the end of a whole picture. Others in this process let Pillow pass over that.
_ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
#: Brands of photos that few browsers show (ISO/IEC 23008-12).
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")

_PNG_CHUNKS = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"sBIT",
        b"pHYs",
        b"bKGD",
    )
)
_WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH"))


def clean_picture(data: bytes) -> tuple[bytes, str]:
    """Return a picture as it may be kept, and its content type. Raises PictureError.

    SVG is checked and stays as it is. GIF, BMP and TIFF become PNG or JPEG; of pictures that
    move only the first one stays.
    """
    if len(data) > MOST_BYTES:
        raise PictureError("picture_too_large")
    name = _tell_format(data)
    if name is None:
        return data, tell_type(data)
    if _ENDS.get(name, b"") not in data:
        raise PictureError("picture_damaged")
    try:
        # Pillow warns of what is odd in a file; that concerns nobody who runs the product.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _clean(data, name)
    except Image.DecompressionBombError:
        raise PictureError("picture_pixels", limit=MOST_PIXELS // 1_000_000) from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, UnidentifiedImageError):
        raise PictureError("picture_damaged") from None


def clean_pictures(packed: PackedCourse) -> PackedCourse:
    """Return a course with its pictures as they may be kept; a damaged one is left out and told."""
    kept, told = {}, []
    for name, picture in packed.pictures.items():
        try:
            kept[name] = PackedPicture(*clean_picture(picture.data))
        except PictureError as error:
            told.append(Fault(error.code, file=name, values=error.values))
    return replace(packed, pictures=kept, warnings=(*packed.warnings, *told))


def is_picture(head: bytes) -> bool:
    """Tell whether a file that begins so is meant to be a picture, taken or not."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return True
    return _tell_format(head) is not None or b"<svg" in head[:4096]


def measure(data: bytes) -> tuple[int, int]:
    """Return the width and height of a kept picture in pixels; 0 and 0 for a drawing."""
    name = _tell_format(data)
    if name is None:
        return 0, 0
    with Image.open(io.BytesIO(data), formats=[name]) as image:
        return int(image.width), int(image.height)


def _clean(data: bytes, name: str) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(data), formats=[name]) as image:
        _refuse_bomb(image, name)
        if name == "JPEG":
            image.draft("RGB", (WIDEST, WIDEST))
        fits = image.width <= WIDEST and image.height <= TALLEST and len(data) <= MAX_BYTES
        plain = fits and name in _BLOCKS and _is_plain(data, name)
        image.seek(0)
        image.load()
        if plain:
            return data, _TYPES[name]
        return _encode(_shrink(ImageOps.exif_transpose(image)), _KEPT_AS[name])


def _refuse_bomb(image: Image.Image, name: str) -> None:
    most = MOST_JPEG_PIXELS if name == "JPEG" else MOST_PIXELS
    if image.width * image.height > most:
        raise PictureError("picture_pixels", limit=most // 1_000_000)


def _shrink(image: Image.Image) -> Image.Image:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    return image


def _encode(image: Image.Image, name: str) -> tuple[bytes, str]:
    if name == "JPEG" and image.mode == "RGBA":
        image = image.convert("RGB")
    # A new picture takes over the pixels and nothing else.
    plain = Image.frombytes(image.mode, image.size, image.tobytes())
    out = io.BytesIO()
    plain.save(out, name, **_SETTINGS[name])
    if out.tell() > MAX_BYTES:
        raise PictureError("picture_too_large")
    return out.getvalue(), _TYPES[name]


def _tell_format(data: bytes) -> str | None:
    """Return Pillow's name for what the bytes show; None for what is not made of pixels."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise PictureError("picture_heic")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    beginnings = {
        b"\x89PNG\r\n\x1a\n": "PNG",
        b"\xff\xd8\xff": "JPEG",
        b"GIF87a": "GIF",
        b"GIF89a": "GIF",
        b"BM": "BMP",
        b"II*\0": "TIFF",
        b"MM\0*": "TIFF",
    }
    return next((name for start, name in beginnings.items() if data.startswith(start)), None)


def _is_plain(data: bytes, name: str) -> bool:
    """Tell whether the bytes hold a picture and nothing besides, neither inside nor behind."""
    blocks, allowed = _BLOCKS[name]
    return all(block in allowed for block in blocks(data))


#: What stands where a file goes on after its picture.
_REST = b"rest"


def _png_chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind
        at += length + 12
        if kind == b"IEND":
            break
    if at != len(data):
        yield _REST


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    """Yield the marker of each segment up to the scan (ITU-T T.81, B.1.1)."""
    at = 2
    while at + 4 <= len(data):
        marker, length = struct.unpack_from(">2sH", data, at)
        yield marker
        if marker == b"\xff\xda":
            break
        at += length + 2
    if not data.endswith(b"\xff\xd9"):
        yield _REST


def _webp_chunks(data: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        yield kind
        at += 8 + length + length % 2
    if at != len(data):
        yield _REST


#: Tables, frames and scans; the application's marks of JFIF and Adobe, but no Exif, XMP, comment.
_JPEG_MARKERS = frozenset(
    bytes((0xFF, mark))
    for mark in (*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xEE)
)
_BLOCKS: dict[str, tuple[Callable[[bytes], Iterator[bytes]], frozenset[bytes]]] = {
    "PNG": (_png_chunks, _PNG_CHUNKS),
    "JPEG": (_jpeg_segments, _JPEG_MARKERS),
    "WEBP": (_webp_chunks, _WEBP_CHUNKS),
}

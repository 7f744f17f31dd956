"""Pictures that come in: made fit for phones, rid of what they carry, never a bomb."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from courses import imaging
from courses.formats.packed import PackedCourse, PackedPicture
from courses.formats.picture import MESSAGES, PictureError
from courses.imaging import clean_picture, clean_pictures, measure
from tests.courses.packs import SVG

FORMATS = ("PNG", "JPEG", "WEBP")
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
ROTATED = 6  # Exif: turn a quarter to the right to show it


def photo(
    name: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object
) -> bytes:
    image = Image.new(mode, size)
    for x in range(min(size)):
        image.putpixel((x, x), 255 if mode in ("L", "P") else (x % 256,) * len(mode))
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    """Return Exif data with a place: where the photographer lives."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "Máy ảnh của tôi"
    data.get_ifd(0x8825)[1] = "N"
    return bytes(data.tobytes())


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        clean_picture(data)
    MESSAGES[caught.value.code].format(**caught.value.values)
    return caught.value.code


@pytest.mark.parametrize("name", FORMATS)
def test_a_small_picture_without_anything_else_keeps_its_bytes(name: str) -> None:
    data = photo(name)
    assert clean_picture(data) == (data, TYPES[name])


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_photo_tells_of_its_photographer_goes(name: str) -> None:
    data = photo(name, exif=exif(), comment=b"secret")
    kept, content_type = clean_picture(data)
    assert content_type == TYPES[name]
    assert b"M\xc3\xa1y" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"secret" not in kept


def test_a_text_in_a_png_and_what_hangs_behind_a_picture_go() -> None:
    notes = PngInfo()
    notes.add_text("Author", "Nguyễn Thị Bí Mật")
    assert b"Author" not in clean_picture(photo("PNG", pnginfo=notes))[0]
    assert b"<script>" not in clean_picture(photo("PNG") + b"<script>")[0]
    assert b"<script>" not in clean_picture(photo("JPEG") + b"<script>")[0]


@pytest.mark.parametrize("name", FORMATS)
def test_a_photo_stands_upright_before_its_marks_go(name: str) -> None:
    kept, _type = clean_picture(photo(name, (40, 20), exif=exif(ROTATED)))
    assert measure(kept) == (20, 40)


@pytest.mark.parametrize("name", FORMATS)
def test_a_wide_picture_becomes_as_wide_as_a_page(name: str) -> None:
    kept, _type = clean_picture(photo(name, (4000, 1000)))
    assert measure(kept) == (imaging.WIDEST, 400)


@given(
    st.sampled_from(FORMATS),
    st.integers(1, 1700),
    st.integers(1, 60),
    st.sampled_from(["RGB", "L", "RGBA", "P"]),
)
def test_what_was_cleaned_once_stays_as_it_is(
    name: str, width: int, height: int, mode: str
) -> None:
    if name == "JPEG" and mode in ("RGBA", "P"):
        mode = "CMYK"
    if name == "WEBP" and mode == "P":
        mode = "RGBA"
    once = clean_picture(photo(name, (width, height), mode))
    assert clean_picture(once[0]) == once


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("GIF", "image/png"), ("BMP", "image/png"), ("TIFF", "image/jpeg")],
)
def test_an_old_format_becomes_one_that_every_phone_shows(name: str, content_type: str) -> None:
    kept, found = clean_picture(photo(name))
    assert found == content_type
    assert measure(kept) == (40, 20)


def test_of_a_picture_that_moves_the_first_one_stays() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    kept, _type = clean_picture(out.getvalue())
    with Image.open(io.BytesIO(kept)) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_drawing_stays_as_it_is() -> None:
    assert clean_picture(SVG) == (SVG, "image/svg+xml")
    assert measure(SVG) == (0, 0)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    assert refusal(data) == "picture_pixels"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\0\0\0\x20ftypheic" + b"\0" * 40, "picture_heic"),
        (b"\0\0\0\x20ftypavif" + b"\0" * 40, "picture_heic"),
        (photo("PNG")[:60], "picture_damaged"),
        (photo("JPEG")[:200], "picture_damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82", "picture_damaged"),
        (b"GIF89a" + b"\xff" * 30, "picture_damaged"),
        (b"II*\0" + b"\xff" * 30, "picture_damaged"),
        (b"%PDF-1.4", "picture_type"),
        (b"", "picture_type"),
    ],
)
def test_what_is_no_whole_picture_is_refused_by_name(data: bytes, code: str) -> None:
    assert refusal(data) == code


@given(st.sampled_from([*FORMATS, "GIF", "BMP", "TIFF"]), st.data())
def test_a_mangled_picture_is_cleaned_or_refused(name: str, data: st.DataObject) -> None:
    whole = bytearray(photo(name, exif=exif()) if name in FORMATS else photo(name))
    for _change in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        kept, content_type = clean_picture(
            bytes(whole[:cut] if data.draw(st.booleans()) else whole)
        )
    except PictureError:
        return
    assert content_type in (*TYPES.values(), "image/svg+xml")
    assert clean_picture(kept)[0] == kept


def test_a_course_that_comes_in_leaves_damaged_pictures_out_and_says_so() -> None:
    good, bad = photo("PNG"), photo("PNG")[:50]
    course = PackedCourse(
        "khoa",
        "Khóa",
        1,
        pictures={
            "images/tot.png": PackedPicture(good, "image/png"),
            "images/hong.png": PackedPicture(bad, "image/png"),
        },
    )
    cleaned = clean_pictures(course)
    assert dict(cleaned.pictures) == {"images/tot.png": PackedPicture(good, "image/png")}
    assert [(fault.code, fault.file) for fault in cleaned.warnings] == [
        ("picture_damaged", "images/hong.png")
    ]

"""Pictures in packs: told by their bytes, and an SVG that could act is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.formats.picture import MESSAGES, PictureError, check_picture, tell_type
from tests.courses.packs import PNG, SVG

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples" / "hostile"
CONTENT = Path(__file__).resolve().parents[2] / "lms" / "seed" / "content"

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
WEBP = b"RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0"


def svg(inside: str = "", attributes: str = "", before: str = "") -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{before}<svg {names} {attributes}>{inside}</svg>".encode()


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        tell_type(data)
    MESSAGES[caught.value.code].format(**caught.value.values)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.svg", SVG, "image/svg+xml"),
        ("a.svg", b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n' + SVG, "image/svg+xml"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.webp", WEBP, "image/webp"),
    ],
)
def test_the_type_comes_from_the_bytes_and_the_ending_agrees(
    name: str, data: bytes, content_type: str
) -> None:
    assert check_picture(name, data) == content_type
    with pytest.raises(PictureError):
        check_picture("a.gif", data)


@pytest.mark.parametrize(
    "inside",
    [
        '<linearGradient id="a"><stop offset="1"/></linearGradient><rect fill="url(#a)"/>',
        '<rect fill="url(\'#a\')" style="fill: url( &quot;#a&quot; )"/>',
        '<defs><g id="b"/></defs><use href="#b"/><use xlink:href="#b"/>',
        '<text xml:space="preserve">a<tspan>b</tspan></text><title>t</title><desc>d</desc>',
        '<image href="data:image/png;base64,aGE="/>',
        "<style>.a { fill: red }</style>",
    ],
)
def test_what_only_draws_is_taken(inside: str) -> None:
    assert tell_type(svg(inside)) == "image/svg+xml"


@pytest.mark.parametrize(
    "data",
    [
        svg("<script>alert(1)</script>"),
        svg("<SCRIPT>alert(1)</SCRIPT>"),
        svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
        svg('<iframe xmlns="http://www.w3.org/1999/xhtml" src="//evil"/>'),
        svg('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
        svg(attributes='onload="alert(1)"'),
        svg('<rect onclick="alert(1)"/>'),
        svg('<rect ONCLICK="alert(1)"/>'),
        svg('<a href="javascript:alert(1)"><rect/></a>'),
        svg('<use href="https://evil.example/x.svg#a"/>'),
        svg('<use xlink:href="//evil.example/x.svg#a"/>'),
        svg('<use href="data:image/svg+xml;base64,aGE="/>'),
        svg('<image href="https://evil.example/x.png"/>'),
        svg('<image href="data:image/svg+xml;base64,aGE="/>'),
        svg('<animate attributeName="href" to="javascript:alert(1)"/>'),
        svg('<set attributeName="onclick" to="alert(1)"/>'),
        svg('<rect fill="url(https://evil.example/x)"/>'),
        svg("<rect style=\"fill: url('//evil.example/x')\"/>"),
        svg("<style>@import url(//evil.example/x);</style>"),
        svg("<style>@import '//evil.example/x';</style>"),
        svg("<style>@\\69mport '//evil.example/x';</style>"),
        svg("<style>a{}<!-- --> @import '//evil.example/x';</style>"),
        svg("<style>rect { background: image-set('//evil.example/x') }</style>"),
        svg(attributes='xml:base="https://evil.example/"'),
        svg(before='<?xml-stylesheet href="//evil.example/x.css"?>'),
        svg(before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        svg(before='<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', inside="&b;"),
    ],
)
def test_an_svg_that_could_act_or_fetch_is_refused(data: bytes) -> None:
    assert refusal(data) == "svg_unsafe"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_type"),
        (b"GIF89a\x01\0\x01\0", "picture_type"),
        (b"<html><svg></html>", "picture_damaged"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>', "picture_type"),
        (b"<svg></svg>", "picture_type"),
        (SVG[:-4], "picture_damaged"),
        (PNG[:-4], "picture_damaged"),
        (JPEG[:-2], "picture_damaged"),
        (WEBP[:-4], "picture_damaged"),
        (PNG + b"\0" * (6 * 1024**2), "picture_too_large"),
    ],
)
def test_what_is_no_picture_or_not_whole_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


@given(st.binary(max_size=100), st.sampled_from([b"", b"<svg", b"\x89PNG", SVG, b"RIFF"]))
def test_no_bytes_bring_it_down(data: bytes, begin: bytes) -> None:
    try:
        tell_type(begin + data)
    except PictureError as error:
        assert error.code in MESSAGES  # noqa: PT017 - being taken is as good


def test_every_picture_of_the_starter_courses_is_taken() -> None:
    drawings = sorted(CONTENT.glob("*/images/*"))
    assert drawings
    for path in drawings:
        assert check_picture(path.name, path.read_bytes()) == "image/svg+xml"


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of hostile examples is not here")
def test_the_hostile_examples_are_refused() -> None:
    for path in sorted([*EXAMPLES.glob("svg/*"), *EXAMPLES.glob("images/*")]):
        with pytest.raises(PictureError):
            check_picture(path.name, path.read_bytes())

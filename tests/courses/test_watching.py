"""Captions and what was watched: the pure parts, held against any input at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import watching
from courses.formats.captions import (
    MESSAGES,
    CaptionsError,
    Cue,
    clean_captions,
    decode,
    read_captions,
    write_vtt,
)
from courses.sizes import say_seconds

_MOMENTS = st.integers(0, 200).map(lambda tenths: tenths / 10)
_STRETCHES = st.lists(
    st.tuples(_MOMENTS, _MOMENTS).filter(lambda pair: pair[0] < pair[1]), max_size=20
)


def tenths_in(stretches: list[tuple[float, float]]) -> set[int]:
    """Return every tenth of a second in the stretches: the slow way that is surely right."""
    return {
        tenth for start, end in stretches for tenth in range(round(start * 10), round(end * 10))
    }


@given(_STRETCHES)
def test_stretches_are_joined_in_order_without_losing_a_second(
    stretches: list[tuple[float, float]],
) -> None:
    joined = watching.join(stretches)
    assert all(one[1] < other[0] for one, other in pairwise(joined))
    pairs = [(start, end) for start, end in joined]
    assert tenths_in(pairs) == tenths_in(stretches)
    assert watching.join(joined) == joined


@given(_STRETCHES, _STRETCHES, st.floats(0, 4000))
def test_no_more_is_believed_than_time_allows(
    known: list[tuple[float, float]], new: list[tuple[float, float]], allowed: float
) -> None:
    before = watching.count_seconds(known)
    after = watching.count_seconds(watching.add(known, new, allowed))
    assert before - 1e-6 <= after <= before + allowed + 1e-6


@given(_STRETCHES, _STRETCHES)
def test_given_time_enough_everything_is_believed(
    known: list[tuple[float, float]], new: list[tuple[float, float]]
) -> None:
    assert watching.count_seconds(watching.add(known, new, 10**7)) == pytest.approx(
        watching.count_seconds([*known, *new])
    )


@given(_STRETCHES, st.floats(-10, 6000))
def test_a_share_is_a_share(stretches: list[tuple[float, float]], seconds: float) -> None:
    assert 0 <= watching.share(stretches, seconds) <= 100


def test_the_whole_of_a_film_is_all_of_it() -> None:
    assert watching.share([[0, 59.7]], 60) == 100
    assert watching.share([[0, 30], [20, 45]], 90) == 50
    assert watching.share([], 90) == 0
    assert say_seconds(3725) == "1:02:05"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_whatever_a_browser_sends_is_read(value: object) -> None:
    for start, end in watching.read_stretches(value):
        assert 0 <= start < end <= 86_400


# --- captions

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Xin chào</i> các anh/chị

2
00:00:03,000 --> 00:00:04,000 X1:40 X2:600
{\\an8}- Bình đẳng <font color="#fff">giới</font>
- là gì?
"""
CUES = [
    Cue(1000, 2500, "Xin chào các anh/chị"),
    Cue(3000, 4000, "- Bình đẳng giới\n- là gì?"),
]


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode(),
        SRT.encode("utf-8-sig"),
        SRT.replace("\n", "\r\n").encode(),
        SRT.replace("\n", "\r").encode(),
        SRT.encode("utf-16"),
        SRT.encode("utf-16-le"),
        SRT.encode("utf-16-be"),
        # Windows-1258 writes a letter and then its tone.
        "".join(
            {"à": "a\u0300", "ì": "i\u0300", "ẳ": "ă\u0309", "ớ": "ơ\u0301", "ị": "i\u0323"}.get(
                letter, letter
            )
            for letter in SRT
        ).encode("cp1258"),
    ],
)
def test_srt_is_read_in_every_encoding_that_is_met(data: bytes) -> None:
    assert read_captions(data) == CUES


def test_a_webvtt_keeps_its_words_and_loses_its_looks() -> None:
    text = (
        "WEBVTT - tiêu đề\n\nSTYLE\n::cue { background: url(https://evil.example/) }\n\n"
        "NOTE ghi chú\n\nmot\n00:01.000 --> 00:02.000 align:start\n<v Hoà><b>A &amp; B</b> &lt;3\n"
    )
    assert clean_captions(text.encode()).decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nA &amp; B &lt;3\n"
    )


@pytest.mark.parametrize("data", [b"", b"hello", b"WEBVTT\n", b"\x00" * 500, b"1\n00:00 --> x\n"])
def test_what_holds_no_captions_is_refused(data: bytes) -> None:
    with pytest.raises(CaptionsError) as caught:
        clean_captions(data)
    assert caught.value.code in MESSAGES


_WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>{}&\u2028\u2029"),
    min_size=1,
    max_size=40,
).map(lambda text: decode(" ".join(text.split()).encode()))
_CUES = st.builds(
    lambda start, length, text: Cue(start, start + length, text),
    st.integers(0, 10**7),
    st.integers(1, 10**5),
    _WORDS.filter(lambda text: text.strip() != "" and "-->" not in text),
)


@given(st.lists(_CUES, min_size=1, max_size=10))
def test_what_was_written_is_read_again(cues: list[Cue]) -> None:
    assert read_captions(write_vtt(cues).encode()) == sorted(cues)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_cleaning_twice_is_cleaning_once(data: bytes) -> None:
    for captions in (data, SRT.encode() + data):
        try:
            once = clean_captions(captions)
        except CaptionsError:
            continue
        assert clean_captions(once) == once
        assert b"<" not in once

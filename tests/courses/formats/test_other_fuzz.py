"""Spoilt files for the small readers, and for what tells formats apart: a course or a reason."""

import io

from PIL import Image

from courses.formats import audio, pack, video, xapi
from courses.formats.brought import Brought
from courses.formats.captions import CaptionsError, read_captions
from courses.formats.fault import Fault
from courses.formats.faults import UnreadableCourse
from courses.formats.picture import PictureError
from courses.formats.recognising import read_any
from courses.imaging import clean_picture
from tests.courses.formats import building
from tests.courses.formats.fuzzing import fuzz
from tests.courses.formats.slide_files import full_deck
from tests.courses.formats.word_files import handbook
from tests.courses.packs import zipped

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00\x00\x00\x08free" * 20
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x42" * 90
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\xff\xfb\x90\x64" * 60
SUBTITLES = "1\r\n00:00:01,000 --> 00:00:02,500\r\nXin chào <i>anh chị</i>\r\n\r\n".encode()


def test_a_course_pack() -> None:
    fuzz(pack.read, [zipped(), zipped(top="khoa/")])


def test_what_speaks_xapi() -> None:
    fuzz(xapi.read, [building.zip_of({"cmi5.xml": "<courseStructure/>", "index.html": "x"})])


def test_films_and_sound() -> None:
    fuzz(video.read, [MP4, WEBM])
    fuzz(audio.read, [MP3])


def test_captions() -> None:
    fuzz(_read_captions, [SUBTITLES, b"WEBVTT\n\n" + SUBTITLES])


def test_pictures() -> None:
    fuzz(_clean, [_picture("PNG"), _picture("JPEG"), _picture("GIF"), _picture("WEBP")])


def test_a_file_of_any_format() -> None:
    fuzz(read_any, [zipped(), handbook(1, 5), full_deck(), building.scorm_12(), MP4, SUBTITLES])


def _read_captions(file: Brought) -> None:
    try:
        read_captions(file.all_bytes())
    except CaptionsError as error:
        raise UnreadableCourse([Fault(error.code, values=error.values)]) from None


def _clean(file: Brought) -> None:
    try:
        clean_picture(file.all_bytes())
    except PictureError as error:
        raise UnreadableCourse([Fault(error.code, values=error.values)]) from None


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, kind)
    return out.getvalue()

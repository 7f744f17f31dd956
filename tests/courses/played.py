"""Courses with videos and documents for tests, made in code: no file of anybody else's."""

import io
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg  # type: ignore[import-untyped]
import pikepdf
from PIL import Image
from sqlalchemy import select
from weasyprint import HTML

from courses.files import keep_file
from courses.models import Course, Lesson, Media, Module, Revision
from lms.core.db import db
from tests.factories import Factory

VIDEO, DOCUMENT = "media/bai-giang.mp4", "media/so-tay.pdf"
CAPTIONS = "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nBình đẳng giới là gì?\n"


@dataclass(frozen=True)
class Played:
    """A course whose first lesson is a video and whose second is a document."""

    course: Course
    video: str = "xem-bai-giang"
    document: str = "doc-so-tay"

    def address(self, key: str) -> str:
        """Return the address of a lesson."""
        return f"/courses/{self.course.slug}/lessons/{key}"


@lru_cache
def clip(
    ending: str = "mp4", seconds: float = 3, size: str = "640x360", sound: bool = True
) -> bytes:
    """Return a film of a test card, with a tone."""
    codecs = {
        "mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"],
        "mov": ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"],
        "webm": ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"],
    }
    picture = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=10:duration={seconds}"]
    return _make([*picture, *(_tone(seconds) if sound else []), *codecs[ending]], ending)


@lru_cache
def tone(ending: str = "mp3", seconds: float = 2) -> bytes:
    """Return a recording of a tone."""
    codec = {"mp3": "libmp3lame", "m4a": "aac", "ogg": "libvorbis", "wav": "pcm_s16le"}[ending]
    return _make([*_tone(seconds), "-c:a", codec], ending)


@lru_cache
def paper(pages: int = 3) -> bytes:
    """Return a PDF whose pages say which they are."""
    texts = (
        f"<p style='break-after: page'>Trang số {number}: bình đẳng giới trong gia đình</p>"
        for number in range(1, pages + 1)
    )
    return bytes(HTML(string=f"<title>Sổ tay</title>{''.join(texts)}").write_pdf())


def fax_paper() -> bytes:
    """Return a PDF of one page that is a fax: black all over, as scanners send it."""
    page, out = io.BytesIO(), io.BytesIO()
    Image.new("1", (400, 560), 0).save(page, "TIFF", compression="group4")
    with Image.open(page) as scan:
        start, length = scan.tag_v2[273][0], scan.tag_v2[279][0]
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 560))
        picture = pikepdf.Stream(
            pdf,
            page.getvalue()[start : start + length],
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=400,
            Height=560,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=1,
            Filter=pikepdf.Name.CCITTFaxDecode,
            DecodeParms={"/K": -1, "/Columns": 400, "/Rows": 560, "/BlackIs1": True},
        )
        sheet = pdf.pages[0]
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fax=picture))
        sheet.Contents = pikepdf.Stream(pdf, b"q 400 0 0 560 0 0 cm /Fax Do Q")
        pdf.save(out)
    return out.getvalue()


def played_course(
    make: Factory,
    film: bytes,
    *,
    completion: dict[str, object] | None = None,
    document: bytes = b"",
) -> Played:
    """Make a published course of a video with captions and a document."""
    course = make.course(lessons=0)
    with make.writing():
        revision = db.session.scalars(select(Revision).filter_by(course_id=course.id)).one()
        module = db.session.scalars(select(Module).filter_by(revision_id=revision.id)).one()
        name_file(revision, VIDEO, film, "video/mp4")
        name_file(revision, "media/bai-giang.vi.vtt", CAPTIONS.encode(), "text/vtt")
        name_file(revision, DOCUMENT, document or paper(), "application/pdf")
        place = {"revision_id": revision.id, "module_id": module.id}
        db.session.add_all(
            [
                Lesson(
                    **place,
                    key="xem-bai-giang",
                    position=1,
                    kind="video",
                    title="Xem bài giảng",
                    settings={"file": VIDEO},
                    completion=completion or {},
                ),
                Lesson(
                    **place,
                    key="doc-so-tay",
                    position=2,
                    kind="document",
                    title="Đọc sổ tay",
                    settings={"file": DOCUMENT},
                ),
            ]
        )
    return Played(course)


def name_file(revision: Revision, name: str, data: bytes, content_type: str) -> str:
    """Let a revision show a file; return its SHA-256."""
    kept = keep_file(io.BytesIO(data))
    facts = {"sha256": kept.sha256, "size": kept.size, "content_type": content_type}
    db.session.add(Media(revision_id=revision.id, name=name, **facts))
    return kept.sha256


def _tone(seconds: float) -> list[str]:
    return ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]


def _make(arguments: list[str], ending: str) -> bytes:
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"target.{ending}"
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        subprocess.run([ffmpeg, "-loglevel", "error", *arguments, str(target)], check=True)
        return target.read_bytes()

"""Files of lessons: kept by content, sent by ranges, harmless when opened by themselves."""

import hashlib
import io
import os
import resource
from pathlib import Path

import pytest
from flask import Flask
from obstore.store import MemoryStore
from sqlalchemy import select

from courses.files import keep_file, open_kept, storage_key
from courses.models import Media, Rendition, Revision
from lms.core import storage
from lms.core.clock import now
from lms.core.db import db
from tests.factories import Factory
from tests.services.page_client import PageClient

CONTENT = bytes(range(256)) * 10
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ADDRESS = f"/courses/media/{SHA256}/bai-giang.mp4"


@pytest.fixture
def learner(client: PageClient, make: Factory) -> PageClient:
    """Return a learner in a province whose course shows a video."""
    show(make, "media/bai-giang.mp4", CONTENT, "video/mp4")
    client.sign_in(make.person())
    return client


def show(make: Factory, name: str, data: bytes, content_type: str) -> str:
    course = make.course()
    with make.writing():
        revision_id = db.session.scalar(select(Revision.id).filter_by(course_id=course.id))
        kept = keep_file(io.BytesIO(data))
        facts = {"sha256": kept.sha256, "content_type": content_type, "size": kept.size}
        db.session.add(Media(revision_id=revision_id, name=name, **facts))
    return kept.sha256


def test_a_whole_file_says_that_it_never_changes(learner: PageClient) -> None:
    answer = learner.get(ADDRESS)
    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["ETag"] == f'"{SHA256}"'
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-10", len(CONTENT) - 10, len(CONTENT)),
        ("bytes=2559-999999", 2559, len(CONTENT)),
        ("bytes=0-0", 0, 1),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    learner: PageClient, asked: str, start: int, end: int
) -> None:
    answer = learner.get(ADDRESS, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(end - start)


def test_a_part_outside_the_file_is_refused_with_its_length(learner: PageClient) -> None:
    answer = learner.get(ADDRESS, headers={"Range": "bytes=99999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=0-5", "bytes=x", "bytes=9-3", ""])
def test_what_is_no_single_range_gets_the_whole_file(learner: PageClient, asked: str) -> None:
    answer = learner.get(ADDRESS, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, CONTENT)


def test_a_range_of_another_content_gets_the_whole_file(learner: PageClient) -> None:
    same = learner.get(ADDRESS, headers={"Range": "bytes=0-9", "If-Range": f'"{SHA256}"'})
    other = learner.get(ADDRESS, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    dated = learner.get(
        ADDRESS, headers={"Range": "bytes=0-9", "If-Range": "Sun, 01 Nov 2026 00:00:00 GMT"}
    )
    assert [same.status_code, other.status_code, dated.status_code] == [206, 200, 200]


def test_what_a_browser_has_is_not_sent_again(learner: PageClient) -> None:
    answer = learner.get(ADDRESS, headers={"If-None-Match": f'"{SHA256}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_head_says_how_long_the_file_is(learner: PageClient) -> None:
    answer = learner.head(ADDRESS, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(CONTENT))


def test_a_compressed_drawing_is_sent_whole(learner: PageClient, make: Factory) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g/>" * 500 + b"</svg>"
    sha256 = show(make, "images/so-do.svg", drawing, "image/svg+xml")
    answer = learner.get(
        f"/courses/media/{sha256}/so-do.svg",
        headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"},
    )
    assert answer.status_code == 200
    assert "Accept-Ranges" not in answer.headers


def test_what_is_not_shown_is_downloaded(learner: PageClient, make: Factory) -> None:
    sha256 = show(make, "media/goi.xyz", b"<script>1</script>", "application/xml")
    answer = learner.get(f"/courses/media/{sha256}/goi.xyz")
    assert answer.headers["Content-Disposition"] == "attachment; filename=goi.xyz"


def test_a_package_is_not_found_under_the_product_s_origin(
    learner: PageClient, make: Factory
) -> None:
    sha256 = show(make, "packages/goi.zip", b"PK", "application/zip")
    assert learner.get(f"/courses/media/{sha256}/goi.zip").status_code == 404


def test_a_file_made_of_another_is_sent_too(learner: PageClient, make: Factory) -> None:
    with make.writing():
        kept = keep_file(io.BytesIO(b"240p"))
        facts = {"sha256": kept.sha256, "content_type": "video/mp4", "size": kept.size}
        work = {"source_sha256": SHA256, "profile": "240p", "state": "done", "created_at": now()}
        db.session.add(Rendition(**work, **facts))
    assert learner.get(f"/courses/media/{kept.sha256}/240p.mp4").data == b"240p"


def test_what_nobody_shows_or_storage_lost_is_not_found(learner: PageClient, app: Flask) -> None:
    assert learner.get(f"/courses/media/{'0' * 64}/x.mp4").status_code == 404
    with app.app_context():
        storage.delete(storage_key(SHA256))
    assert learner.get(ADDRESS).status_code == 404


def test_a_file_that_breaks_off_leaves_nothing_behind(app: Flask) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 8 * storage.BLOCK:
                raise OSError("the disk is gone")
            return super().read(size)

    with app.app_context():
        with pytest.raises(OSError, match="gone"):
            storage.put_file("tests/dut", Broken(b"x" * 20 * storage.BLOCK))
        assert not storage.exists("tests/dut")


def test_a_large_file_goes_in_and_out_in_blocks(app: Flask) -> None:
    class Zeros(io.RawIOBase):
        left = 300 * storage.BLOCK

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1, /) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    with app.app_context():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        storage.put_file("tests/lon", Zeros())  # type: ignore[arg-type]
        blocks = storage.open_range("tests/lon", 5, 300 * storage.BLOCK)
        assert sum(len(block) for block in blocks) == 300 * storage.BLOCK - 5
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        storage.delete("tests/lon")
    assert after - before < 60_000  # kilobytes


def test_what_a_killed_process_had_begun_is_swept_and_nothing_else(app: Flask) -> None:
    with app.app_context():
        storage.put("tests/giu", b"x")
        storage.put("tests/ten#1a", b"x")
        folder = Path(str(storage.local_path("tests/giu"))).parent
        old, young = folder / "dut#1", folder / "dang-ghi#2"
        for path in (old, young):
            path.write_bytes(b"half")
        os.utime(old, (0, 0))
        os.utime(folder / "giu", (0, 0))
        for path in folder.glob("ten*"):
            os.utime(path, (0, 0))
        assert storage.sweep_unfinished() == 1
        assert not old.exists()
        assert young.exists()
        assert storage.get("tests/giu") == storage.get("tests/ten#1a") == b"x"
        young.unlink()


def test_a_store_without_a_disk_sends_ranges_too(
    learner: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "storage", MemoryStore())
    with app.app_context():
        assert keep_file(io.BytesIO(CONTENT)).sha256 == SHA256
        assert storage.local_path(storage_key(SHA256)) is None
        with open_kept(SHA256) as file:
            file.seek(2000)
            assert file.read(3) == CONTENT[2000:2003]
    answer = learner.get(ADDRESS, headers={"Range": "bytes=100-199"})
    assert (answer.status_code, answer.data) == (206, CONTENT[100:200])


def test_a_kept_file_can_be_sought_in(app: Flask) -> None:
    with app.app_context():
        kept = keep_file(io.BytesIO(CONTENT))
        assert kept.size == len(CONTENT)
        with open_kept(kept.sha256) as file:
            file.seek(-5, io.SEEK_END)
            assert file.read() == CONTENT[-5:]
            file.seek(10)
            assert file.read(4) == CONTENT[10:14]
        with pytest.raises(FileNotFoundError):
            open_kept("0" * 64)

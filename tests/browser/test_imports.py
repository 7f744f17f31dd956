"""A trainer brings a large file over a network that fails, closes the tab, and comes back."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor
from tests.courses.packs import COURSE, zipped

TITLES = {"phone": "Sổ tay lồng ghép giới", "desk": "Sổ tay đánh giá tác động giới"}
#: Three parts and a bit, at a pace that leaves time to cut the line.
MEGABYTES = 26
BYTES_A_SECOND = 5 * 1024**2
ADDRESS = "/courses/write/import"


@pytest.fixture
def pack(tmp_path: Path, size: Size) -> Path:
    """Make a course pack with a large document in it."""
    title = TITLES[size.name]
    course = COURSE.replace("Khóa thử", title).replace("khoa-thu", f"so-tay-{size.name}")
    document = b"%PDF-1.7\n" + os.urandom(MEGABYTES * 1024**2)
    path = tmp_path / "so-tay.zip"
    path.write_bytes(zipped({"course.yml": course, "media/so-tay.pdf": document}))
    return path


def test_a_file_survives_a_cut_network_and_a_closed_tab(
    visit: Visit, site: Site, size: Size, pack: Path
) -> None:
    trainer = visit()
    trainer.sign_in(ACCOUNTS["trainer"].username, site.demo_password)
    trainer.go_to("courses.write")
    trainer.follow("import-pack")
    line = slow_line(trainer)
    choose(trainer, pack)
    wait_for_bytes(trainer)
    line(cut=True)
    expect(trainer.find("upload-state")).to_contain_text(re.compile("Mất kết nối|connection"))
    line(cut=False)
    wait_for_bytes(trainer)
    trainer.press("pause")
    expect(trainer.find("pause")).to_have_text(re.compile("Gửi tiếp|Go on sending"))
    trainer.check()

    trainer.close_tab()
    trainer.open(ADDRESS)
    assert "so-tay.zip" in trainer.text_of("unfinished")
    choose(trainer, pack)
    expect(trainer.find("preview")).to_be_visible(timeout=60_000)
    trainer.check()
    assert TITLES[size.name] in trainer.page.inner_text("h1")
    make_the_course(trainer, TITLES[size.name])


def test_a_file_that_is_no_material_is_refused_with_what_to_do(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    trainer = visit()
    trainer.sign_in(ACCOUNTS["trainer"].username, site.demo_password)
    program = tmp_path / "bai-giang.pdf"
    program.write_bytes(b"MZ\x90\0" + bytes(1000))
    trainer.open(ADDRESS)
    choose(trainer, program)
    expect(trainer.find("faults")).to_be_visible()
    trainer.check()
    trainer.press("discard")


def test_without_scripts_a_small_file_goes_the_same_way(
    visit: Visit, site: Site, size: Size, tmp_path: Path
) -> None:
    trainer = visit(scripts=False)
    trainer.sign_in(ACCOUNTS["trainer"].username, site.demo_password)
    title = f"Khóa không cần mã lệnh, {size.name}"
    course = COURSE.replace("Khóa thử", title).replace("khoa-thu", f"khong-ma-{size.name}")
    path = tmp_path / "nho.zip"
    path.write_bytes(zipped({"course.yml": course}))
    trainer.open(ADDRESS)
    trainer.find("file").set_input_files(path)
    trainer.follow("import")
    make_the_course(trainer, title)
    trainer.follow("export")
    assert trainer.has("export-pack")
    assert trainer.has("export-scorm12")


def slow_line(trainer: Visitor) -> Callable[..., None]:
    """Slow the network down; return what cuts it, and mends it again."""
    session = trainer.context.new_cdp_session(trainer.page)
    session.send("Network.enable")

    def set_line(*, cut: bool) -> None:
        pace = {"latency": 20, "downloadThroughput": -1, "uploadThroughput": BYTES_A_SECOND}
        session.send("Network.emulateNetworkConditions", {"offline": cut, **pace})

    set_line(cut=False)
    return set_line


def choose(trainer: Visitor, path: Path) -> None:
    trainer.find("file").set_input_files(path)
    trainer.press("import")


def wait_for_bytes(trainer: Visitor) -> None:
    """Wait until more is sent than when this began."""
    before = share_sent(trainer)
    for _turn in range(200):
        if share_sent(trainer) > before + 0.05:
            return
        trainer.page.wait_for_timeout(100)
    raise AssertionError(trainer.text_of("upload-state"))


def share_sent(trainer: Visitor) -> float:
    bar = trainer.page.locator("[data-upload-progress] progress")
    return float(bar.evaluate("bar => bar.value"))


def make_the_course(trainer: Visitor, title: str) -> None:
    if trainer.has("target-new"):
        trainer.press("target-new")
    trainer.press("apply")
    expect(trainer.page.locator("h1")).to_contain_text(title)
    trainer.page.wait_for_load_state()
    if trainer.has("import-works"):
        expect(trainer.find("open-made")).to_be_visible(timeout=60_000)
    if trainer.has("open-made"):
        trainer.follow("open-made")
    trainer.check()
    assert title in trainer.page.inner_text("h1")
    assert trainer.has("publish")

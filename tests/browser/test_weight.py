"""A first visit to a lesson is light enough for the network of a mountain commune."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.courses import STARTERS, StarterCourse
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit
from tests.courses.formats.word_files import handbook
from tests.factories import PASSWORD

MOST_BYTES = 100_000
MOST_REQUESTS = 10


@dataclass
class Load:
    """What came over the wire."""

    requests: int = 0
    sent_bytes: int = 0


@pytest.mark.parametrize("course", STARTERS, ids=lambda course: course.slug)
def test_a_first_visit_to_a_lesson_is_light(
    browser: Browser, visit: Visit, site: Site, size: Size, course: StarterCourse
) -> None:
    person = site.learner("Hoàng Thị Nhẹ", "09190-UBND", "official")
    trainee = visit()
    trainee.sign_in(person.staff_code, PASSWORD)
    trainee.open(f"/courses/{course.slug}")
    trainee.follow("enrol")
    lesson, cookies = trainee.page.url, trainee.context.cookies()
    load = first_visit(browser, size, lesson, cookies)
    assert load.requests <= MOST_REQUESTS
    assert load.sent_bytes <= MOST_BYTES


def test_a_lesson_of_an_imported_handbook_is_light_too(
    browser: Browser, visit: Visit, site: Site, size: Size, tmp_path: Path
) -> None:
    file = tmp_path / "so-tay.docx"
    file.write_bytes(handbook())
    runner = site.app.test_cli_runner()
    outcome = runner.invoke(args=["courses", "import", str(file), "--publish", "--json"])
    assert outcome.exit_code == 0, outcome.output
    slug = json.loads(outcome.output)["slug"]
    trainee = visit()
    trainee.sign_in(site.learner("Hoàng Thị Đọc", "09190-UBND").staff_code, PASSWORD)
    trainee.open(f"/courses/{slug}")
    trainee.follow("enrol")
    load = first_visit(browser, size, trainee.page.url, trainee.context.cookies())
    assert load.requests <= MOST_REQUESTS
    assert load.sent_bytes <= MOST_BYTES


def first_visit(browser: Browser, size: Size, url: str, cookies: Any) -> Load:
    """Load a page with an empty cache, to its very end; headers count."""
    load = Load()

    def count(event: dict[str, Any]) -> None:
        load.requests += 1
        load.sent_bytes += event["encodedDataLength"]

    with browser.new_context(**size.context) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        debugger = context.new_cdp_session(page)
        debugger.on("Network.loadingFinished", count)
        debugger.send("Network.enable")
        page.goto(url)
        page.mouse.wheel(0, 100_000)  # pictures further down come when they are seen
        page.wait_for_load_state("networkidle")
    return load

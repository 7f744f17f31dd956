"""What a first visit to a lesson costs over the wire, in a real browser."""

import shutil
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.scenarios import LESSON, Row
from tests.bench.site import COURSE, Site

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def first_visit(site: Site) -> Row:
    """Open a lesson with an empty cache; count bytes and requests."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        return _row("no browser found", {})
    sizes: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
        token = site.learners(1)[0]
        context.add_cookies([{"name": "lms", "value": token, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")

        def finished(event: dict[str, Any]) -> None:
            sizes.append(event["encodedDataLength"])

        wire.on("Network.loadingFinished", finished)
        page.goto(
            f"http://127.0.0.1:{site.port}/courses/{COURSE}/lessons/{LESSON}",
            wait_until="networkidle",
        )
        browser.close()
    kilobytes = sum(sizes) / 1000
    return _row(
        f"{kilobytes:.0f} KB, {len(sizes)} requests", {"kb": kilobytes, "requests": len(sizes)}
    )


def _row(figure: str, values: dict[str, object]) -> Row:
    return Row(
        "first visit to a lesson page, empty cache",
        figure,
        "100 KB, 10 requests",
        "Moodle 1,248 KB, 22 requests",
        values,
    )

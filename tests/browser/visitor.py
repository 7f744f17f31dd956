"""Somebody at a browser: finds controls by their ``data-test`` names, and overlooks no fault."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.browser.accessibility import find_violations
from tests.browser.sizes import Size

#: What only ``offline`` brings about.
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
#: Told by the page itself, so that a violation is an error even where the browser says little.
WATCH_POLICY = """document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`))"""

#: The page and what is wider than it; a part that scrolls by itself may be.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= window.innerWidth && window.innerWidth <= screen.width) return [];
  return [...document.querySelectorAll('body *')]
    .filter((el) => el.getBoundingClientRect().right > screen.width + 1)
    .map((el) => `${el.tagName.toLowerCase()}.${el.getAttribute('class') ?? ''}`)
    .slice(0, 8);
}"""


class Visitor:
    """One browser context with one page in it, watched all the time.

    ``follow`` and ``open`` lead to a new page and check it; ``faults`` holds what went
    wrong meanwhile. With the variable LMS_SCREENSHOTS set to a folder, each page met is
    photographed into it, whole, as ``<size>/<address>.png``. Without scripts the page's own
    do not run; ours do, to check it, once it has come.
    """

    def __init__(
        self, context: BrowserContext, address: str, size: Size, *, scripts: bool = True
    ) -> None:
        self.context = context
        self.size = size
        self.address = address
        self.faults: list[str] = []
        self.page = self._watch(context.new_page())
        self._scripts = scripts
        self._debugger = context.new_cdp_session(self.page)
        self._let_scripts_run(scripts)

    # --- going about --------------------------------------------------------

    def open(self, path: str, status: int = 200) -> None:
        """Type an address, which is to answer with this status."""
        answer = self.page.goto(self.address + path)
        if answer is None or answer.status != status:
            self._note(f"{answer and answer.status} instead of {status}")
        self.check()

    def follow(self, name: str, **which: Any) -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.press(name, **which)
        self.check()

    def press(self, name: str, **which: Any) -> None:
        """Press what changes this page."""
        self.find(name, **which).click()

    def write(self, name: str, text: str) -> None:
        """Write into a field."""
        self.find(name).fill(text)

    def choose(self, name: str, option: str) -> None:
        """Choose from a list, by what is shown or sent."""
        self.find(name).select_option(option)

    def find(self, name: str, *, text: str | re.Pattern[str] | None = None) -> Locator:
        """Return the control of that name in sight, the first of several."""
        found = self.page.get_by_test_id(name).filter(visible=True)
        return (found.filter(has_text=text) if text else found).first

    def text_of(self, name: str) -> str:
        """Return what stands there, on one line."""
        return " ".join(self.find(name).inner_text().split())

    def has(self, name: str) -> bool:
        """Tell whether such a control is in sight now."""
        return self.find(name).count() > 0

    def go_to(self, endpoint: str) -> None:
        """Use the main navigation."""
        if not self.has(f"nav-{endpoint}"):
            self.press("nav-more")
        self.follow(f"nav-{endpoint}")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in, from wherever one is."""
        self.open("/sign-in")
        self.write("username", username)
        self.write("password", password)
        self.follow("sign-in")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Take the network away for a while."""
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    def close_tab(self) -> None:
        """Close the tab without ado, and have another one."""
        self.page.close()
        self.page = self._watch(self.context.new_page())
        self._debugger = self.context.new_cdp_session(self.page)
        self._let_scripts_run(self._scripts)

    # --- overlooking nothing -------------------------------------------------

    def check(self) -> None:
        """Note what is wrong with this page: barriers, and what hangs over on a phone."""
        self._photograph()
        self._let_scripts_run(True)
        faults = [f"barrier: {fault}" for fault in find_violations(self.page)]
        wide = self.page.evaluate(TOO_WIDE)
        if wide:
            faults.append(f"wider than the screen: {', '.join(wide)}")
        self.faults += [f"{self._path()}: {fault}" for fault in faults]
        self._let_scripts_run(self._scripts)

    def _let_scripts_run(self, allowed: bool) -> None:
        if not self._scripts:
            self._debugger.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def _watch(self, page: Page) -> Page:
        page.add_init_script(WATCH_POLICY)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"script failed: {error}"))
        page.on("requestfailed", self._miss)
        page.on("response", self._look_at)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser also reports the status of a refusal that the page itself explains.
        is_told = message.location["url"] == self.page.url and "with a status of 4" in message.text
        if message.type == "error" and OFFLINE not in message.text and not is_told:
            self._note(f"console: {message.text}")

    def _miss(self, request: Request) -> None:
        # What turns out to be a download, or is left for another page, is "aborted".
        if request.failure not in ("net::ERR_ABORTED", OFFLINE):
            self._note(f"request failed: {request.url} {request.failure}")

    def _look_at(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status} from {response.url}")

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self._path()}: {fault}")

    def _path(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _photograph(self) -> None:
        folder = os.environ.get("LMS_SCREENSHOTS")
        if not folder:
            return
        name = re.sub(r"[^\w.-]+", "-", self._path()).strip("-")[:80] or "home"
        path = Path(folder) / self.size.name / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True, animations="disabled")


#: Makes a visitor; ``scripts=False`` makes one whose browser runs none.
Visit = Callable[..., Visitor]

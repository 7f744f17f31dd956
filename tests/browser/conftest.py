"""Journeys in a real browser, on the product as it is run, at two sizes.

The tests of a size share one server with the demo province; each journey brings its own
people, so none sees what another did. LMS_SCREENSHOTS=<folder> keeps a picture of each
page met. A visitor fails the test on any error in the console or of a script, on a failed
request, an answer of 500 and more, a violation of the content security policy, a barrier
that axe-core finds, and a page wider than its screen.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site, running_site
from tests.browser.sizes import DESK, PHONE, Size, grouped
from tests.browser.visitor import Visit, Visitor
from tests.services.postgres import Postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A container has neither a sandbox nor a graphics card, and nothing is to be asked of the net.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
#: Longer than any page takes on a busy machine, in milliseconds.
PATIENCE = 20_000


@pytest.fixture(scope="session", params=[grouped(PHONE), grouped(DESK)])
def size(request: pytest.FixtureRequest) -> Size:
    """Give the screen of a phone, then of a desk."""
    return request.param


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, f"none of {', '.join(BROWSERS)} is installed; see .ci/setup-system"
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        yield playwright.chromium.launch(executable_path=path, args=SWITCHES)


@pytest.fixture(scope="session")
def sqlite_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the product on SQLite, as ``make run`` does."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def postgresql_site(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the product on PostgreSQL."""
    url = postgres.create_database("browser_lms")
    with running_site(tmp_path_factory.mktemp("site"), url) as site:
        yield site


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Site:
    """Give the site on SQLite, or on the database that the test asks for."""
    return request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_site")


@pytest.fixture
def visit(browser: Browser, site: Site, size: Size) -> Iterator[Visit]:
    """Let people come to the site; at the end, none of them has met a fault."""
    visitors = []

    def come(*, scripts: bool = True) -> Visitor:
        context = browser.new_context(**size.context)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, site.address, size, scripts=scripts))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.context.close()
    faults = [fault for visitor in visitors for fault in visitor.faults]
    assert not faults, "\n".join(dict.fromkeys(faults))

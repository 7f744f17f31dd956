"""Every page that a role can reach by links is sound at both sizes."""

import re
from collections import Counter, deque
from urllib.parse import urldefrag, urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from lms.seed.accounts import ACCOUNTS
from tests.browser.site import Site
from tests.browser.sizes import Size
from tests.browser.visitor import Visit, Visitor

MOST_PAGES = 60
#: Of the pages of one endpoint, the first role that meets it looks at so many, others at one.
ALIKE = 2
FILE = re.compile(r"\.(csv|xlsx|pdf|svg|png|zip)$|/(export/\w+|file)$")


@pytest.fixture(scope="module")
def met(size: Size) -> set[str]:
    """Keep the endpoints that earlier roles have met at this size."""
    return set()


@pytest.mark.parametrize("role", ACCOUNTS)
def test_every_page_reached_by_links_is_sound(
    visit: Visit, site: Site, met: set[str], role: str
) -> None:
    visitor = visit()
    visitor.sign_in(ACCOUNTS[role].username, site.demo_password)
    visited = walk(visitor, site, met)
    assert len(visited) > 10


def walk(visitor: Visitor, site: Site, met: set[str]) -> list[str]:
    """Open what links lead to, nearest first, and return the addresses of what was opened."""
    waiting, seen = deque(links(visitor)), set(links(visitor))
    pages: Counter[str] = Counter()
    visited = []
    while waiting and len(visited) < MOST_PAGES:
        path = waiting.popleft()
        endpoint = endpoint_of(site, path)
        pages[endpoint] += 1
        if pages[endpoint] > (1 if endpoint in met else ALIKE):
            continue
        visited.append(path)
        if FILE.search(urlsplit(path).path):
            fetch(visitor, path)
            continue
        visitor.open(path)
        new = [link for link in links(visitor) if link not in seen]
        seen.update(new)
        waiting.extend(new)
    met.update(pages)
    return visited


def links(visitor: Visitor) -> list[str]:
    """Return the addresses on this site that the page links to, each once."""
    found = visitor.page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
    paths = (urldefrag(url).url.removeprefix(visitor.address) for url in found)
    return list(dict.fromkeys(path for path in paths if path.startswith("/")))


def endpoint_of(site: Site, path: str) -> str:
    """Return what an address leads to."""
    try:
        endpoint, _values = site.app.url_map.bind("").match(urlsplit(path).path)
    except HTTPException:
        return path
    return str(endpoint)


def fetch(visitor: Visitor, path: str) -> None:
    response = visitor.context.request.get(visitor.address + path)
    assert response.ok, f"{response.status} from {path}"

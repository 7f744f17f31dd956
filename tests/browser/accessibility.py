"""What axe-core has against a page."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

RUN = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], preload: false,
  });
  return found.violations.map(({ id, help, nodes }) => ({
    id, help,
    places: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
  }));
}"""


def find_violations(page: Page) -> list[str]:
    """Return each violation of WCAG 2.2 AA or of axe's best practice, with its places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN, TAGS)
    return [f"{v['id']} ({v['help']}): " + "; ".join(v["places"][:5]) for v in found]


@cache
def _source() -> str:
    # Evaluated by the debugger, which the content security policy of the page lets pass.
    return AXE.read_text() + ";undefined"

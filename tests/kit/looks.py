"""What can be said about a page's looks without eyes: nothing overflows, nothing is cut, axe finds nothing serious."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Page, Request

AXE = Path(__file__).parents[2] / "agent_desktop" / "web" / "node_modules" / "axe-core" / "axe.min.js"

LAYOUT = Path(__file__).with_name("layout.js")

_AXE = """
async () => {
  const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
  return found.violations
    .filter((violation) => ['serious', 'critical'].includes(violation.impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).slice(0, 4).join(' | ')}`)
}
"""

_IDLE = """() => new Promise((done) =>
  requestIdleCallback(() => requestAnimationFrame(() => setTimeout(done, 30)), { timeout: 2000 }))"""


async def layout_faults(page: Page) -> list[str]:
    """What is cut or lies on something else, pages that scroll sideways, texts without a translation."""
    found: list[str] = await page.evaluate(LAYOUT.read_text("utf-8"))
    return found


async def axe_faults(page: Page) -> list[str]:
    """Serious and critical violations of WCAG 2.1 A and AA."""
    # The page's own policy allows no inline script; through the debugger it is not one.
    await page.evaluate(AXE.read_text("utf-8") + ";0")
    found: list[str] = await page.evaluate(_AXE)
    return found


class Traffic:
    """What a page loads."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._begun = self._ended = 0
        page.on("request", self._begins)
        page.on("requestfinished", self._ends)
        page.on("requestfailed", self._ends)

    def _begins(self, _request: Request) -> None:
        self._begun += 1

    def _ends(self, _request: Request) -> None:
        self._ended += 1

    async def over(self) -> None:
        """Waits until nothing is being loaded and nothing that came is still being worked on.

        The page itself says when it is idle, three times, and begins nothing meanwhile; ``networkidle`` waits for half
        a second without a request instead, on every page."""
        async with asyncio.timeout(30):
            calm = 0
            while calm < 3:
                before = self._begun
                await self._page.evaluate(_IDLE)
                calm = calm + 1 if before == self._begun == self._ended else 0

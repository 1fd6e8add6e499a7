"""What can be said about a page's looks without eyes: nothing overflows, nothing is cut, axe finds nothing serious."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

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

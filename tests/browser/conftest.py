"""A running hotline, and browsers with different voices."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.kit.chromium import chromium
from tests.kit.stack import Stack

__all__ = ["agents_browser", "citizens_browser", "photograph", "pictures", "quiet"]


expect.set_options(timeout=15_000)  # two busy cores are slower than any developer's


@pytest.fixture
async def agents_browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser that says the agent's pitch."""
    async with chromium(tmp_path, "agent") as browser:
        yield browser


@pytest.fixture
async def citizens_browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser that says the citizen's pitch."""
    async with chromium(tmp_path, "citizen") as browser:
        yield browser


@pytest.fixture(autouse=True)
async def quiet(stack: Stack) -> AsyncIterator[None]:
    """No call is left over for the next test."""
    yield
    async with stack.ami() as ami:
        await ami.try_send("Hangup", {"Channel": "/^.*$/"})
        await ami.no_channels()


@pytest.fixture
def pictures() -> Path | None:
    """Where screenshots go (``HOTLINE_SCREENSHOTS``); None: none are made."""
    folder = os.environ.get("HOTLINE_SCREENSHOTS")
    if folder is None:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


async def photograph(
    page: Page,
    folder: Path | None,
    name: str,
    sizes: tuple[tuple[int, int], ...] = ((1280, 800), (1920, 1080)),
) -> None:
    """The page at the sizes we promise, or at others."""
    if folder is None:
        return
    before = page.viewport_size
    for width, height in sizes:
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate("document.fonts.ready")
        await page.screenshot(path=folder / f"{name}-{width}.png")
    if before:
        await page.set_viewport_size(before)


@pytest.fixture
async def strict_browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser that keeps sound off until the person has done something, as people's browsers do."""
    policy = "--autoplay-policy=document-user-activation-required"
    async with chromium(tmp_path, "agent", extra=(policy,)) as browser:
        yield browser

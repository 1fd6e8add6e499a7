"""Waiting for a condition instead of sleeping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], T], what: str, seconds: float = 20.0, every: float = 0.05) -> T:
    """The first true value of ``condition``; fails with ``what`` was awaited."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        await asyncio.sleep(every)


async def until_async(condition: Callable[[], Awaitable[T]], what: str, seconds: float = 20.0, every: float = 0.1) -> T:
    """Like :func:`until` for a condition that has to be awaited."""
    end = time.monotonic() + seconds
    while True:
        value = await condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        await asyncio.sleep(every)

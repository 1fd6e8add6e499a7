"""Open pages of agents in calls, in a process of their own: ``python -m bench.kit.busy_pages PORT FIRST LAST``.

Each takes every message and reports the quality of its line every five seconds, as the real page does.  ``ready`` on
stdout says that all are registered; the end of stdin ends them.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import uuid
from contextlib import AsyncExitStack, suppress

from tests.wire.desk.server import Browser, Page

SECONDS = 5
"""Between two reports of a page."""
QUALITY = {
    "seconds": SECONDS,
    "rtt_ms": 20,
    "rtt_ms_max": 30,
    "jitter_ms": 3,
    "jitter_ms_max": 5,
    "loss": 0.001,
    "loss_max": 0.002,
    "mos": 4.3,
    "mos_min": 4.2,
    "warnings": [],
}


def contact_of(number: int) -> str:
    """The call that agent ``number`` is in."""
    return str(uuid.UUID(int=number << 112))


async def _listens(page: Page) -> None:
    while True:
        await page.any()


async def _reports(pages: list[tuple[int, Page]]) -> None:
    for number, page in itertools.cycle(pages):
        await page.say({"type": "quality", "contact_id": contact_of(number)} | QUALITY)
        await asyncio.sleep(SECONDS / len(pages))


async def run(port: int, first: int, last: int) -> None:
    async with AsyncExitStack() as inside:
        pages = []
        for number in range(first, last + 1):
            browser = await inside.enter_async_context(Browser(port))
            assert (await browser.log_in(f"agent{number}")).status_code == 200
            page = await inside.enter_async_context(browser.page())
            await page.register(in_call=True)
            pages.append((number, page))
        tasks = [asyncio.create_task(_listens(page)) for _number, page in pages]
        tasks.append(asyncio.create_task(_reports(pages)))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(run(*map(int, sys.argv[1:4])))

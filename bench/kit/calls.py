"""What the benches of the agent's desk share: the whole system at work, an agent in a real browser, figures."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.kit.chromium import chromium, context_of
from tests.kit.pages import DeskPage
from tests.kit.stack import Stack


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


def report(name: str, times: Sequence[float], must: float, **detail: Any) -> None:
    """The last line: the 95th percentile of times in ms, what it must be, the rest of the distribution."""
    p50, p95, longest = (float(np.percentile(times, point)) for point in (50, 95, 100))
    spread = {"calls": len(times), "p50": round(p50, 1), "max": round(longest, 1)} | detail
    told = {"name": name, "value": round(p95, 1), "unit": "ms p95", "must": must, "ok": p95 <= must, "detail": spread}
    print(json.dumps(told))


@asynccontextmanager
async def agent_at_work(stack: Stack) -> AsyncIterator[DeskPage]:
    """Agent 8001, logged in and ready, in a Chromium of its own."""
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        async with chromium(Path(folder), "agent") as browser:
            desk = await DeskPage.open(await context_of(browser), stack)
            await desk.ready()
            yield desk


async def straight_to_the_queue(stack: Stack) -> None:
    """Callers hear no greeting: the dialplan is told that the IVR rests."""
    async with stack.ami() as ami:
        await ami.send("Setvar", Variable="IVR_RESTS_UNTIL", Value="9999999999")

"""Records the stories with browser phones: ``tests/kit/netns.sh .venv/bin/python -m tests.captures.record_web``."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.captures.studio import RawTap, events_of
from tests.kit.chromium import chromium, context_of, hears
from tests.kit.pages import CitizenPage, DeskPage
from tests.kit.stack import Stack, running_stack
from tests.kit.switch import in_namespace

HERE = Path(__file__).parent


async def web_answered(desk: DeskPage, citizen: CitizenPage) -> dict[str, Any]:
    """Citizen and agent in browsers: waits, rings, answered, held and back by the agent's page, the agent hangs up."""
    await citizen.dial()
    await desk.ready()
    await desk.rings(40)
    await desk.answer()
    await hears(desk.page, {"citizen"})
    await desk.page.keyboard.press("F4")
    await desk.state("保持中")
    await desk.page.keyboard.press("F4")
    await desk.state("通话中")
    await desk.hang_up()
    await citizen.call("idle")
    return {"hangup_reasons": ["completed"], "abandoned_queue": False, "holds": 1, "transfers": [], "answered": True}


async def web_citizen_gives_up(desk: DeskPage, citizen: CitizenPage) -> dict[str, Any]:
    """The citizen closes the call while the agent's page rings."""
    await desk.ready()
    await citizen.dial()
    await desk.rings(40)
    await citizen.hang_up()
    await citizen.call("idle")
    return {"hangup_reasons": ["completed"], "abandoned_queue": True, "holds": 0, "transfers": [], "answered": False}


Story = Callable[[DeskPage, CitizenPage], Awaitable[dict[str, Any]]]


async def record(stack: Stack, story: Story) -> None:
    """Play a story with fresh browsers and write it."""
    with tempfile.TemporaryDirectory() as folder:
        agents, citizens = Path(folder) / "a", Path(folder) / "c"
        agents.mkdir()
        citizens.mkdir()
        async with chromium(agents, "agent") as one, chromium(citizens, "citizen") as two:
            desk = await DeskPage.open(await context_of(one), stack)
            citizen = await CitizenPage.open(await context_of(two), stack)
            tap = RawTap(stack.settings.ami_port, stack.secrets.get("ami"))
            await tap.start()
            truth = await story(desk, citizen)
            async with stack.ami() as ami:
                await ami.no_channels()
            data = await tap.stop()
    born = [event for event in events_of(data) if event.get("Event") == "Newchannel"]
    caller, *agent = [event["Channel"] for event in born]
    first = next(event for event in born if event["Channel"] == caller)
    answered = truth.pop("answered")
    expected = {
        "story": story.__doc__,
        "caller": {
            "channel": caller,
            "num": first["CallerIDNum"],
            "linkedid": first["Linkedid"],
            "exten": first["Exten"],
        },
        "dialled": agent,
        "answered_by": agent[-1:] if answered else [],
        **truth,
    }
    place = HERE / story.__name__  # type: ignore[attr-defined]
    place.mkdir(exist_ok=True)
    (place / "events.ami").write_bytes(data)
    (place / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{place.name}: {len(data)} bytes", file=sys.stderr)


def main() -> int:
    if not in_namespace():
        print("run it by  tests/kit/netns.sh", file=sys.stderr)
        return 2
    with running_stack() as stack:
        for story in (web_answered, web_citizen_gives_up):
            asyncio.run(record(stack, story))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""From the agent's click to the switch doing it: hold, calling a unit, merging, hanging up.

The click is the HTTP request that the page's button sends; what the switch does is taken from a second AMI link: the
music that starts, the telephone that is called, the room that is joined, the leg that ends.  Real desk, real calls.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable

import numpy as np

from bench.kit.alone import go_alone
from bench.kit.calls import report, say
from tests.kit.hall import UNIT, Hall, open_hall
from tests.kit.stack import Stack, running_stack

MUST = 300.0
Message = dict[str, str]


async def timed(hall: Hall, command: str, wanted: Callable[[Message], bool], **body: object) -> float:
    """ms from the request to the switch's event."""
    hall.ami.events.clear()
    began = time.perf_counter()
    click = asyncio.ensure_future(hall.agent.does(command, **body))
    await hall.ami.wait_for(wanted, command)
    took = (time.perf_counter() - began) * 1000
    await click
    return took


def event(name: str, **fields: str) -> Callable[[Message], bool]:
    return lambda message: message.get("Event") == name and fields.items() <= message.items()


async def one_call(hall: Hall, times: dict[str, list[float]]) -> None:
    """Hold and back, a consultation merged into a three-way call, the agent leaves."""
    taken = await hall.call()
    citizen = taken.channel
    times["hold"].append(await timed(hall, "call/hold", event("MusicOnHoldStart", Channel=citizen)))
    await hall.agent.is_in("held")
    times["resume"].append(await timed(hall, "call/resume", event("BridgeEnter", Channel=citizen)))
    await hall.agent.phase("talking")

    def called(message: Message) -> bool:
        return message.get("Event") == "DialBegin" and "units" in message.get("DestChannel", "")

    times["consult"].append(await timed(hall, "call/consult", called, number=UNIT, brief=False))
    await hall.agent.phase("consulting")
    times["merge"].append(await timed(hall, "call/merge", event("BridgeEnter", Channel=citizen)))
    await hall.agent.phase("three_way")

    def agent_gone(message: Message) -> bool:
        return message.get("Event") == "Hangup" and message.get("Channel", "").startswith("PJSIP/8101-")

    times["hang up"].append(await timed(hall, "call/leave", agent_gone))
    await hall.over()


async def measure(stack: Stack, calls: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in ("hold", "resume", "consult", "merge", "hang up")}
    async with open_hall(stack) as hall:
        for number in range(calls):
            await one_call(hall, times)
            if number % 5 == 4:
                say(f"  {number + 1} calls")
    return times


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=20)
    given = options.parse_args()
    go_alone()
    with running_stack() as stack:
        times = asyncio.run(measure(stack, given.calls))
    each = {name: round(float(np.percentile(values, 95)), 1) for name, values in times.items()}
    report("desk_control", [one for values in times.values() for one in values], MUST, p95_of_each=each)


if __name__ == "__main__":
    main()

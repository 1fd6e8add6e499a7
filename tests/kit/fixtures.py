"""What live and browser tests ask for by name; a ``conftest.py`` imports it from here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.kit.ami_tap import AmiTap
from tests.kit.stack import Stack, running_stack
from tests.kit.switch import TestSwitch, in_namespace, running_switch

AGENTS = ("8101", "8102")
_HOW = "these tests place calls: run them by  tests/kit/netns.sh .venv/bin/python -m pytest …"


@pytest.fixture(scope="session")
def switch() -> Iterator[TestSwitch]:
    """One Asterisk for all tests of a run, with the agents' phones 8101 and 8102."""
    assert in_namespace(), _HOW
    with running_switch(AGENTS) as started:
        yield started


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole system with the demo city, on other ports than ``switch``."""
    assert in_namespace(), _HOW
    with running_stack() as started:
        yield started


@pytest.fixture
async def ami(switch: TestSwitch) -> AsyncIterator[AmiTap]:
    """A link to a quiet switch: no calls, no queue members, no memory of a silent IVR; quiet again afterwards."""
    async with switch.ami() as link:
        await quieten(link)
        link.events.clear()
        yield link
        await quieten(link)


async def quieten(link: AmiTap) -> None:
    """Ends every call and empties the queues."""
    await link.try_send("Hangup", {"Channel": "/^.*$/"})
    await link.no_channels()
    for queue in ("citizens", "priority"):
        for agent in AGENTS:
            await link.try_send("QueueRemove", {"Queue": queue, "Interface": f"PJSIP/{agent}"})
    await link.send("Setvar", Variable="IVR_RESTS_UNTIL", Value="0")

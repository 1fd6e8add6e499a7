"""R47: what a page measures of its line is kept with the call."""

from __future__ import annotations

import pytest

from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser

pytestmark = pytest.mark.wire

ADDRESS = f"/api/v1/calls/{CONTACT}/quality"
GOOD = {
    "type": "quality",
    "contact_id": CONTACT,
    "seconds": 10,
    "rtt_ms": 20,
    "rtt_ms_max": 30,
    "jitter_ms": 2,
    "jitter_ms_max": 4,
    "loss": 0,
    "loss_max": 0,
    "mos": 4.4,
    "mos_min": 4.3,
    "warnings": [],
}
BAD = GOOD | {
    "seconds": 30,
    "rtt_ms": 420,
    "rtt_ms_max": 600,
    "jitter_ms": 42,
    "loss": 0.08,
    "loss_max": 0.2,
    "mos": 2.8,
    "mos_min": 2.1,
    "warnings": ["rtt", "mos"],
}


async def test_windows_are_added_up_per_call_and_agent(house: House, agent: Browser) -> None:
    async with agent.page() as page:
        house.queued()
        house.rings("a1")
        house.answers("a1")
        await page.state("talking")
        await page.say(GOOD)
        await page.say(GOOD | {"contact_id": "of-somebody-else"})
        await page.say(GOOD | {"rtt_ms": None, "rtt_ms_max": None})
        house.call_ends("a1")
        await page.state("wrap_up")
        await page.say(BAD)  # the last window is told when the call is over

        async def lines() -> list[dict[str, object]]:
            answer = await agent.get(ADDRESS)
            assert answer.status_code == 200
            return answer.json()["lines"]  # type: ignore[no-any-return]

        found: list[dict[str, object]] = []
        while not found or found[0]["seconds"] != 50:
            found = await lines()
        (line,) = found
        assert (line["agent_id"], line["agent_name"]) == ("a1", "Agent 1")
        assert line["rtt_ms"] == pytest.approx((20 * 10 + 420 * 30) / 40)
        assert line["mos"] == pytest.approx((4.4 * 20 + 2.8 * 30) / 50)
        assert (line["rtt_ms_max"], line["loss_max"], line["mos_min"]) == (600, 0.2, 2.1)
        assert line["warnings"] == ["rtt", "mos"]
        assert (await agent.get("/api/v1/calls/of-somebody-else/quality")).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"mos": 9}, {"loss": 2}, {"seconds": 0}, {"rtt_ms": "quick"}, {"warnings": ["boredom"]}]
)
async def test_what_cannot_be_measured_closes_the_page(agent: Browser, wrong: dict[str, object]) -> None:
    async with agent.page() as page:
        await page.say(GOOD | wrong)
        assert await page.close_code() == 4002

"""The office changes its words, roles, texts and lights while it works; each change holds at once and is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, error_id, new_ticket

pytestmark = pytest.mark.wire


@pytest.fixture
async def root(house: House, agent: Browser) -> AsyncIterator[Browser]:
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("root")).status_code == 200
        yield opened


async def read(root: Browser, name: str) -> dict[str, Any]:
    answer = await root.get(f"/api/v1/settings/{name}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("name", ["units", "categories", "roles", "parameters", "messages"])
async def test_what_is_in_force_can_be_given_back_as_it_is(root: Browser, name: str) -> None:
    before = await read(root, name)
    assert (before["version"], before["value"]) == (0, None)
    change = {"version": 0, "value": before["in_force"]}
    answer = await root.put(f"/api/v1/settings/{name}", json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["in_force"] == before["in_force"]
    assert answer.json()["version"] == 1


async def test_a_role_loses_a_verb_and_the_next_act_is_refused(root: Browser, agent: Browser) -> None:
    made = await new_ticket(agent)
    act = {"verb": "mark_urgent"}
    address = f"/api/v1/tickets/{made.json()['ticket']['ticket_id']}/acts"
    assert (await agent.post(address, json=act, headers={"Idempotency-Key": "1"})).status_code == 200
    roles = (await read(root, "roles"))["in_force"]
    roles["roles"]["operator"]["verbs"].remove("mark_urgent")
    assert (await root.put("/api/v1/settings/roles", json={"version": 0, "value": roles})).status_code == 200
    refused = await agent.post(address, json=act, headers={"Idempotency-Key": "2"})
    assert error_id(refused) == "forbidden"


async def test_every_change_is_kept_with_what_stood_before(root: Browser, agent: Browser) -> None:
    for version, days in enumerate((2, 3)):
        value = {"yellow_within": days, "yellow_share": 25}
        await root.put("/api/v1/settings/parameters", json={"version": version, "value": value})
    page = (await root.get("/api/v1/settings/parameters/history", params={"limit": 1})).json()
    [newest] = page["lines"]
    assert newest["by_name"] == "root"
    assert newest["body"]["before"]["yellow_within"] == 2
    assert newest["body"]["after"]["yellow_within"] == 3
    rest = await root.get("/api/v1/settings/parameters/history", params={"cursor": page["next_cursor"]})
    assert [line["body"]["before"] for line in rest.json()["lines"]] == [None]
    assert error_id(await agent.get("/api/v1/settings/parameters/history")) == "forbidden"


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("units", {"units": [{"unit_id": "a b", "zh": "甲", "en": "A", "kind": "department"}]}, "a b"),
        ("units", {"units": [{"unit_id": "a", "zh": " ", "en": "A", "kind": "department"}]}, "zh"),
        ("units", {"units": [{"unit_id": "a", "zh": "甲", "en": "A", "kind": "department", "mobile": 1}]}, "mobile"),
        ("categories", {"categories": [{"code": "A", "zh": "甲", "en": "A"}]}, "'A'"),
        ("categories", {"categories": [{"code": "a", "zh": "甲", "en": "A"}] * 2}, "twice"),
        (
            "categories",
            {"categories": [{"code": "a", "zh": "甲", "en": "A", "children": [{"code": "b", "zh": "乙", "en": "B"}]}]},
            "'b'",
        ),
        ("roles", {"roles": {"x": {"zh": "甲", "en": "A", "sees": "everything", "verbs": []}}}, "everything"),
        ("roles", {"roles": {"x": {"zh": "甲", "en": "A", "sees": "all", "verbs": ["fly"]}}}, "fly"),
        ("roles", {"roles": []}, "AttributeError"),
        ("messages", {"message": {}}, "is a list"),
        ("units", {}, "is a list"),
        ("parameters", {"yellow_within": -1}, "yellow_within"),
        ("calendar-2031", {"text": "x", "source": "y"}, "x"),
    ],
)
async def test_a_mistake_is_refused_whole_and_named(root: Browser, name: str, value: Any, named: str) -> None:
    answer = await root.put(f"/api/v1/settings/{name}", json={"version": 0, "value": value})
    assert error_id(answer) == "ticket_refused", answer.text
    detail = answer.json()["error"]["detail"]
    assert detail["reason"] == "invalid_setting"
    assert named in detail["problem"]
    assert (await read(root, name))["version"] == 0

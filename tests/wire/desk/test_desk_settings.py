"""The office changes its words, roles, texts and lights while it works; each change holds at once and is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

import ticketing
from agent_desktop import WorkingRules
from cti import WrapUp
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket
from tests.wire.desk.test_desk_conversations import talking

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


@pytest.mark.parametrize("name", ["units", "categories", "roles", "parameters", "messages", "desk"])
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
        ("desk", {"wrap_up_mode": "forever"}, "wrap_up_mode"),
        ("desk", {"lost_call_seconds": 0}, "lost_call_seconds"),
        ("desk", {"lunch": 1}, "lunch"),
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


# ── while the desk runs: each counts at the next request ──────────────────────────────────────────────────────────


async def put(root: Browser, name: str, value: Any) -> None:
    version = (await read(root, name))["version"]
    answer = await root.put(f"/api/v1/settings/{name}", json={"version": version, "value": value})
    assert answer.status_code == 200, answer.text


async def act(browser: Browser, ticket: str, verb: str, **said: Any) -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid4())}
    return await browser.post(f"/api/v1/tickets/{ticket}/acts", json={"verb": verb} | said, headers=headers)


NIGHT = {"zh": "夜班长", "en": "Night lead", "sees": "all", "verbs": ["register", "mark_urgent"]}


async def test_a_new_role_logs_in_with_its_permissions(house: House, root: Browser) -> None:
    house.person("owl", "night_lead")
    async with Browser(root.port) as owl:
        before = await owl.log_in("owl")
        assert before.json()["user"]["permissions"] == []
        assert error_id(await new_ticket(owl)) == "forbidden"
        await put(root, "roles", {"roles": {"night_lead": NIGHT | {"permissions": ["ticket.read", "ticket.write"]}}})
        made = await new_ticket(owl)
        assert made.status_code == 201, "the session that is open already"
        ticket = made.json()["ticket"]["ticket_id"]
        assert (await act(owl, ticket, "mark_urgent")).status_code == 200
        assert error_id(await act(owl, ticket, "dispatch", given={"units": ["u1"]})) == "forbidden"
        assert error_id(await owl.get("/api/v1/settings/roles")) == "forbidden"
        assert (await owl.get("/api/v1/me")).json()["user"]["permissions"] == ["ticket.read", "ticket.write"]
        assert (await owl.log_in("owl")).json()["user"]["permissions"] == ["ticket.read", "ticket.write"]
        await put(root, "roles", {"roles": {"night_lead": NIGHT | {"permissions": []}}})
        assert error_id(await owl.get("/api/v1/tickets")) == "forbidden"


@pytest.mark.parametrize(
    ("roles", "named"),
    [
        ({"night_lead": NIGHT | {"permissions": ["fly"]}}, "fly"),
        ({"night_lead": NIGHT | {"permissions": "ticket.read"}}, "is a list"),
        ({"night_lead": NIGHT | {"permissions": [1]}}, "no permission '1'"),
        ({"admin": NIGHT | {"permissions": ["ticket.read"]}}, "desk.toml"),
    ],
)
async def test_permissions_that_cannot_be_given(root: Browser, roles: Any, named: str) -> None:
    answer = await root.put("/api/v1/settings/roles", json={"version": 0, "value": {"roles": roles}})
    assert error_id(answer) == "ticket_refused"
    assert named in answer.json()["error"]["detail"]["problem"]
    assert (await read(root, "roles"))["version"] == 0


async def test_what_a_role_may_be_given_is_told(root: Browser) -> None:
    choices = (await read(root, "roles"))["choices"]
    assert {"ticket.read", "office.write"} <= set(choices["permissions"])
    assert {"agent", "admin"} <= set(choices["fixed"])
    texts = Path(__file__).parents[3] / "agent_desktop" / "web" / "src" / "i18n"
    said = "".join(file.read_text("utf-8") for file in texts.glob("zh*.ts"))
    assert [one for one in choices["permissions"] if f"'permission.{one}'" not in said] == []


async def test_a_new_unit_is_in_the_form_receives_work_and_its_people_see_it(
    house: House, root: Browser, agent: Browser
) -> None:
    house.person("sorter", "dispatcher")
    house.person("diver", "unit_handler", unit="canal-bureau")
    made = await new_ticket(agent)
    ticket = made.json()["ticket"]["ticket_id"]
    async with Browser(root.port) as sorter, Browser(root.port) as diver:
        await sorter.log_in("sorter")
        await diver.log_in("diver")
        given = {"units": ["canal-bureau"]}
        assert error_id(await act(sorter, ticket, "dispatch", given=given)) == "ticket_refused"
        units = (await read(root, "units"))["in_force"]
        new = {"unit_id": "canal-bureau", "zh": "运河管理处", "en": "Canal bureau", "kind": "department"}
        await put(root, "units", {"units": [*units["units"], new]})
        assert new["zh"] in {unit["zh"] for unit in (await agent.get("/api/v1/dictionary")).json()["units"]}
        typed = {"title": "请运河管理处清淤", "text": ""}
        said = (await agent.post("/api/v1/intake/suggestions", json=typed)).json()
        assert said["unit"]["suggestions"][0]["label"] == "运河管理处"
        sent = await act(sorter, ticket, "dispatch", given=given)
        assert sent.status_code == 200, sent.text
        assert (await diver.get(f"/api/v1/tickets/{ticket}")).status_code == 200
        works = (await diver.get("/api/v1/inbox")).json()["works"]
        assert [work["ticket"]["ticket_id"] for work in works] == [ticket]


async def test_a_new_category_is_in_the_form_and_is_suggested_by_its_name(root: Browser, agent: Browser) -> None:
    typed = {"title": "无人机噪音扰民", "text": "低空飞行器每晚起降"}
    before = (await agent.post("/api/v1/intake/suggestions", json=typed)).json()["category"]["suggestions"]
    categories = (await read(root, "categories"))["in_force"]
    new = {"code": "low-altitude", "zh": "低空飞行", "en": "Low-altitude flights", "children": []}
    await put(root, "categories", {"categories": [*categories["categories"], new]})
    tree = (await agent.get("/api/v1/dictionary")).json()["categories"]
    assert "low-altitude" in {node["code"] for node in tree}
    after = (await agent.post("/api/v1/intake/suggestions", json=typed)).json()["category"]["suggestions"]
    assert [one["label"] for one in after] == ["低空飞行", *(one["label"] for one in before)][:3]
    assert after[0]["reasons"] == ["低空飞行"]
    assert sum(one["score"] for one in after) <= 1.0001
    made = await new_ticket(agent, category="low-altitude")
    assert made.json()["ticket"]["category"] == "low-altitude"


async def test_the_lights_of_the_next_ticket_are_the_new_ones(house: House, root: Browser, agent: Browser) -> None:
    house.person("sorter", "dispatcher")
    async with Browser(root.port) as sorter:
        await sorter.log_in("sorter")
        turns = []
        for key, days in (("early", 4), ("late", 1)):
            await put(root, "parameters", {"yellow_within": days, "yellow_share": 0})
            made = await new_ticket(agent, key)
            ticket = made.json()["ticket"]["ticket_id"]
            sent = await act(sorter, ticket, "dispatch", given={"units": ["u1"]})
            assert sent.status_code == 200, sent.text
            turns.append((await agent.get(f"/api/v1/tickets/{ticket}")).json()["ticket"]["yellow_from"])
    assert turns[0] < turns[1]


async def test_the_next_call_goes_by_changed_rules_of_the_floor(house: House, root: Browser, agent: Browser) -> None:
    """No restart, no new log-in: the wrap-up after the next call, and what the switch was told."""
    async with agent.page() as page:
        await talking(house, page)
        start = (await read(root, "desk"))["in_force"]
        await put(root, "desk", {"wrap_up_mode": "timed", "wrap_up_seconds": 45, "missed_calls_limit": 3})
        after = (await read(root, "desk"))["in_force"]
        assert after == start | {"wrap_up_mode": "timed", "wrap_up_seconds": 45.0, "missed_calls_limit": 3}
        assert house.bridge.rules == WorkingRules.model_validate(after).floor
        house.call_ends("a1")
        shown = (await page.state("wrap_up"))["agent"]
        assert (shown["until"], shown["ends_early"]) == ("2026-03-02T04:00:45Z", False)
        await put(root, "desk", {"wrap_up_mode": "discretionary"})
        shown = (await page.state("wrap_up"))["agent"]
        assert (shown["until"], shown["ends_early"]) == (None, True), "nobody is held by a rule that is gone"
        await put(root, "desk", {"wrap_up_seconds": 0})
        assert house.bridge.rules.wrap_up is WrapUp.NONE
        assert (await read(root, "desk"))["in_force"]["missed_calls_limit"] == 2, "as started, where it is not named"
    newest = (await root.get("/api/v1/settings/desk/history")).json()["lines"][0]
    assert newest["by_name"] == "root"
    assert newest["body"] == {"before": {"wrap_up_mode": "discretionary"}, "after": {"wrap_up_seconds": 0}}


async def test_a_desk_that_starts_goes_by_what_was_changed(house: House, tmp_path: Path) -> None:
    with house.write.begin() as session:
        ticketing.change_setting(session, "desk", {"missed_calls_limit": 7}, 0, "root", house.clock())
    started = House(tmp_path)
    async with browser_at(started):
        assert started.bridge.rules.missed_calls_limit == 7


async def test_voice_messages_are_red_by_the_changed_limit(root: Browser, agent: Browser) -> None:
    assert (await agent.get("/api/v1/voicemail")).json()["limit_minutes"] == 60
    await put(root, "desk", {"voicemail_limit_minutes": 15})
    assert (await agent.get("/api/v1/voicemail")).json()["limit_minutes"] == 15

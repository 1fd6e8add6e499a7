"""Quality checks over HTTP: claims, scorecards, what the transcript finds, calibration, results over time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at, error_id
from tests.wire.desk.told import Told

pytestmark = pytest.mark.wire

SECOND = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02"
REVIEWS = "/api/v1/quality/reviews"
CALIBRATIONS = "/api/v1/quality/calibrations"


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.agent(1, roles=("agent", "auditor"))
    built.agent(2)
    built.person("auditor", "auditor")
    built.person("second", "auditor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
async def auditor(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in("auditor")
        yield opened


@pytest.fixture
async def second(auditor: Browser) -> AsyncIterator[Browser]:
    async with Browser(auditor.port) as opened:
        await opened.log_in("second")
        yield opened


def reason(answer: httpx.Response) -> str:
    assert error_id(answer) == "review_refused"
    return str(answer.json()["error"]["detail"]["reason"])


async def claimed(browser: Browser, told: Told) -> dict[str, Any]:
    answer = await browser.post(REVIEWS, json={"recording_id": told.recording_id})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def full(card: dict[str, Any], less: int = 0) -> dict[str, int]:
    """The most points everywhere, ``less`` fewer on the first."""
    points = {point["id"]: point["most"] for section in card["form"]["sections"] for point in section["points"]}
    first = next(iter(points))
    return points | {first: points[first] - less}


async def saved(browser: Browser, card: dict[str, Any], **changes: Any) -> httpx.Response:
    review = card["review"]
    body = {"version": review["version"], "points": full(card), "done": True} | changes
    return await browser.put(f"{REVIEWS}/{review['review_id']}", json=body)


async def test_what_the_transcript_finds_stands_with_the_claim(auditor: Browser, told: Told) -> None:
    card = await claimed(auditor, told)
    assert (card["review"]["agent_id"], card["review"]["state"], card["heard"]) == ("a1", "claimed", True)
    found = {(one["kind"], one["present"], one["phrase"], one["start"]) for one in card["findings"]}
    assert found == {
        ("forbidden", True, "不归我们管", 5.0),
        ("forbidden", True, "你去找别人", 5.0),
        ("opening", True, "您好", 0.5),
        ("closing", True, "再见", 16.0),
    }


async def test_a_scorecard_is_kept_and_finished_and_then_stays(auditor: Browser, told: Told) -> None:
    card = await claimed(auditor, told)
    kept = (await saved(auditor, card, points={"tone": 5}, comment="语气生硬", done=False)).json()
    assert (kept["review"]["points"], kept["review"]["score"], kept["review"]["version"]) == ({"tone": 5}, None, 2)
    assert reason(await saved(auditor, card)) == "conflict"
    assert (await claimed(auditor, told))["review"]["comment"] == "语气生硬"
    assert reason(await saved(auditor, kept, points={"tone": 5})) == "bad_answers"
    done = (await saved(auditor, kept, points=full(card, less=10))).json()["review"]
    assert (done["state"], done["score"], done["passed"]) == ("done", 90.0, True)
    assert reason(await saved(auditor, {"review": done, "form": card["form"]})) == "not_open"


@pytest.mark.parametrize(
    "wrong", [{"points": {"tone": 16}}, {"points": {"nothing": 1}}, {"points": {}, "failed": ["nothing"]}], ids=str
)
async def test_points_that_the_form_does_not_have(auditor: Browser, told: Told, wrong: dict[str, Any]) -> None:
    assert reason(await saved(auditor, await claimed(auditor, told), **wrong, done=False)) == "bad_answers"


async def test_an_instant_fail_point_is_worth_everything(auditor: Browser, told: Told) -> None:
    done = (await saved(auditor, await claimed(auditor, told), failed=["rude"])).json()["review"]
    assert (done["score"], done["passed"], done["failed"]) == (0, False, ["rude"])


async def test_one_reviewer_at_a_time_whoever_comes_first(auditor: Browser, second: Browser, told: Told) -> None:
    body = {"recording_id": told.recording_id}
    answers = await asyncio.gather(*(one.post(REVIEWS, json=body) for one in (auditor, second) * 4))
    winners = {one.json()["review"]["reviewer_name"] for one in answers if one.status_code == 200}
    assert len(winners) == 1
    assert {reason(one) for one in answers if one.status_code != 200} == {"claimed"}
    first, other = (auditor, second) if winners == {"auditor"} else (second, auditor)
    card = await claimed(first, told)
    assert reason(await saved(other, card)) == "not_yours"
    assert reason(await other.post(f"{REVIEWS}/{card['review']['review_id']}/release")) == "not_yours"
    assert (await first.post(f"{REVIEWS}/{card['review']['review_id']}/release")).status_code == 204
    assert (await claimed(other, told))["review"]["mine"] is True


async def test_nobody_judges_the_own_call(auditor: Browser, told: Told) -> None:
    async with Browser(auditor.port) as agent:
        await agent.log_in("agent1")
        assert reason(await agent.post(REVIEWS, json={"recording_id": told.recording_id})) == "own_call"


async def test_whose_work_is_judged_must_be_said_where_several_spoke(house: House, auditor: Browser) -> None:
    told = Told(house, contact_id=SECOND, agents=("a1", "a2"))
    body = {"recording_id": told.recording_id}
    assert reason(await auditor.post(REVIEWS, json=body)) == "no_agent"
    assert reason(await auditor.post(REVIEWS, json=body | {"agent_id": "a9"})) == "not_of_agent"
    answer = await auditor.post(REVIEWS, json=body | {"agent_id": "a2"})
    assert answer.json()["review"]["agent_name"] == "Agent 2"
    assert error_id(await auditor.post(REVIEWS, json={"recording_id": "no-such"})) == "not_found"


async def test_two_reviewers_judge_blind_and_then_see_where_they_differ(
    auditor: Browser, second: Browser, told: Told
) -> None:
    people = (await auditor.get("/api/v1/quality/reviewers")).json()["reviewers"]
    ids = {one["name"]: one["user_id"] for one in people}
    asked = {"recording_id": told.recording_id, "reviewers": [ids["auditor"], ids["second"]]}
    assert reason(await auditor.make(CALIBRATIONS, asked | {"reviewers": ["x", "y"]})) == "no_reviewer"
    begun = (await auditor.make(CALIBRATIONS, asked, "k")).json()
    assert (await auditor.make(CALIBRATIONS, asked, "k")).json() == begun, "sent again, made once"
    address = f"{CALIBRATIONS}/{begun['calibration_id']}"
    (mine,) = begun["reviews"]
    mine_card = (await auditor.get(f"{REVIEWS}/{mine['review_id']}")).json()
    assert (await saved(auditor, mine_card)).status_code == 200
    seen = (await second.get(address)).json()
    assert (seen["differences"], seen["spread"], seen["finished"]) == (None, None, [ids["auditor"]])
    assert [one["reviewer_name"] for one in seen["reviews"]] == ["second"]
    assert error_id(await second.get(f"{REVIEWS}/{mine['review_id']}")) == "not_found"
    theirs = (await second.get(f"{REVIEWS}/{seen['reviews'][0]['review_id']}")).json()
    await saved(second, theirs, points=full(theirs, less=10), failed=[])
    over = (await auditor.get(address)).json()
    assert over["differences"] == [{"point": "opening_words", "given": {ids["auditor"]: 10, ids["second"]: 0}}]
    assert over["spread"] == 10.0
    assert len((await auditor.get(CALIBRATIONS)).json()["calibrations"]) == 1
    assert (await auditor.get("/api/v1/quality/results")).json()["weeks"] == [], "calibrations are no results"
    assert (await claimed(auditor, told))["review"]["calibration_id"] is None


async def test_results_of_agents_week_by_week(house: House, auditor: Browser) -> None:
    for number, days in enumerate((0, 1, 7)):
        house.clock.forward(days=days)
        await auditor.log_in("auditor")
        told = Told(house, contact_id=f"5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1b0{number}")
        await saved(auditor, await claimed(auditor, told), failed=["rude"] if number == 1 else [])
    first = (await auditor.get(REVIEWS, params={"limit": 2})).json()
    rest = (await auditor.get(REVIEWS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    newest = [one["claimed_at"] for one in first["reviews"] + rest["reviews"]]
    assert (len(newest), newest, rest["next_cursor"]) == (3, sorted(newest, reverse=True), None)
    weeks = (await auditor.get("/api/v1/quality/results")).json()["weeks"]
    assert [(one["agent_name"], one["week"], one["reviews"], one["mean_score"], one["failed"]) for one in weeks] == [
        ("Agent 1", "2026-03-02", 2, 50.0, 1),
        ("Agent 1", "2026-03-09", 1, 100.0, 0),
    ]
    reviews = (await auditor.get(REVIEWS, params={"mine": True, "state": "done", "agent": "a1"})).json()["reviews"]
    assert len(reviews) == 3

"""Exports, holds, alarms, tombstones and the chain over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

import recordings
from agent_desktop.tables import AccessRow
from recordings.tables import LedgerEntry
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, error_id
from tests.wire.desk.told import Told

pytestmark = pytest.mark.wire

WANTED = {"reason": "投诉核查", "start": 10, "end": 19, "format": "wav"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.agent(1)
    built.person("auditor", "auditor")
    built.person("root", "admin")
    built.person("supervisor", "supervisor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
async def auditor(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in("auditor")
        yield opened


async def keeping(browser: Browser) -> dict[str, Any]:
    return dict((await browser.get("/api/v1/keeping")).json())


async def test_an_export_verifies_with_nothing_but_the_file(
    house: House, auditor: Browser, told: Told, tmp_path: Path
) -> None:
    answer = await auditor.post(f"{told.url}/exports", json=WANTED)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="recording-')
    copy = tmp_path / "copy.zip"
    copy.write_bytes(answer.content)
    verdict = recordings.check_export(copy)
    assert (verdict.broken, verdict.manifest and verdict.manifest["changes"]) == (
        None,
        ["levelled", "written mark", "1 spoken numbers masked"],
    )
    copy.write_bytes(answer.content.replace("投诉核查".encode(), "投诉核实".encode()))
    assert recordings.check_export(copy).broken is not None
    with house.read() as session:
        looks = session.scalars(select(AccessRow.what)).all()
        kinds = session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq)).all()
    assert "export" in looks
    assert kinds[-2:] == ["opened", "exported"]
    (play,) = (await auditor.get(f"{told.url}/plays")).json()["plays"]
    assert (play["purpose"], play["reason"]) == ("export", "投诉核查")


async def test_what_cannot_be_given_out(house: House, auditor: Browser, told: Told) -> None:
    async def refused(**changes: Any) -> str:
        answer = await auditor.post(f"{told.url}/exports", json=WANTED | changes)
        assert (answer.status_code, error_id(answer)) == (409, "export_refused")
        return str(answer.json()["error"]["detail"]["reason"])

    assert await refused(start=30, end=40) == "empty_clip"
    assert error_id(await auditor.post(f"{told.url}/exports", json=WANTED | {"reason": " x "})) == "reason_needed"
    unheard = Told(house, (), contact_id="5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02")
    answer = await auditor.post(f"{unheard.url}/exports", json=WANTED)
    assert answer.json()["error"]["detail"] == {"reason": "no_transcript"}
    assert (await auditor.post(f"{unheard.url}/exports", json=WANTED | {"mask": False})).status_code == 200
    whole = {"reason": "投诉核查", "untouched": True}
    assert (await auditor.post(f"{told.url}/exports", json=whole)).status_code == 200
    assert error_id(await auditor.post("/api/v1/recordings/no-such/exports", json=WANTED)) == "not_found"


async def test_a_hold_keeps_and_is_lifted_with_a_reason(house: House, auditor: Browser, told: Told) -> None:
    place = {"contact_id": CONTACT, "reason": "行政诉讼"}
    first, again = [await auditor.make("/api/v1/keeping/holds", place, "k") for _ in range(2)]
    assert first.status_code == 200
    assert first.json() == again.json(), "sent again, made once"
    (hold,) = (await keeping(auditor))["holds"]
    assert (hold["reason"], hold["placed_by_name"], hold["recordings"]) == ("行政诉讼", "auditor", 1)
    assert (await auditor.get(f"{told.url}/story")).json()["holds"] == 1
    config = house.store_config
    assert not recordings.delete_recording(house.write, config, told.recording_id, None, "kept 1 day", house.clock())
    lift = f"/api/v1/keeping/holds/{hold['hold_id']}/lift"
    assert error_id(await auditor.post(lift, json={"reason": " "})) == "invalid_request"
    assert (await auditor.post(lift, json={"reason": "结案"})).status_code == 204
    assert error_id(await auditor.post(lift, json={"reason": "结案"})) == "hold_refused"
    assert recordings.delete_recording(house.write, config, told.recording_id, "root", "by hand", house.clock())
    (stone,) = (await auditor.get("/api/v1/keeping/tombstones")).json()["tombstones"]
    assert (stone["recording_id"], stone["reason"], set(stone["files"])) == (
        told.recording_id,
        "by hand",
        {"original", "listening", "peaks"},
    )
    answer = await auditor.make("/api/v1/keeping/holds", place)
    assert answer.json()["error"]["detail"] == {"reason": "too_late"}


async def test_what_was_deleted_is_turned_over_newest_first(house: House, auditor: Browser) -> None:
    for number in range(3):
        told = Told(house, contact_id=f"5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1b0{number}")
        recordings.delete_recording(
            house.write, house.store_config, told.recording_id, "root", str(number), house.clock()
        )
    told, cursor, pages = [], None, 0
    while cursor or not pages:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await auditor.get("/api/v1/keeping/tombstones", params=asked)).json()
        told += [one["reason"] for one in page["tombstones"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert (told, pages) == (["2", "1", "0"], 2)


async def test_what_there_is_and_what_is_wrong(house: House, auditor: Browser, told: Told) -> None:
    with house.write.begin() as session:
        recordings.raise_alarm(session, "disk_full", house.clock())
        recordings.raise_alarm(session, "disk_full", house.clock())
    seen = await keeping(auditor)
    assert (seen["recordings"], seen["transcripts"]) == ({"ready": 1}, {"done": 1})
    assert seen["rules"] == [{"days": 90, "kind": "voicemail", "queue": None, "category": None, "result": None}]
    assert (seen["seconds"], seen["bytes"] > 1000, len(seen["key"])) == (20.0, True, 64)
    (alarm,) = seen["alarms"]
    assert (alarm["kind"], alarm["times"], alarm["recording_id"]) == ("disk_full", 2, None)
    clear = f"/api/v1/keeping/alarms/{alarm['alarm_id']}/clear"
    assert (await auditor.post(clear)).status_code == 204
    assert error_id(await auditor.post(clear)) == "not_found"
    assert (await keeping(auditor))["alarms"] == []


async def test_the_chain_holds_until_somebody_changes_an_entry(house: House, auditor: Browser, told: Told) -> None:
    await auditor.post(f"{told.url}/exports", json=WANTED)
    assert (await auditor.get("/api/v1/keeping/chain")).json() == {"broken": None, "seal": None}
    assert (await keeping(auditor))["seal"]["number"] == 1
    assert (await auditor.get(f"{told.url}/proof")).json()["sealed"] is True
    with house.write.begin() as session:
        session.execute(update(LedgerEntry).where(LedgerEntry.kind == "opened").values(person="somebody"))
    assert (await auditor.get("/api/v1/keeping/chain")).json() == {"broken": "entry_changed", "seal": 1}


async def test_an_administrator_keeps_and_does_not_listen(auditor: Browser, told: Told) -> None:
    async with Browser(auditor.port) as root:
        await root.log_in("root")
        assert (await root.get("/api/v1/keeping")).status_code == 200
        for path in ("/audio", "/transcript", "/story", "/plays"):
            assert error_id(await root.get(f"{told.url}{path}")) == "forbidden"
        assert error_id(await root.get("/api/v1/recordings")) == "forbidden"


async def test_whoever_keeps_recordings_says_whose_voice_is_kept_and_for_whom(
    house: House, auditor: Browser, told: Told
) -> None:
    address = f"/api/v1/keeping/contacts/{CONTACT}/confidential"
    said = (await auditor.get(address)).json()
    assert (said["confidential"], said["named"], said["may_change"]) == (False, [], True)
    people = {one["name"]: one["user_id"] for one in said["people"]}
    assert set(people) == {"auditor", "supervisor", "Agent 1"}, "an administrator does not listen"
    mine, agents = people["auditor"], people["Agent 1"]
    for named in ([], ["nobody"], [mine, "nobody"]):
        answer = await auditor.put(address, json={"confidential": True, "named": named})
        assert (answer.status_code, error_id(answer)) == (422, "invalid_request")
    assert (await auditor.put(address, json={"confidential": True, "named": [mine, agents]})).status_code == 204
    said = (await auditor.get(address)).json()
    assert (said["confidential"], said["may_change"]) == (True, True)
    assert {one["user_id"]: one["name"] for one in said["named"]} == {mine: "auditor", agents: "Agent 1"}
    assert (await auditor.put(address, json={"confidential": True, "named": [agents]})).status_code == 204
    assert (await auditor.get(address)).json()["may_change"] is False
    answer = await auditor.put(address, json={"confidential": False})
    assert (answer.status_code, error_id(answer)) == (403, "confidential")
    strange = await auditor.get("/api/v1/keeping/contacts/5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a99/confidential")
    assert error_id(strange) == "not_found"


async def test_a_confidential_callers_voice_is_for_the_named_alone(house: House, auditor: Browser, told: Told) -> None:
    confide = f"/api/v1/keeping/contacts/{CONTACT}/confidential"
    async with Browser(auditor.port) as agent, Browser(auditor.port) as root:
        await agent.log_in("agent1")
        await root.log_in("root")
        me = (await agent.get("/api/v1/me")).json()["user"]["user_id"]
        answer = await root.put(confide, json={"confidential": True, "named": [me]})
        assert answer.status_code == 204
        told.index()
        for asked in ({"words": "路灯"}, {"queue": "citizens"}):
            assert (await auditor.get("/api/v1/recordings", params=asked)).json()["found"] == []
        for reply in (
            await auditor.post(f"{told.url}/plays", json={"reason": "质检"}),
            await auditor.make(f"{told.url}/comments", {"start": 1, "text": "x"}),
            await auditor.post(f"{told.url}/exports", json={"reason": "质检"}),
            await auditor.post("/api/v1/quality/reviews", json={"recording_id": told.recording_id}),
            await root.put(confide, json={"confidential": False}),
        ):
            assert (reply.status_code, error_id(reply)) == (403, "confidential")
        assert (await auditor.get(f"{told.url}/story")).json()["may_hear"] is False
        for path in ("audio", "transcript"):
            assert error_id(await auditor.get(f"{told.url}/{path}")) == "reason_needed"
        assert (await agent.get(f"{told.url}/audio", params=await told.opened(agent))).status_code == 200
        assert (await agent.get(f"{told.url}/story")).json()["may_hear"] is True
        one, other = [(await browser.get("/api/v1/me")).json()["user"] for browser in (auditor, root)]
    async with Browser(auditor.port) as supervisor:
        await supervisor.log_in("supervisor")
        lines = (await supervisor.get("/api/v1/ledger", params={"name": "access"})).json()["lines"]
    voice, call = f"recording:{told.recording_id}", f"contact:{CONTACT}"
    tried = ("play", "remark", "export", "review", "story", "recording", "transcript")
    assert {(line["verb"], line["ticket_id"], line["by"], line["body"]["how"]) for line in lines} == {
        *(("refuse", voice, one["user_id"], how) for how in tried),
        ("refuse", call, other["user_id"], "confide"),
    }
    assert {line["by_name"] for line in lines} == {one["display_name"], other["display_name"]}

"""The replay desk over HTTP: search by what was said and by all else, who listened, remarks, clips, path tricks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import recordings
from agent_desktop.tables import AccessRow
from recordings import search_feed
from recordings.tables import LedgerEntry
from recordings.tables_replay import Talk
from recordings.talk import TalkMeasure, measure_talk
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket
from tests.wire.desk.told import Told, added_to, found

pytestmark = pytest.mark.wire

OTHER_CONTACT = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02"


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.agent(1)
    built.agent(2)
    built.person("auditor", "auditor")
    built.person("root", "admin")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
async def auditor(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in("auditor")
        yield opened


async def test_a_hit_is_shown_in_its_sentence_with_its_second_and_who_said_it(auditor: Browser, told: Told) -> None:
    (one,) = await found(auditor, words="路灯不亮")
    assert one["recording"]["recording_id"] == told.recording_id
    assert one["hits"] == [{"leg": "citizen", "start": 3.0, "end": 6.0, "text": "小区门口的路灯不亮了"}]
    assert (one["queue"], one["agents"]) == ("citizens", [{"agent_id": "a1", "name": "Agent 1"}])


async def test_waveforms_are_measured_while_others_write(
    house: House, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def measure(*waveform: Any) -> TalkMeasure:
        with house.write.begin() as session:  # SQLite: refused after ten seconds if the feed held the lock
            recordings.mark(session, OTHER_CONTACT, house.clock(), "queue")
            written.append("meanwhile")
        return measure_talk(*waveform)

    monkeypatch.setattr(search_feed, "measure_talk", measure)
    with house.write.begin() as session:
        search_feed.ask(session, told.recording_id)
    assert house.feed.step()
    assert written == ["meanwhile"]
    with house.read() as session:
        assert session.get(Talk, told.recording_id) is not None
    assert not house.feed.step()


@pytest.mark.parametrize(
    ("asked", "hit"),
    [
        ({"words": "路灯"}, True),
        ({"words": "路灯 门口"}, True),
        ({"words": "灯路"}, False),
        ({"words": "门口不亮"}, False),
        ({"words": "不归我们管", "by": "other"}, True),
        ({"words": "不归我们管", "by": "citizen"}, False),
        ({"words": "亮"}, True),
        ({"words": "雪"}, False),
        ({"words": "！？"}, False),
        ({"agent": "a1"}, True),
        ({"agent": "a2"}, False),
        ({"queue": "citizens"}, True),
        ({"queue": "vip"}, False),
        ({"shortest": 15, "longest": 25}, True),
        ({"shortest": 25}, False),
        ({"longest": 15}, False),
        ({"talk_over": 0.8}, True),
        ({"talk_over": 3}, False),
        ({"silence": 4}, True),
        ({"silence": 8}, False),
        ({"kind": "voicemail"}, False),
        ({"since": "2026-03-02T00:00:00+08:00", "until": "2026-03-03T00:00:00+08:00"}, True),
        ({"since": "2026-03-03T00:00:00+08:00"}, False),
        ({"until": "2026-03-02T00:00:00+08:00"}, False),
        ({"number": "10086"}, False),
        ({"ticket": "no such"}, False),
        ({"unit": "u1"}, False),
    ],
    ids=str,
)
async def test_search(auditor: Browser, told: Told, asked: dict[str, Any], hit: bool) -> None:
    assert bool(await found(auditor, **asked)) is hit


async def test_what_is_found_is_turned_over_without_losing_any(house: House, auditor: Browser, told: Told) -> None:
    Told(house, contact_id=OTHER_CONTACT)
    seen, cursor = [], None
    for _ in range(2):
        asked = {"words": "路灯", "limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await auditor.get("/api/v1/recordings", params=asked)).json()
        assert (page["total"], len(page["found"])) == (2, 1)
        seen, cursor = [*seen, page["found"][0]["recording"]["contact_id"]], page["next_cursor"]
    assert (set(seen), cursor) == ({CONTACT, OTHER_CONTACT}, None)


async def test_spoken_numbers_are_neither_shown_nor_found(auditor: Browser, told: Told) -> None:
    (one,) = await found(auditor, words="电话")
    assert one["hits"][0]["text"] == "我的电话是＊＊＊＊＊＊＊＊＊＊＊"
    assert await found(auditor, words="一三八") == []
    text = (await auditor.get(f"{told.url}/transcript", params=await told.opened(auditor))).text
    assert "一三八" not in text
    assert "＊＊＊" in text


async def test_a_search_by_words_is_a_look(house: House, auditor: Browser, told: Told) -> None:
    await found(auditor, words="路灯")
    await found(auditor, queue="citizens")
    with house.read() as session:
        rows = session.scalars(select(AccessRow)).all()
    assert [(row.what, row.object_id) for row in rows] == [("recording_search", "路灯")]


async def test_a_deleted_recording_is_found_no_more_and_says_why(house: House, auditor: Browser, told: Told) -> None:
    config = house.store_config
    assert recordings.delete_recording(house.write, config, told.recording_id, None, "kept 30 days", house.clock())
    told.index()
    assert await found(auditor, words="路灯") == []
    story = (await auditor.get(f"{told.url}/story")).json()
    assert (story["recording"]["state"], story["tombstone"]["reason"]) == ("deleted", "kept 30 days")
    assert story["tombstone"]["person"] is None
    assert (await auditor.get(f"{told.url}/proof")).json()["code"] == "deleted"


async def test_a_better_transcript_replaces_what_is_found_and_the_old_one_stays(auditor: Browser, told: Told) -> None:
    told.write_down([("citizen", 3.0, 6.0, "小区 门口 的 路灯 不亮 了 三天")], version=2)
    assert await found(auditor, words="三天")
    assert await found(auditor, words="再见") == []
    play = await told.opened(auditor)
    newest = (await auditor.get(f"{told.url}/transcript", params=play)).json()
    assert (newest["version"], newest["versions"]) == (2, [2, 1])
    first = (await auditor.get(f"{told.url}/transcript", params=play | {"version": "1"})).json()
    assert len(first["segments"]) == 5
    assert error_id(await auditor.get(f"{told.url}/transcript", params=play | {"version": "9"})) == "not_found"
    runs = (await auditor.get(f"{told.url}/story")).json()["runs"]
    assert [run["figures"]["mean_confidence"] for run in runs] == [0.9, 0.9]
    assert (await auditor.post(f"{told.url}/transcripts")).status_code == 204
    assert (await auditor.get(f"{told.url}/story")).json()["runs"][0]["state"] == "waiting"


async def test_how_the_talk_went_is_measured_without_a_recogniser(house: House, auditor: Browser) -> None:
    from tests.wire.desk.told import CONVERSATION

    told = Told(house, CONVERSATION)
    talk = (await auditor.get(f"{told.url}/story")).json()["talk"]
    assert talk["talk_over_seconds"] == pytest.approx(1.0, abs=0.15)
    assert talk["longest_silence"] == pytest.approx(5.0, abs=0.15)
    assert talk["citizen_seconds"] == pytest.approx(6.0, abs=0.3)


# --- who listened ---


async def test_nobody_hears_or_reads_without_having_said_why(auditor: Browser, told: Told) -> None:
    for path in ("audio", "transcript"):
        assert error_id(await auditor.get(f"{told.url}/{path}")) == "reason_needed"
    for reason in ("", " ", "x"):
        answer = await auditor.post(f"{told.url}/plays", json={"reason": reason})
        assert error_id(answer) in ("invalid_request", "reason_needed")
    play = await told.opened(auditor)
    assert (await auditor.get(f"{told.url}/audio", params=play)).status_code == 200
    assert (await auditor.get(f"{told.url}/transcript", params=play)).status_code == 200


async def test_a_reason_opens_one_recording_for_one_person_and_not_for_ever(
    house: House, auditor: Browser, told: Told
) -> None:
    play = await told.opened(auditor)
    other = Told(house, contact_id=OTHER_CONTACT)
    assert error_id(await auditor.get(f"{other.url}/audio", params=play)) == "reason_needed"
    async with Browser(auditor.port) as agent:
        await agent.log_in("agent1")
        assert error_id(await agent.get(f"{told.url}/audio", params=play)) == "reason_needed"
    house.clock.forward(minutes=11)
    assert error_id(await auditor.get(f"{told.url}/audio", params=play)) == "reason_needed"


async def test_the_agent_concerned_sees_who_heard_which_seconds_and_why(
    house: House, auditor: Browser, told: Told
) -> None:
    play = (await told.opened(auditor, "投诉核查"))["play"]
    answer = await auditor.post(f"/api/v1/plays/{play}/heard", json={"spans": [[0, 4.5], [4.5, 6], [10, 12]]})
    assert answer.json() == {"open": True}
    assert (await auditor.post(f"/api/v1/plays/{play}/heard", json={"closed": True})).json() == {"open": False}
    assert (await auditor.post(f"/api/v1/plays/{play}/heard", json={"spans": [[0, 1]]})).json() == {"open": False}
    async with Browser(auditor.port) as agent, Browser(auditor.port) as colleague:
        await agent.log_in("agent1")
        await colleague.log_in("agent2")
        (seen,) = (await agent.get("/api/v1/plays/mine")).json()["plays"]
        assert (seen["person_name"], seen["reason"], seen["heard"]) == ("auditor", "投诉核查", [[0, 6], [10, 12]])
        assert seen["heard_seconds"] == 8
        assert (await colleague.get("/api/v1/plays/mine")).json()["plays"] == []
    assert error_id(await auditor.get("/api/v1/plays/mine")) == "not_an_agent"
    with house.read() as session:
        kinds = session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq)).all()
    assert [kind for kind in kinds if kind in ("opened", "heard")] == ["opened", "heard"]


async def test_nobody_tells_what_somebody_else_heard(auditor: Browser, told: Told) -> None:
    play = (await told.opened(auditor))["play"]
    async with Browser(auditor.port) as agent:
        await agent.log_in("agent1")
        answer = await agent.post(f"/api/v1/plays/{play}/heard", json={"spans": [[0, 5]], "closed": True})
        assert answer.json() == {"open": False}
    (seen,) = (await auditor.get(f"{told.url}/plays")).json()["plays"]
    assert seen["heard"] == []
    assert (await auditor.get(f"{told.url}/audio", params={"play": play})).status_code == 200


@pytest.mark.parametrize("how", ["written", "added"])
async def test_a_ticket_kept_secret_keeps_the_voice_and_the_number_too(
    house: House, auditor: Browser, told: Told, how: str
) -> None:
    house.queued(CONTACT, "13800138000")
    play = await told.opened(auditor)
    async with Browser(auditor.port) as agent:
        await agent.log_in("agent1")
        made = await new_ticket(agent, contact_id=CONTACT if how == "written" else None, confidential=True)
        assert made.status_code == 201, made.text
        if how == "added":
            await added_to(agent, made.json()["ticket"]["ticket_id"])
        told.index()
        assert (await agent.get(f"{told.url}/story")).json()["may_hear"] is True
        assert (await agent.get(f"{told.url}/audio", params=await told.opened(agent))).status_code == 200
    assert await found(auditor, words="路灯") == []
    story = (await auditor.get(f"{told.url}/story")).json()
    assert (story["may_hear"], story["number_shown"], story["comments"]) == (False, "138****8000", [])
    for path in ("audio", "transcript"):
        answer = await auditor.get(f"{told.url}/{path}", params=play)
        assert error_id(answer) == "reason_needed", "who listened already hears no further"
    assert error_id(await auditor.post(f"{told.url}/plays", json={"reason": "质检"})) == "confidential"
    with house.read() as session:
        assert "confided" in session.scalars(select(LedgerEntry.kind)).all()


TRICKS = ["..%2f..%2fetc%2fpasswd", "%2e%2e", "..%5c..", "....//x", "%00", "a/../b", "x" * 65, "-1", "%ff", "～"]


@pytest.mark.parametrize("trick", TRICKS)
async def test_path_tricks_in_ids_find_nothing(auditor: Browser, told: Told, trick: str) -> None:
    for tail in ("", "/audio", "/peaks", "/transcript", "/story", "/proof", "/plays"):
        answer = await auditor.get(f"/api/v1/recordings/{trick}{tail}")
        assert answer.status_code in (404, 422), (trick, tail)
        assert "passwd" not in answer.text


async def test_r36_many_players_at_once_get_their_own_parts(auditor: Browser, told: Told) -> None:
    play = await told.opened(auditor)
    whole = (await auditor.get(f"{told.url}/audio", params=play)).content
    starts = range(0, len(whole), len(whole) // 24)

    async def part(start: int) -> bytes:
        ranged = {"Range": f"bytes={start}-{start + 4999}"}
        return (await auditor.get(f"{told.url}/audio", params=play, headers=ranged)).content

    for start, got in zip(starts, await asyncio.gather(*map(part, starts)), strict=True):
        assert got == whole[start : start + 5000]


# --- remarks and clips ---


async def test_comments_stand_at_their_second_and_belong_to_who_wrote_them(auditor: Browser, told: Told) -> None:
    remark = {"start": 5.25, "end": 7, "text": "推诿"}
    made = (await auditor.make(f"{told.url}/comments", remark, "k")).json()
    assert (await auditor.make(f"{told.url}/comments", remark, "k")).json() == made, "sent again, made once"
    assert (made["start"], made["person_name"], made["mine"]) == (5.25, "auditor", True)
    async with Browser(auditor.port) as agent:
        await agent.log_in("agent1")
        (seen,) = (await agent.get(f"{told.url}/story")).json()["comments"]
        assert (seen["text"], seen["mine"]) == ("推诿", False)
        assert error_id(await agent.delete(f"/api/v1/comments/{seen['comment_id']}")) == "forbidden"
    for wrong in ({"start": 99, "text": "x"}, {"start": 5, "end": 4, "text": "x"}, {"start": 1, "text": " "}):
        assert error_id(await auditor.make(f"{told.url}/comments", wrong)) == "remark_refused"
    assert (await auditor.delete(f"/api/v1/comments/{made['comment_id']}")).status_code == 204
    assert error_id(await auditor.delete(f"/api/v1/comments/{made['comment_id']}")) == "not_found"
    assert (await auditor.get(f"{told.url}/story")).json()["comments"] == []


async def test_a_clip_belongs_to_a_ticket(house: House, auditor: Browser, told: Told) -> None:
    ticket = house.ticket()
    asked = {"ticket": ticket.number, "start": 3, "end": 6, "title": "路灯不亮"}
    clip = (await auditor.make(f"{told.url}/clips", asked, "k")).json()
    assert (await auditor.make(f"{told.url}/clips", asked, "k")).json() == clip, "sent again, made once"
    assert (clip["ticket_id"], clip["ticket_number"]) == (ticket.ticket_id, ticket.number)
    (seen,) = (await auditor.get(f"/api/v1/tickets/{ticket.ticket_id}/clips")).json()["clips"]
    assert (seen["title"], seen["start"], seen["end"], seen["state"]) == ("路灯不亮", 3, 6, "ready")
    refused = await auditor.make(f"{told.url}/clips", asked | {"ticket": "20990101-1"})
    assert refused.json()["error"]["detail"] == {"reason": "no_such_ticket"}
    assert error_id(await auditor.make(f"{told.url}/clips", asked | {"end": 3.1})) == "remark_refused"
    with house.read() as session:
        assert session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "clipped")).one().person

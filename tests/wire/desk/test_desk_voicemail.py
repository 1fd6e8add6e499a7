"""Voice messages over HTTP: the list with its lights, taking one, calling back, what ends it, who may look."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import cti
import recordings
import ticketing
from agent_desktop.tables import AccessRow
from cti.facts import CallArrived
from hotline.caller_words import message_stored
from recordings.tables import Recording, Segment, Transcript
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser

pytestmark = pytest.mark.wire

SAID = "人民路路灯坏了晚上很黑请派人修理"


class Letterbox:
    """Voice messages as the worker leaves them."""

    def __init__(self, house: House) -> None:
        self.house = house

    def drop(self, contact_id: str = CONTACT, number: str = "13800138000", *, minutes: float = 0) -> str:
        """A message that was left so many minutes ago; its id."""
        left_at = self.house.clock() - timedelta(minutes=minutes)
        with self.house.write.begin() as session:
            call = {"at": left_at.timestamp(), "call_id": contact_id[:8], "contact_id": contact_id}
            cti.record(session, CallArrived(**call, channel="PJSIP/trunk-1", caller_number=number))  # type: ignore[arg-type]
            recording = recordings.enqueue(session, contact_id, "voicemail", left_at)
            session.get_one(Recording, recording).state = "ready"
            self._store(session, recordings.Finished(recording, contact_id, "voicemail", left_at, 12.3, silent=False))
            text = Transcript(recording_id=recording, created_at=left_at, state="done", figures={})
            session.add(text)
            session.flush()
            session.add(
                Segment(transcript_id=text.transcript_id, recording_id=recording, leg="citizen", start=0.5, end=5,
                        text=SAID)
            )  # fmt: skip
        return recording

    def _store(self, session: Session, done: recordings.Finished) -> None:
        message_stored(self.house.doors.office)(session, done)


@pytest.fixture
def letterbox(house: House) -> Letterbox:
    return Letterbox(house)


OTHER = CONTACT[:-2] + "02"
THIRD = CONTACT[:-2] + "03"


async def test_the_list_is_by_age_with_lights_and_never_shows_a_number(agent: Browser, letterbox: Letterbox) -> None:
    ids = [
        letterbox.drop(minutes=10),
        letterbox.drop(OTHER, minutes=35),
        letterbox.drop(THIRD, "anonymous", minutes=61),
    ]
    answer = await agent.get("/api/v1/voicemail")
    page = answer.json()
    assert [one["voicemail_id"] for one in page["voicemail"]] == ids[::-1]
    assert [one["light"] for one in page["voicemail"]] == ["red", "yellow", "green"]
    assert [one["number_masked"] for one in page["voicemail"]] == ["", "138****8000", "138****8000"]
    assert (page["open"], page["claimed"], page["limit_minutes"], page["next_cursor"]) == (3, 0, 60, None)
    assert page["untold"] == [""]  # the office entered no number and no address for its reminders
    assert "13800138000" not in answer.text
    assert SAID not in answer.text
    measured = (await agent.get("/metrics")).text
    assert 'hotline_voicemail_waiting{taken="no"} 3.0' in measured
    assert "hotline_voicemail_oldest_seconds 3660.0" in measured
    few = (await agent.get("/api/v1/voicemail", params={"limit": 1, "cursor": "1"})).json()
    assert ([one["voicemail_id"] for one in few["voicemail"]], few["next_cursor"]) == ([ids[1]], "2")


async def test_a_message_is_a_ticket_half_written(agent: Browser, house: House, letterbox: Letterbox) -> None:
    message = letterbox.drop()
    detail = (await agent.get(f"/api/v1/voicemail/{message}")).json()
    assert (detail["text"], detail["number"]) == (SAID, "138 0013 8000")
    prefill = detail["prefill"]
    assert prefill["channel"] == "voicemail"
    assert (prefill["text"], prefill["title"], prefill["caller_number"]) == (SAID, SAID[:40], "138 0013 8000")
    suggested = (await agent.post("/api/v1/intake/suggestions", json={"text": SAID})).json()["category"]
    assert prefill["category"] == suggested["suggestions"][0]["label"]
    with house.read() as session:
        looks = session.execute(select(AccessRow.what, AccessRow.object_id)).all()
    assert [tuple(look) for look in looks] == [("voicemail", message)]


async def test_a_ticket_for_the_contact_ends_the_message(agent: Browser, letterbox: Letterbox) -> None:
    message = letterbox.drop()
    assert (await agent.post(f"/api/v1/voicemail/{message}/claim")).json()["voicemail"]["mine"]
    fields = (await agent.get(f"/api/v1/voicemail/{message}")).json()["prefill"]
    made = await agent.post(
        "/api/v1/tickets", json=fields | {"contact_id": CONTACT}, headers={"Idempotency-Key": "letterbox-1"}
    )
    assert made.status_code == 201, made.text
    detail = (await agent.get(f"/api/v1/voicemail/{message}")).json()
    assert detail["voicemail"]["outcome"] == "ticket"
    assert detail["voicemail"]["ticket_id"] == made.json()["ticket"]["ticket_id"] == detail["tickets"][0]["ticket_id"]
    assert (await agent.get("/api/v1/voicemail")).json()["open"] == 0
    done = (await agent.get("/api/v1/voicemail", params={"state": "done"})).json()["voicemail"]
    assert [(one["voicemail_id"], one["done_by_name"], one["light"]) for one in done] == [(message, "Agent 1", None)]


async def test_so_does_an_addition_to_a_ticket_that_is_there(agent: Browser, letterbox: Letterbox) -> None:
    message = letterbox.drop()
    fields = (await agent.get(f"/api/v1/voicemail/{message}")).json()["prefill"]
    older = await agent.post("/api/v1/tickets", json=fields, headers={"Idempotency-Key": "older"})
    ticket = older.json()["ticket"]["ticket_id"]
    assert (await agent.get("/api/v1/voicemail")).json()["open"] == 1, "a ticket of another call ends nothing"
    added = await agent.post(
        f"/api/v1/calls/{CONTACT}/additions",
        json={"ticket_id": ticket, "text": SAID},
        headers={"Idempotency-Key": "added"},
    )
    assert added.status_code == 200, added.text
    done = (await agent.get("/api/v1/voicemail", params={"state": "done"})).json()["voicemail"]
    assert [(one["voicemail_id"], one["outcome"], one["ticket_id"]) for one in done] == [(message, "ticket", ticket)]


async def test_one_clerk_has_it_at_a_time(
    agent: Browser, colleague: Browser, house: House, letterbox: Letterbox
) -> None:
    url = f"/api/v1/voicemail/{letterbox.drop()}"
    assert (await agent.post(f"{url}/claim")).status_code == 200
    assert (await agent.post(f"{url}/claim")).status_code == 200, "twice is once"
    for act, body in (("claim", None), ("release", None), ("done", {"outcome": "called_back"})):
        refused = await colleague.post(f"{url}/{act}", json=body)
        assert refused.status_code == 409
        error = refused.json()["error"]
        assert (error["error_id"], error["detail"]["by_name"]) == ("voicemail_refused", "Agent 1")
    async with Browser(agent.port) as chief:
        await chief.log_in("chief")
        assert (await chief.post(f"{url}/release")).status_code == 200, "a supervisor frees it"
    assert (await colleague.post(f"{url}/claim")).json()["voicemail"]["claimed_by_name"] == "Agent 2"


async def test_done_needs_a_reason_unless_called_back(agent: Browser, letterbox: Letterbox) -> None:
    url = f"/api/v1/voicemail/{letterbox.drop()}"
    refused = await agent.post(f"{url}/done", json={"outcome": "called_back"})
    assert refused.json()["error"]["detail"]["reason"] == "not_taken"
    await agent.post(f"{url}/claim")
    refused = await agent.post(f"{url}/done", json={"outcome": "no_action", "reason": "  "})
    assert refused.json()["error"]["detail"]["reason"] == "invalid_field"
    ended = await agent.post(f"{url}/done", json={"outcome": "no_action", "reason": "空白留言"})
    assert (ended.json()["voicemail"]["outcome"], ended.json()["voicemail"]["reason"]) == ("no_action", "空白留言")
    again = await agent.post(f"{url}/done", json={"outcome": "no_action", "reason": "again"})
    assert again.json()["voicemail"]["reason"] == "空白留言"
    assert (await agent.post(f"{url}/claim")).json()["error"]["detail"]["reason"] == "already_done"


async def test_calling_back_rings_the_clerks_own_phone(agent: Browser, house: House, letterbox: Letterbox) -> None:
    message, hidden = letterbox.drop(), letterbox.drop(OTHER, "anonymous")
    assert (await agent.post(f"/api/v1/voicemail/{message}/call-back")).status_code == 202
    assert ("call_out", "a1", "138 0013 8000") in house.bridge.asked
    refused = await agent.post(f"/api/v1/voicemail/{hidden}/call-back")
    assert refused.json()["error"]["detail"]["reason"] == "number_withheld"
    house.bridge.failure = cti.Refused("busy")
    assert (await agent.post(f"/api/v1/voicemail/{message}/call-back")).json()["error"]["detail"] == {"reason": "busy"}
    async with Browser(agent.port) as chief:
        await chief.log_in("chief")
        refused = await chief.post(f"/api/v1/voicemail/{message}/call-back")
        assert refused.json()["error"]["error_id"] == "not_an_agent"


async def test_who_may_not_and_what_is_not(agent: Browser, house: House, tmp_path: Path, letterbox: Letterbox) -> None:
    house.person("hands", "unit_handler", "u1")
    message = letterbox.drop()
    async with Browser(agent.port) as unit:
        await unit.log_in("hands")
        for url in ("/api/v1/voicemail", f"/api/v1/voicemail/{message}"):
            assert (await unit.get(url)).status_code == 403
    for name in ("x", "..%2f..", CONTACT):
        assert (await agent.get(f"/api/v1/voicemail/{name}")).status_code in (404, 422)


def test_the_supervisor_is_told_again_and_again(house: House, letterbox: Letterbox) -> None:
    letterbox.drop(minutes=61)
    letterbox.drop(OTHER, minutes=5)
    hour = timedelta(minutes=60)

    def told() -> int:
        with house.write.begin() as session:
            return ticketing.remind_voicemail(session, house.clock(), hour)

    assert [told(), told()] == [1, 0]
    house.clock.forward(minutes=60)
    assert told() == 2
    with house.write.begin() as session:
        events = ticketing.outbox_due(session, house.clock())
    assert [one.event for one in events if one.event != "voicemail_waiting"] == ["voicemail_overdue"] * 3
    assert events[0].body["waiting_minutes"] == 61
    lists = [(one.body["messages"], one.body["waiting_minutes"]) for one in events if one.event == "voicemail_waiting"]
    assert lists == [(1, 61), (2, 121)], "whoever keeps the list hears of all that wait, once each time"
    assert "13800138000" not in str(events)

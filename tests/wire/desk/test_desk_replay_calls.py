"""Recordings found on the replay desk by what belongs to their call: its number, its tickets, the units in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import cti
import recordings
import ticketing
from recordings import search_feed
from recordings.tables import Recording
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at, new_ticket
from tests.wire.desk.told import Told, added_to, found
from ticketing.tables import TicketRow

pytestmark = pytest.mark.wire


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.agent(1)
    built.person("auditor", "auditor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
async def auditor(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in("auditor")
        yield opened


async def test_by_number_and_by_ticket_and_by_unit(house: House, auditor: Browser, told: Told) -> None:
    house.queued(told.contact_id, "13800138000")
    with house.write.begin() as session:
        command = ticketing.CreateTicket("k", "a1", "路灯", contact_id=told.contact_id)
        ticket = ticketing.create_ticket(session, command, house.clock())
        assert isinstance(ticket, ticketing.Ticket)
        session.get_one(TicketRow, ticket.ticket_id).unit = "u1"
    (one,) = await found(auditor, number="138 0013 8000")
    assert one["number_shown"].replace(" ", "") == "13800138000"
    assert [ref["number"] for ref in one["tickets"]] == [ticket.number]
    assert await found(auditor, ticket=ticket.number)
    assert await found(auditor, unit="u1", number="13800138000")
    assert await found(auditor, unit="u1", number="13800138001") == []


async def test_by_a_unit_that_spoke_in_it(house: House, auditor: Browser, told: Told) -> None:
    """Who was asked in private is found by the recording of that, with the number and the tickets of its call."""
    house.queued(told.contact_id, "13800138000")
    unit = recordings.Unit("5550201", "water-company", "自来水公司")
    with house.write.begin() as session:
        began = session.get_one(Recording, told.recording_id).started_at
        assert began is not None
        for seconds, label in ((0, "agent"), (6, "consult"), (12, "agent")):
            units = [unit] if label == "consult" else []
            recordings.mark(session, told.contact_id, began + timedelta(seconds=seconds), label, "a1", units)  # type: ignore[arg-type]
        aside = cti.consultation_ids(told.contact_id)[0]
        recordings.set_asides(session, told.contact_id, [aside])
    private = Told(house, contact_id=aside, seconds=5.0, lines=())
    with house.write.begin() as session:
        row = session.get_one(Recording, private.recording_id)
        row.kind, row.started_at = "consult", began + timedelta(seconds=6.5)
        search_feed.ask(session, told.recording_id, private.recording_id)
    private.index()
    (one,) = await found(auditor, unit="water-company")
    assert one["recording"]["recording_id"] == private.recording_id, "in the call itself there was music meanwhile"
    assert one["number_shown"].replace(" ", "") == "13800138000"
    assert await found(auditor, unit="heating-company") == []
    both = await found(auditor, number="138 0013 8000", sort="oldest")
    assert [each["recording"]["kind"] for each in both] == ["call", "consult"]
    parts = (await auditor.get(f"{private.url}/story")).json()["parts"]
    assert [(part["label"], part["name"], part["units"]) for part in parts] == [("consult", "Agent 1", ["自来水公司"])]
    with house.write.begin() as session:
        command = ticketing.CreateTicket("k", "a1", "停水", contact_id=told.contact_id)
        ticket = ticketing.create_ticket(session, command, house.clock())
        assert isinstance(ticket, ticketing.Ticket)
        session.get_one(TicketRow, ticket.ticket_id).unit = "water-company"
    assert len(await found(auditor, unit="water-company")) == 2, "or a ticket of the call is with it"
    (by_ticket,) = await found(auditor, ticket=ticket.number, kind="consult")
    assert [ref["number"] for ref in by_ticket["tickets"]] == [ticket.number]


async def test_a_call_that_was_added_to_a_ticket_belongs_to_it(house: House, auditor: Browser, told: Told) -> None:
    house.queued(CONTACT, "13800138000")
    async with Browser(auditor.port) as agent:
        await agent.log_in("agent1")
        old = (await new_ticket(agent, category="construction/municipal/lights")).json()["ticket"]
        await added_to(agent, old["ticket_id"])
    (one,) = await found(auditor, ticket=old["number"])
    assert [ref["number"] for ref in one["tickets"]] == [old["number"]]
    with house.read() as session:  # what retention rules go by
        assert ticketing.categories_of_contacts(session, [CONTACT]) == {CONTACT: {"construction/municipal/lights"}}

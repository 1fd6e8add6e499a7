"""What a recording is about: its call, agents, tickets and how the talk went, put together from all rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

import cti
import recordings
import ticketing
from agent_desktop.access import Visitor
from agent_desktop.cards import agent_names
from agent_desktop.doors import Doors
from agent_desktop.secrecy import hides_number, secret_calls

from .recordings import RecordingOut, shown
from .tickets import viewer_of


class TicketRef(BaseModel):
    ticket_id: str
    number: str
    title: str


class TalkOut(BaseModel):
    """Who spoke how long, in seconds; stretches as [start, end]."""

    citizen_seconds: float
    other_seconds: float
    talk_over_seconds: float
    longest_silence: float
    talk_overs: list[tuple[float, float]]
    silences: list[tuple[float, float]]


class AgentRef(BaseModel):
    agent_id: str
    name: str


class About(BaseModel):
    """A recording and what other rooms know of its call."""

    recording: RecordingOut
    number_shown: str
    place: str | None
    queue: str | None
    agents: list[AgentRef]
    tickets: list[TicketRef]
    talk: TalkOut | None


class Abouts:
    """What other rooms know of some contacts, read once for a page of them; of an aside what is known of its call."""

    def __init__(self, session: Session, doors: Doors, visitor: Visitor, contact_ids: Sequence[str]) -> None:
        self._session = session
        self._names = agent_names(session)
        self._wholes = recordings.wholes_of(session, contact_ids)
        calls = sorted(set(self._wholes.values()))
        self._calls: Mapping[str, cti.CallRow | None] = {one: cti.get_call(session, one) for one in calls}
        self._tickets: dict[str, list[TicketRef]] = {one: [] for one in calls}
        if visitor.may("ticket.read"):
            viewer = viewer_of(session, doors, visitor)
            for one in self._tickets:
                written = ticketing.tickets_of_contact(session, one, viewer)
                added = ticketing.get_tickets(session, ticketing.added_in(session, one), viewer)
                found = {ticket.ticket_id: ticket for ticket in written} | added
                self._tickets[one] = [
                    TicketRef.model_validate(ticket, from_attributes=True) for ticket in found.values()
                ]
        self._notes = recordings.notes_of(session, calls)
        self._secret = secret_calls(session, calls)
        self._looker = visitor.looker

    def of(self, view: recordings.RecordingView) -> dict[str, Any]:
        """The fields that a found recording and a whole story have in common."""
        whole = self._wholes[view.contact_id]
        call = self._calls.get(whole)
        number = cti.normalise(call.caller_number) if call else None
        hidden = call is not None and hides_number(self._looker, call, self._secret)
        note = self._notes.get(whole)
        agents: Iterable[str] = note.agent_ids if note else ()
        talk = recordings.talk_of(self._session, view.recording_id)
        return {
            "recording": shown(view),
            "number_shown": (number.masked if hidden else number.shown) if number else "",
            "place": (number.place or None) if number and not hidden else None,
            "queue": (note.queue if note else None) or (call.queue if call else None) or None,
            "agents": [AgentRef(agent_id=one, name=self._names.get(one, one)) for one in agents],
            "tickets": self._tickets[whole],
            "talk": TalkOut.model_validate(talk, from_attributes=True) if talk else None,
        }

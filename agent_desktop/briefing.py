"""What a handling unit hears before it joins: who calls and about what, put together from recorded words."""

from __future__ import annotations

import cti
import ticketing
from agent_desktop.doors import Doors
from agent_desktop.messages import CallState

_OFFICE = ticketing.Viewer("", frozenset({"operator"}))


def brief_of(doors: Doors, agent_id: str, call: CallState | None, ticket_id: str | None) -> tuple[str, ...]:
    """Sound files in order.  Of the caller's number only the last four digits are told."""
    if call is None or call.contact_id is None:
        return ()
    with doors.read() as session:
        draft = ticketing.get_draft(session, agent_id, call.contact_id)
        tickets = ticketing.tickets_of_contact(session, call.contact_id, _OFFICE)
    ticket = next((one for one in tickets if ticket_id in (None, one.ticket_id)), None)
    kind = ticket.kind if ticket is not None else str((draft.body if draft is not None else {}).get("kind") or "")
    tail = cti.normalise(call.caller_number or "").key[-4:]
    return doors.brief(kind, tail, ticket.number if ticket is not None else "")

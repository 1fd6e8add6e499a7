"""What is written into a ticket about a three-way call: who took part from when to when, and where it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import cti
import recordings
from agent_desktop.names import Names

_PHASES = {"call_answered": "talking", "call_held": "held", "call_resumed": "talking"}
"""Facts that tell where a conversation stands, beside conversation_changed, which names it."""


def conference_of(session: Session, contact_id: str, names: Names) -> dict[str, Any] | None:
    """Participants, phases and recordings of a call, ready for JSON; None when nobody was called in addition."""
    told = [(row.name, row.at, row.body) for row in cti.story(session, contact_id)]
    participants = _participants(told, names)
    if not participants:
        return None
    return {
        "contact_id": contact_id,
        "participants": participants,
        "phases": _phases(told),
        "recordings": _recordings(session, contact_id),
    }


Told = Sequence[tuple[str, datetime, Mapping[str, Any]]]


def _participants(told: Told, names: Names) -> list[dict[str, Any]]:
    """Everybody who was called in addition, with the moments of the call, the joining and the leaving."""
    found: dict[str, dict[str, Any]] = {}
    for name, at, body in told:
        if name == "party_called":
            number = body["number"]
            who = {"kind": body["kind"], "number": number, "name": names.of_number(number), "called_at": at.isoformat()}
            found[body["channel"]] = who
        elif name == "party_joined" and body["channel"] in found:
            found[body["channel"]]["joined_at"] = at.isoformat()
        elif name == "party_left" and body["channel"] in found:
            found[body["channel"]] |= {"left_at": at.isoformat(), "reason": body["reason"]}
    return list(found.values())


def _phases(told: Told) -> list[dict[str, Any]]:
    """Where the conversation stood from when on; the parts of the citizen's recording are cut at the same moments."""
    phases: list[dict[str, Any]] = []
    for name, at, body in told:
        phase = body["phase"] if name == "conversation_changed" else _PHASES.get(name)
        if phase is not None and (not phases or phases[-1]["phase"] != phase):
            phases.append({"phase": phase, "from": at.isoformat()})
    return phases


def _recordings(session: Session, contact_id: str) -> list[dict[str, Any]]:
    """The citizen's recording and those of the private consultations, by the ids under which they will be found."""
    spoken = [contact_id, *cti.consultation_ids(contact_id)]
    found = recordings.find_for_contacts(session, spoken)
    stored = [{"kind": view.kind, "recording_id": view.recording_id} for one in spoken for view in found.get(one, [])]
    return stored or [{"kind": "call", "contact_id": contact_id}]

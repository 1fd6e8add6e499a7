"""The list of calls: by number, agent and outcome, and what of it a person may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

import cti
from agent_desktop.secrecy import Looker, hides_number, secret_calls
from agent_desktop.tables import DispositionRow

Outcome = Literal["", "answered", "within", "abandoned", "short", "left"]
"""What became of a call that waited in a queue; the floor counts the same."""
NO_DISPOSITION = "none"
"""Asked for instead of a code: answered calls of which nobody has said how they turned out."""


@dataclass(frozen=True)
class CallsWanted:
    """Which calls; empty fields do not restrict."""

    number_key: str = ""
    agent_id: str | None = None
    disposition: str = ""
    """A code of the tree, those below it included, or :data:`NO_DISPOSITION`."""
    before: datetime | None = None
    since: datetime | None = None
    """Those that entered a queue from then on."""
    queue: str = ""
    outcome: Outcome = ""
    target: float = 0
    """Seconds: answered ``within`` them."""
    short: float = 0
    """Seconds: hung up within them is ``short``."""


@dataclass(frozen=True)
class ListedCall:
    """A call, how it turned out, and whether its number is kept from the person who looks."""

    row: cti.CallRow
    disposition: DispositionRow | None
    hidden: bool


def list_calls(session: Session, wanted: CallsWanted, limit: int) -> Sequence[cti.CallRow]:
    """Calls by arrival, newest first."""
    call, said = cti.CallRow, DispositionRow
    query = select(call).where(call.merged_into.is_(None))
    if wanted.before is not None:
        query = query.where(call.arrived_at < wanted.before)
    if wanted.agent_id is not None:
        query = query.where(call.agent_id == wanted.agent_id)
    if wanted.number_key:
        query = query.where(call.caller_key == wanted.number_key)
    query = query.where(*_waited(wanted))
    if wanted.disposition == NO_DISPOSITION:
        unsaid = ~select(said.contact_id).where(said.contact_id == call.contact_id).exists()
        query = query.where(unsaid, call.agent_id.is_not(None), call.ended_at.is_not(None))
    elif wanted.disposition:
        below = said.code.startswith(wanted.disposition + "/", autoescape=True)
        chosen = select(said.contact_id).where(or_(said.code == wanted.disposition, below))
        query = query.where(call.contact_id.in_(chosen))
    return session.scalars(query.order_by(call.arrived_at.desc()).limit(limit)).all()


def _waited(wanted: CallsWanted) -> list[ColumnElement[Any]]:
    """What is asked of a call's wait in the queue."""
    call = cti.CallRow
    gone = call.end_reason == "abandoned"
    ways: dict[str, list[ColumnElement[Any]]] = {
        "": [],
        "answered": [call.answered_at.is_not(None)],
        "within": [call.answered_at.is_not(None), call.wait_seconds <= wanted.target],
        "abandoned": [call.answered_at.is_(None), gone],
        "short": [call.answered_at.is_(None), gone, call.wait_seconds <= wanted.short],
        "left": [call.answered_at.is_(None), call.ended_at.is_not(None), ~gone],
    }
    found = ways[wanted.outcome]
    if wanted.since is not None:
        found.append(call.queued_at >= wanted.since)
    if wanted.queue:
        found.append(call.queue == wanted.queue)
    return found


def listed(session: Session, rows: Sequence[cti.CallRow], looker: Looker) -> list[ListedCall]:
    """The calls with what is known about them here."""
    contacts = [row.contact_id for row in rows]
    secret = secret_calls(session, contacts)
    said = dispositions_of(session, contacts)
    return [ListedCall(row, said.get(row.contact_id), hides_number(looker, row, secret)) for row in rows]


def dispositions_of(session: Session, contact_ids: Sequence[str]) -> Mapping[str, DispositionRow]:
    """How these calls turned out, by contact."""
    rows = session.scalars(select(DispositionRow).where(DispositionRow.contact_id.in_(contact_ids)))
    return {row.contact_id: row for row in rows}

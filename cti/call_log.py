"""Facts → rows, and the questions people ask of them.

``record`` may be given the same fact twice and facts late; the row ends up the same.  Every function works in
the caller's transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cti import facts
from cti.facts import Fact
from cti.numbers import normalise
from cti.survey import talk_ends_with_survey
from cti.tables import AgentStateRow, CallRow, FactRow


def record(session: Session, fact: Fact, now: datetime | None = None) -> bool:
    """Append ``fact`` to the ledger and bring the call row up to date; False when it was there already.

    ``now`` stands in for facts without a time of their own (the bridge stamps all of its facts); ValueError
    when there is neither.
    """
    if fact.at is None and now is None:
        raise ValueError("a fact without time needs now")
    at = datetime.fromtimestamp(fact.at, UTC) if fact.at is not None else now
    assert at is not None
    body = facts.to_json(fact)
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False) + ("" if fact.at else at.isoformat())
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    if session.scalar(select(FactRow.fact_id).where(FactRow.digest == digest)) is not None:
        return False
    session.add(FactRow(digest=digest, name=fact.name, at=at, contact_id=_contact(fact), body=body))
    handler = _HANDLERS.get(type(fact))
    if handler is not None:
        handler(session, fact, at)
    session.flush()
    return True


def get_call(session: Session, contact_id: str) -> CallRow | None:
    """The call row of a contact, or None."""
    return session.get(CallRow, contact_id)


def recent_calls(
    session: Session,
    *,
    limit: int = 50,
    before: datetime | None = None,
    agent_id: str | None = None,
    number: str | None = None,
) -> Sequence[CallRow]:
    """Calls by arrival, newest first; ``before`` is the arrival of the last row of the page before."""
    query = select(CallRow).where(CallRow.merged_into.is_(None))
    if before is not None:
        query = query.where(CallRow.arrived_at < before)
    if agent_id is not None:
        query = query.where(CallRow.agent_id == agent_id)
    if number is not None:
        query = query.where(CallRow.caller_key == normalise(number).key)
    return session.scalars(query.order_by(CallRow.arrived_at.desc()).limit(limit)).all()


def calls_of_number(session: Session, number: str, limit: int = 20) -> Sequence[CallRow]:
    """Earlier and open calls from that number, newest first; none for an anonymous caller."""
    key = normalise(number).key
    return recent_calls(session, limit=limit, number=number) if key else []


def contacts_of_number(session: Session, number: str) -> set[str]:
    """The contact ids of all calls from or to that number; none for an anonymous caller."""
    key = normalise(number).key
    return set(session.scalars(select(CallRow.contact_id).where(CallRow.caller_key == key))) if key else set()


def open_calls(session: Session) -> Sequence[CallRow]:
    """Calls the log believes open."""
    return session.scalars(select(CallRow).where(CallRow.ended_at.is_(None))).all()


def story(session: Session, contact_id: str) -> Sequence[FactRow]:
    """Every fact of one contact, in the order it was recorded."""
    return session.scalars(select(FactRow).where(FactRow.contact_id == contact_id).order_by(FactRow.fact_id)).all()


def _contact(fact: Fact) -> str:
    return fact.contact_id or fact.call_id


def _row(session: Session, fact: Fact, at: datetime) -> CallRow:
    row = session.get(CallRow, _contact(fact))
    if row is None:
        row = CallRow(contact_id=_contact(fact), call_id=fact.call_id, linkedid=fact.linkedid, arrived_at=at)
        session.add(row)
    return row


def _arrived(session: Session, fact: facts.CallArrived, at: datetime) -> None:
    row = _row(session, fact, at)
    row.arrived_at = min(row.arrived_at, at)
    citizen = fact.dialled if fact.outgoing else fact.caller_number
    row.outgoing = fact.outgoing
    row.caller_number = citizen[:80]
    row.caller_key = normalise(citizen).key[:40]
    row.caller_name = fact.caller_name[:200]
    row.dialled, row.city = fact.dialled[:80], fact.city[:40]
    row.menu_path = fact.menu_path[:200] or row.menu_path or ""
    row.originated = fact.originated


def _queued(session: Session, fact: facts.CallQueued, at: datetime) -> None:
    row = _row(session, fact, at)
    row.queue = fact.queue[:80]
    row.menu_path = fact.menu_path[:200]
    row.queued_at = row.queued_at or at
    if not row.caller_number:
        row.caller_number = fact.caller_number[:80]
        row.caller_key = normalise(fact.caller_number).key[:40]


def _ringing(session: Session, fact: facts.AgentRinging | facts.Dialled, at: datetime) -> None:
    row = _row(session, fact, at)
    row.ringing_at = row.ringing_at or at


def _answered(session: Session, fact: facts.CallAnswered, at: datetime) -> None:
    row = _row(session, fact, at)
    row.answered_at = row.answered_at or at
    row.agent_id = fact.agent_id or row.agent_id
    if row.wait_seconds is None:
        row.wait_seconds = fact.wait_seconds


def _abandoned(session: Session, fact: facts.CallAbandoned, at: datetime) -> None:
    row = _row(session, fact, at)
    row.abandoned_position = fact.position
    row.wait_seconds = fact.wait_seconds


def _ended(session: Session, fact: facts.CallEnded, at: datetime) -> None:
    row = _row(session, fact, at)
    row.ended_at = at
    row.end_reason = "abandoned" if fact.abandoned else fact.reason
    if row.answered_at is not None:
        row.talk_seconds = max(0.0, (at - row.answered_at).total_seconds())
        talk_ends_with_survey(session, row)


def _merged(session: Session, fact: facts.CallsMerged, at: datetime) -> None:
    row = session.get(CallRow, _contact(fact))
    if row is None:
        return
    row.ended_at, row.end_reason = at, "merged"
    row.merged_into = fact.into_contact_id or fact.into_call_id


def _synced(session: Session, fact: facts.SwitchSynced, at: datetime) -> None:
    """Close every call the switch does not have (any more): no ghost stays open in the log."""
    margin = at - timedelta(seconds=5)  # a call that arrived while the lists were read is not a ghost
    for row in open_calls(session):
        if row.call_id not in fact.open_call_ids and row.arrived_at < margin:
            row.ended_at = at
            row.end_reason = "switch_restarted" if fact.restarted else "lost"


def _state(session: Session, fact: facts.AgentStateChanged, at: datetime) -> None:
    session.execute(
        update(AgentStateRow)
        .where(AgentStateRow.agent_id == fact.agent_id, AgentStateRow.ended_at.is_(None))
        .values(ended_at=at)
    )
    session.add(
        AgentStateRow(
            agent_id=fact.agent_id,
            state=fact.state,
            reason=fact.reason,
            contact_id=fact.contact_id,
            began_at=at,
        )
    )


_HANDLERS: dict[type[Fact], Callable[..., None]] = {
    facts.CallArrived: _arrived,
    facts.CallQueued: _queued,
    facts.AgentRinging: _ringing,
    facts.Dialled: _ringing,
    facts.CallAnswered: _answered,
    facts.CallAbandoned: _abandoned,
    facts.CallEnded: _ended,
    facts.CallsMerged: _merged,
    facts.SwitchSynced: _synced,
    facts.AgentStateChanged: _state,
}

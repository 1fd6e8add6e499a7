"""The facts themselves: JSON and back, the page that explains them, and the call log they are written to."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import cti
from cti import facts
from tests.kit.call_stories import events, names, replayed

pytestmark = pytest.mark.unit

PAGE = (Path(__file__).parents[2] / "docs" / "call-facts.md").read_text("utf-8")
COMMON = {field.name for field in dataclasses.fields(facts.Fact)}


def sections() -> dict[str, str]:
    parts = re.split(r"^### (\w+)$", PAGE, flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_page_explains_every_fact_and_no_other() -> None:
    assert set(sections()) == set(facts.KINDS)
    assert set(facts.KINDS.values()) == {kind for kind in vars(facts).values() if _is_a_fact(kind)}


def _is_a_fact(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, facts.Fact) and kind is not facts.Fact


@pytest.mark.parametrize("name", facts.KINDS)
def test_the_page_explains_every_field(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(facts.KINDS[name])} - COMMON
    named = set(re.findall(r"`(\w+)`", sections()[name]))
    assert fields <= named


def test_the_page_explains_what_is_in_every_fact() -> None:
    head = PAGE.split("## A call, from")[0]
    assert {f"`{name}`" for name in COMMON} <= set(re.findall(r"`\w+`", head))


@pytest.mark.parametrize("name", names())
def test_json_and_back(name: str) -> None:
    for fact in replayed(events(name))[1]:
        assert facts.from_json(json.loads(json.dumps(facts.to_json(fact)))) == fact


# -- the call log

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    cti.Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def recorded(session: Session, name: str) -> list[facts.Fact]:
    found = replayed(events(name))[1]
    for fact in found:
        cti.record(session, fact, NOW)
    return found


def only_call(session: Session) -> cti.CallRow:
    (row,) = cti.recent_calls(session)
    return row


def test_an_answered_call_in_the_log(session: Session) -> None:
    recorded(session, "queue_answered")
    row = only_call(session)
    assert (row.caller_number, row.caller_key, row.dialled) == ("13900000001", "+8613900000001", "12345")
    assert (row.queue, row.agent_id, row.end_reason) == ("citizens", "agent-8101", "completed")
    assert row.queued_at is not None
    assert row.ringing_at is not None
    assert row.answered_at is not None
    assert row.ended_at is not None
    assert row.arrived_at <= row.queued_at <= row.ringing_at <= row.answered_at <= row.ended_at
    assert row.talk_seconds == pytest.approx((row.ended_at - row.answered_at).total_seconds())
    assert row.wait_seconds == pytest.approx((row.answered_at - row.queued_at).total_seconds(), abs=0.01)
    assert row.call_id != row.contact_id
    assert cti.get_call(session, row.contact_id) is row
    assert cti.calls_of_number(session, "+86 139 0000 0001") == [row]
    assert cti.calls_of_number(session, "anonymous") == []
    assert cti.open_calls(session) == []


def test_an_abandoned_call_in_the_log(session: Session) -> None:
    recorded(session, "queue_abandoned")
    row = only_call(session)
    assert (row.end_reason, row.abandoned_position, row.agent_id, row.talk_seconds) == ("abandoned", 1, None, None)
    assert row.wait_seconds is not None


def test_a_transferred_call_is_one_call_of_the_agent_who_answered_last(session: Session) -> None:
    recorded(session, "attended_by_agent")
    row = only_call(session)
    assert row.end_reason == "completed"
    assert row.merged_into is None


@pytest.mark.parametrize("name", names())
def test_recording_twice_changes_nothing(session: Session, name: str) -> None:
    found = recorded(session, name)

    def state() -> list[tuple[object, ...]]:
        session.flush()
        columns = [column.key for column in cti.CallRow.__table__.columns]
        return [tuple(getattr(row, key) for key in columns) for row in cti.recent_calls(session)]

    before = state()
    assert [cti.record(session, fact, NOW) for fact in found] == [False] * len(found)
    assert state() == before
    assert cti.open_calls(session) == []
    told = sum(len(cti.story(session, contact)) for contact in {fact.contact_id or fact.call_id for fact in found})
    assert told == len({json.dumps(facts.to_json(fact)) for fact in found})


def test_a_call_the_switch_does_not_have_is_closed_at_the_next_synchronising(session: Session) -> None:
    found = replayed(events("queue_answered"))[1]
    cut = next(number for number, fact in enumerate(found) if fact.name == "call_answered")
    for fact in found[: cut + 1]:
        cti.record(session, fact, NOW)
    (row,) = cti.open_calls(session)
    later = row.arrived_at + timedelta(seconds=60)
    still = facts.SwitchSynced(at=later.timestamp(), restarted=False, open_call_ids=(row.call_id,))
    cti.record(session, still, NOW)
    assert cti.open_calls(session) == [row]
    gone = facts.SwitchSynced(at=later.timestamp() + 1, restarted=True, open_call_ids=())
    cti.record(session, gone, NOW)
    assert cti.open_calls(session) == []
    assert (row.end_reason, row.ended_at) == ("switch_restarted", later + timedelta(seconds=1))


def test_a_fact_without_any_time_is_an_error(session: Session) -> None:
    with pytest.raises(ValueError, match="time"):
        cti.record(session, facts.CallHeld(call_id="1.1"))


def test_agents_states_are_stretches_of_time(session: Session) -> None:
    for number, state in enumerate(("ready", "talking", "wrap_up", "logged_out")):
        fact = facts.AgentStateChanged(at=NOW.timestamp() + number, agent_id="zhang", interface="x", state=state)
        cti.record(session, fact)
    rows = session.query(cti.AgentStateRow).order_by(cti.AgentStateRow.began_at).all()
    assert [row.state for row in rows] == ["ready", "talking", "wrap_up", "logged_out"]
    assert [row.ended_at for row in rows[:-1]] == [row.began_at for row in rows[1:]]
    assert rows[-1].ended_at is None


def test_agents_are_kept(session: Session) -> None:
    cti.put_agent(session, agent_id="a2", extension="8002", display_name="李四", kind="phone")
    cti.put_agent(session, agent_id="a1", extension="8001", display_name="张三", queues=["citizens", "priority"])
    cti.put_agent(session, agent_id="a2", extension="8003", display_name="李四", enabled=False)
    assert [(one.extension, one.kind) for one in cti.list_agents(session)] == [("8001", "web"), ("8003", "web")]
    assert [one.agent_id for one in cti.list_agents(session, enabled_only=True)] == ["a1"]
    found = cti.agent_at(session, "8001")
    assert found is cti.get_agent(session, "a1")
    assert cti.remove_agent(session, "a1")
    assert not cti.remove_agent(session, "a1")
    for wrong in ({"kind": "smoke"}, {"extension": "80x"}):
        with pytest.raises(ValueError, match=r"kind|digits"):
            cti.put_agent(session, **{"agent_id": "a", "extension": "1", "display_name": "", **wrong})  # type: ignore[arg-type]

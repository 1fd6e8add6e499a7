"""An agent's states: the table, its meaning, and the book that feeds it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti import Switch
from cti.agents import IN_CALL, TRANSITIONS, WRAP_UP, Agent, AgentState, Signal, at_rest, step
from cti.facts import AgentStateChanged, Fact

pytestmark = pytest.mark.unit

READY = step(Agent(), Signal.LOGIN)


def after(*signals: Signal | tuple[Signal, str], start: Agent = READY) -> Agent:
    agent = start
    for signal in signals:
        agent = step(agent, *signal) if isinstance(signal, tuple) else step(agent, signal)
    return agent


@pytest.mark.parametrize(
    ("signals", "state"),
    [
        ((), AgentState.READY),
        (((Signal.PAUSE, "lunch"),), AgentState.NOT_READY),
        (((Signal.PAUSE, "lunch"), Signal.UNPAUSE), AgentState.READY),
        ((Signal.RING,), AgentState.RINGING),
        ((Signal.RING, Signal.RING_OVER), AgentState.READY),
        ((Signal.RING, Signal.TALK), AgentState.TALKING),
        ((Signal.TALK, Signal.HOLD), AgentState.HELD),
        ((Signal.TALK, Signal.HOLD, Signal.RESUME), AgentState.TALKING),
        ((Signal.TALK, Signal.HOLD, Signal.CONSULT), AgentState.CONSULTING),
        ((Signal.TALK, Signal.HOLD, Signal.CONSULT, Signal.CONFERENCE), AgentState.THREE_WAY),
        ((Signal.TALK, Signal.CONFERENCE, Signal.RESUME, Signal.HOLD), AgentState.HELD),
        ((Signal.TALK, (Signal.PAUSE, WRAP_UP), Signal.CONFERENCE, Signal.OVER), AgentState.WRAP_UP),
        ((Signal.TALK, (Signal.PAUSE, WRAP_UP)), AgentState.TALKING),
        ((Signal.TALK, (Signal.PAUSE, WRAP_UP), Signal.OVER), AgentState.WRAP_UP),
        ((Signal.TALK, (Signal.PAUSE, WRAP_UP), Signal.HOLD, Signal.OVER), AgentState.WRAP_UP),
        ((Signal.TALK, (Signal.PAUSE, WRAP_UP), Signal.OVER, Signal.UNPAUSE), AgentState.READY),
        ((Signal.TALK, (Signal.PAUSE, "lunch"), Signal.OVER), AgentState.NOT_READY),
        ((Signal.TALK, Signal.LOGOUT), AgentState.TALKING),
        ((Signal.TALK, Signal.LOGOUT, Signal.OVER), AgentState.LOGGED_OUT),
        ((Signal.PHONE_LOST,), AgentState.PHONE_LOST),
        ((Signal.PHONE_LOST, Signal.PHONE_BACK), AgentState.READY),
        ((Signal.PHONE_LOST, (Signal.PAUSE, "lunch"), Signal.PHONE_BACK), AgentState.NOT_READY),
        ((Signal.TALK, Signal.PHONE_LOST), AgentState.TALKING),
        ((Signal.TALK, Signal.PHONE_LOST, Signal.OVER), AgentState.PHONE_LOST),
        ((Signal.LOGOUT, Signal.RING), AgentState.LOGGED_OUT),
        ((Signal.SUPERVISE,), AgentState.SUPERVISING),
        ((Signal.SUPERVISE, Signal.OVER), AgentState.READY),
        ((Signal.SUPERVISE, (Signal.PAUSE, "lunch"), Signal.OVER), AgentState.NOT_READY),
        ((Signal.SUPERVISE, Signal.LOGOUT, Signal.OVER), AgentState.LOGGED_OUT),
    ],
)
def test_stories_of_one_agent(signals: tuple[Signal | tuple[Signal, str], ...], state: AgentState) -> None:
    assert after(*signals).state is state


SIGNALS = st.lists(st.tuples(st.sampled_from(Signal), st.sampled_from(["", "lunch", WRAP_UP])), max_size=30)


@settings(deadline=None)
@given(SIGNALS)
def test_off_the_phone_the_flags_decide(signals: list[tuple[Signal, str]]) -> None:
    agent = after(*signals, start=Agent())
    if agent.state not in {*IN_CALL, AgentState.SUPERVISING}:
        assert agent.state is at_rest(agent)
    assert bool(agent.reason) <= (agent.state is AgentState.NOT_READY)
    over = after(Signal.OVER, start=agent)
    assert over.state is at_rest(over)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {state for state in TRANSITIONS.values() if state is not None}
    assert {state for state, _ in TRANSITIONS} == set(AgentState)
    assert reached >= IN_CALL


def member(event: str, **fields: str) -> dict[str, str]:
    whole = {"Queue": "citizens", "MemberName": "zhang", "Interface": "PJSIP/8001", "Paused": "0", "Status": "1"}
    return {"Event": event, "Timestamp": "100.5", **whole, **fields}


def states(found: list[Fact]) -> list[tuple[str, str]]:
    return [(fact.state, fact.reason) for fact in found if isinstance(fact, AgentStateChanged)]


def test_members_of_queues_become_agents() -> None:
    """R07, R14: a phone that is gone is seen by the switch's event, not by a look once a minute."""
    switch = Switch()
    told = switch.feed(member("QueueMemberAdded", Paused="1", PausedReason="signed_in"))
    told += switch.feed(member("QueueMemberPause", Paused="0"))
    told += switch.feed(member("QueueMemberStatus", Status="5"))
    told += switch.feed(member("QueueMemberStatus", Status="5"))
    told += switch.feed(member("QueueMemberStatus", Status="1"))
    told += switch.feed(member("QueueMemberPause", Paused="1", PausedReason=WRAP_UP))
    told += switch.feed(member("QueueMemberPause", Paused="1", PausedReason="lunch"))
    told += switch.feed(member("QueueMemberRemoved"))
    assert states(told) == [
        ("not_ready", "signed_in"),
        ("ready", ""),
        ("phone_lost", ""),
        ("ready", ""),
        ("wrap_up", ""),
        ("not_ready", "lunch"),
        ("logged_out", ""),
    ]
    view = switch.agents()[0]
    assert (view.agent_id, view.extension, view.interface, view.since) == ("zhang", "8001", "PJSIP/8001", 100.5)


def test_an_agent_of_two_queues_is_paused_when_paused_in_both() -> None:
    switch = Switch()
    told = switch.feed(member("QueueMemberAdded"))
    told += switch.feed(member("QueueMemberAdded", Queue="priority"))
    told += switch.feed(member("QueueMemberPause", Paused="1", PausedReason="lunch"))
    assert states(told) == [("ready", "")]
    told += switch.feed(member("QueueMemberPause", Queue="priority", Paused="1", PausedReason="lunch"))
    assert states(told)[-1] == ("not_ready", "lunch")
    told += switch.feed(member("QueueMemberRemoved"))
    assert states(told)[-1] == ("not_ready", "lunch")
    told += switch.feed(member("QueueMemberRemoved", Queue="priority"))
    assert states(told)[-1] == ("logged_out", "")


def test_a_registered_agent_is_known_before_logging_in() -> None:
    switch = Switch()
    switch.register_agent("zhang", "PJSIP/8001")
    assert [(view.agent_id, view.state) for view in switch.agents()] == [("zhang", "logged_out")]
    switch.forget_agent("PJSIP/8001")
    assert switch.agents() == []

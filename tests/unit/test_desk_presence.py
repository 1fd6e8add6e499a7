"""Who may be offered calls, and what an agent's page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from agent_desktop.messages import AgentState
from agent_desktop.picture import Limits, Picture, picture
from agent_desktop.presence import BACK_WITHIN, LOGOUT_AFTER, RING_LOST_AFTER, Seat, action_for
from cti import AgentView, CallView
from tests.wire.desk.house import CONTACT, NOON

pytestmark = pytest.mark.unit

GRACE = timedelta(seconds=5)
WRAP_UP = timedelta(seconds=30)
HERE = Seat(page_open=True, gone_for=timedelta(0), phone_there=True)
NO_PHONE = Seat(page_open=True, gone_for=timedelta(0), phone_there=False)
GONE = Seat(page_open=False, gone_for=timedelta(seconds=6), phone_there=False)
BLINK = Seat(page_open=False, gone_for=timedelta(seconds=4), phone_there=False)
WITHOUT_CALL = Seat(page_open=True, gone_for=timedelta(0), phone_there=True, call_lost=timedelta(seconds=1))
HOME = Seat(page_open=False, gone_for=LOGOUT_AFTER + timedelta(seconds=1), phone_there=False)


def shown(state: str, reason: str | None = None, *, age: float = 10) -> Picture:
    since = NOON - timedelta(seconds=age)
    until = since + WRAP_UP if state == "wrap_up" else None
    return Picture(
        AgentState(agent_id="a1", state=state, reason=reason, since=since, until=until),  # type: ignore[arg-type]
        None,
    )


@pytest.mark.parametrize(
    ("what", "seat", "action"),
    [
        (None, HERE, "login"),
        (None, NO_PHONE, None),
        (None, GONE, None),
        (shown("logged_out"), HERE, "login"),
        (shown("logged_out"), NO_PHONE, None),
        (shown("ready"), HERE, None),
        (shown("ready"), NO_PHONE, None),
        (shown("ready"), BLINK, None),
        (shown("ready"), GONE, "screen_lost"),
        (shown("ringing"), GONE, None),
        (shown("talking"), GONE, None),
        (shown("talking"), HOME, None),
        (shown("held"), GONE, None),
        (shown("talking"), WITHOUT_CALL, "await_return"),
        (shown("held"), WITHOUT_CALL, "await_return"),
        (shown("ringing"), WITHOUT_CALL, None),
        (shown("ringing"), replace(WITHOUT_CALL, call_lost=RING_LOST_AFTER), "ring_again"),
        (shown("wrap_up"), WITHOUT_CALL, None),
        (shown("ready"), WITHOUT_CALL, None),
        (shown("not_ready", "meal"), GONE, None),
        (shown("not_ready", "meal"), HOME, "logout"),
        (shown("phone_lost"), GONE, None),
        (shown("phone_lost"), HOME, "logout"),
        (shown("not_ready", "screen_lost"), HERE, "ready"),
        (shown("not_ready", "screen_lost"), NO_PHONE, None),
        (shown("not_ready", "screen_lost", age=BACK_WITHIN.total_seconds() + 1), HERE, None),
        (shown("not_ready", "meal"), HERE, None),
        (shown("wrap_up", age=29), HERE, None),
        (shown("wrap_up", age=30), HERE, "wrap_up_done"),
        (shown("wrap_up", age=29), GONE, None),
        (shown("wrap_up", age=30), GONE, "screen_lost"),
        (shown("wrap_up", age=30), BLINK, "wrap_up_done"),
    ],
)
def test_rules_of_presence(what: Picture | None, seat: Seat, action: str | None) -> None:
    assert action_for(what, seat, GRACE, NOON) == action


def view(state: str, **values: object) -> AgentView:
    base: dict[str, object] = {"agent_id": "a1", "extension": "8001", "interface": "PJSIP/8001", "state": state}
    return AgentView(**(base | {"since": NOON.timestamp()} | values))  # type: ignore[arg-type]


CALL = CallView(
    call_id="c1",
    contact_id=CONTACT,
    linkedid="c1",
    state="ringing",
    since=None,
    arrived_at=None,
    channel="PJSIP/trunk-1",
    caller_number="13800138000",
    caller_name="",
    dialled="12345",
    queue="citizens",
)
ON_CALL = {"call_id": "c1", "contact_id": CONTACT}


def story(*views: AgentView) -> list[Picture]:
    told: list[Picture] = []
    for number, one in enumerate(views):
        before = told[-1] if told else None
        call = CALL if one.call_id == "c1" else None
        told.append(picture(one, call, before, Limits(WRAP_UP), NOON + timedelta(seconds=number)))
    return told


def test_a_call_from_ring_to_the_end_of_wrap_up() -> None:
    at = NOON.timestamp()
    told = story(
        view("ready"),
        view("ringing", **ON_CALL),
        view("talking", since=at + 3, **ON_CALL),
        view("held", since=at + 60, **ON_CALL),
        view("talking", since=at + 90, **ON_CALL),
        view("wrap_up", since=at + 120),
        view("ready", since=at + 130),
    )
    assert [one.call.state if one.call else None for one in told] == [
        None,
        "ringing",
        "talking",
        "held",
        "talking",
        "ended",
        None,
    ]
    talking = told[4].call
    assert talking is not None
    assert talking.answered_at == NOON + timedelta(seconds=3), "holding does not restart the talking time"
    assert talking.since == NOON + timedelta(seconds=90)
    wrapping = told[5]
    assert wrapping.call is not None
    assert wrapping.call.contact_id == CONTACT, "the form stays on the call that has just ended"
    assert wrapping.call.caller_number == "13800138000"
    assert wrapping.agent.until == NOON + timedelta(seconds=150)


def test_a_missed_ring_leaves_no_call() -> None:
    assert story(view("ringing", **ON_CALL), view("not_ready", reason="missed"))[-1].call is None


def test_a_new_call_does_not_inherit_the_last_ones_times() -> None:
    told = story(view("talking", **ON_CALL), view("ready"), view("ringing", call_id="c2", contact_id="other"))
    call = told[-1].call
    assert call is not None
    assert (call.call_id, call.answered_at) == ("c2", None)


def test_a_state_without_a_time_keeps_its_first_one() -> None:
    told = story(view("ready", since=None), view("ready", since=None), view("not_ready", since=None))
    assert told[1].agent.since == told[0].agent.since == NOON
    assert told[2].agent.since == NOON + timedelta(seconds=2)

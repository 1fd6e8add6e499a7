"""Tabs: who is active, who waits, who takes over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import BaseModel

from agent_desktop.hub import Close, Hub
from agent_desktop.messages import Link, Ping
from agent_desktop.secrecy import Looker
from tests.wire.desk.house import Clock

pytestmark = pytest.mark.unit


class PaperTab:
    """A page that writes down what it is told."""

    def __init__(self, tab: str, session: str = "s1") -> None:
        self.tab = tab
        self.session = session
        self.user_id = "u1"
        self.looker = Looker("u1", None, knows_all=False)
        self.left = False
        self.silence = timedelta(0)
        self.told: list[str] = []

    def send(self, message: BaseModel) -> None:
        self.told.append(message.type)  # type: ignore[attr-defined]

    def close(self, code: Close) -> None:
        self.told.append(str(int(code)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(clock: Clock) -> Hub:
    return Hub(clock)


def test_the_first_tab_is_active_and_the_second_waits(hub: Hub) -> None:
    first, second = PaperTab("tab-1"), PaperTab("tab-2")
    assert hub.join(first, "a1") is True
    assert hub.join(second, "a1") is False
    hub.push("a1", Ping())
    assert (first.told, second.told) == (["ping"], [])


def test_a_waiting_tab_takes_over(hub: Hub) -> None:
    first, second = PaperTab("tab-1"), PaperTab("tab-2")
    hub.join(first, "a1")
    hub.join(second, "a1")
    assert hub.take_over(second, "a1") is True
    assert first.told == ["taken_over", "4001"]
    hub.leave(first, "a1")
    assert hub.viewer("a1") is second
    assert hub.take_over(second, "a1") is False, "it is active already"


def test_a_reloaded_tab_takes_over_by_itself_before_its_old_socket_is_gone(hub: Hub) -> None:
    old, new = PaperTab("tab-1"), PaperTab("tab-1")
    hub.join(old, "a1")
    assert hub.join(new, "a1") is True
    assert hub.leave(old, "a1") is None
    assert hub.viewer("a1") is new
    assert hub.gone_since("a1") is None


def test_the_last_waiting_tab_inherits(hub: Hub) -> None:
    tabs = [PaperTab(f"tab-{number}") for number in range(3)]
    for tab in tabs:
        hub.join(tab, "a1")
    assert hub.leave(tabs[0], "a1") is tabs[2]
    assert hub.leave(tabs[1], "a1") is None
    assert hub.viewer("a1") is tabs[2]


def test_pushes_reach_one_agent_only(hub: Hub) -> None:
    mine, other, spectator = PaperTab("tab-1"), PaperTab("tab-2"), PaperTab("tab-3")
    hub.join(mine, "a1")
    hub.join(other, "a2")
    hub.join(spectator, None)
    assert hub.push("a1", Ping()) is True
    assert hub.push("nobody", Ping()) is False
    assert (other.told, spectator.told) == ([], [])
    hub.broadcast(Link(ami=True))
    assert (mine.told, other.told, spectator.told) == (["ping", "link"], ["link"], ["link"])


def test_how_long_a_page_has_been_gone(hub: Hub, clock: Clock) -> None:
    began = clock()
    assert hub.gone_since("a1") == began, "never seen: counted from the desk's start"
    clock.forward(seconds=10)
    tab = PaperTab("tab-1")
    hub.join(tab, "a1")
    assert hub.gone_since("a1") is None
    hub.leave(tab, "a1")
    assert hub.gone_since("a1") == began + timedelta(seconds=10)


def test_the_end_of_a_log_in_closes_only_its_own(hub: Hub) -> None:
    mine, waiting, other = PaperTab("tab-1", "s1"), PaperTab("tab-2", "s1"), PaperTab("tab-3", "s2")
    hub.join(mine, "a1")
    hub.join(waiting, "a1")
    hub.join(other, "a2")
    hub.end_session("s1")
    assert (mine.told, waiting.told, other.told) == (["4003"], ["4003"], [])

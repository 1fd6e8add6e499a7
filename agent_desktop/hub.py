"""Who has the desk open: tabs by agent, one of them active, and the way to reach them.

Lives on the event loop; no method blocks.  A tab is anything with the three methods of :class:`Tab`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from pydantic import BaseModel

from agent_desktop.messages import TakenOver
from agent_desktop.metrics import LIVE
from agent_desktop.secrecy import Looker

log = logging.getLogger(__name__)


class Close(IntEnum):
    """Close codes of the live WebSocket (4000–4999 are for applications, RFC 6455 §7.4.2)."""

    TAKEN_OVER = 4001
    BAD_MESSAGE = 4002
    NOT_LOGGED_IN = 4003
    NO_PONG = 4004
    TOO_SLOW = 4005
    VERSION = 4006
    GOING_AWAY = 1001


class Tab(Protocol):
    """One open page."""

    tab: str
    """Id kept by the page over a reload."""
    session: str
    """Hash of the log-in's token."""

    user_id: str
    looker: Looker
    """The person as somebody who looks at callers."""
    left: bool
    """The page has closed its socket itself."""

    @property
    def silence(self) -> timedelta:
        """For how long the page has said nothing."""

    def send(self, message: BaseModel) -> None:
        """Queues a message; never blocks."""

    def close(self, code: Close) -> None:
        """Closes after what is queued has left."""


class Wire(Protocol):
    """A softphone's socket, which ends with the log-in it belongs to."""

    session: str
    extension: str

    def close(self) -> None:
        """Closes it soon; never blocks."""


@dataclass
class Place:
    """One agent's place: its tabs and since when no page is open."""

    active: Tab | None = None
    waiting: list[Tab] = field(default_factory=list)
    gone_at: datetime | None = None
    left: bool = False
    """The last page has closed by itself: reloaded or left, not cut off."""


class Hub:
    """All open pages."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._started = now()
        self._places: dict[str, Place] = {}
        self._spectators: list[Tab] = []
        self.wires: set[Wire] = set()
        """The softphones' sockets."""

    def join(self, tab: Tab, agent_id: str | None) -> bool:
        """Adds a page; True when it is the active one.

        The first page of an agent is active; so is one with the tab id of the active page: that is the same page,
        reloaded before its old socket was seen to close.  Another page waits until it asks to take over.
        """
        LIVE.inc()
        if agent_id is None:
            self._spectators.append(tab)
            return True
        place = self._places.setdefault(agent_id, Place())
        if place.active is None or place.active.tab == tab.tab:
            self._activate(place, tab)
            return True
        place.waiting.append(tab)
        return False

    def take_over(self, tab: Tab, agent_id: str | None) -> bool:
        """Makes a waiting page the active one and closes the other; False when it was active already."""
        place = self._places.get(agent_id or "")
        if place is None or tab not in place.waiting:
            return False
        place.waiting.remove(tab)
        self._activate(place, tab)
        return True

    def leave(self, tab: Tab, agent_id: str | None) -> Tab | None:
        """Removes a page.  When the active one goes, the page that waited last becomes active and is returned."""
        LIVE.dec()
        if agent_id is None:
            self._spectators.remove(tab)
            return None
        place = self._places[agent_id]
        if tab in place.waiting:
            place.waiting.remove(tab)
        if place.active is not tab:
            return None
        place.active = None
        place.gone_at = self._now() - tab.silence
        place.left = tab.left
        if not place.waiting:
            return None
        heir = place.waiting.pop()
        self._activate(place, heir)
        return heir

    def _activate(self, place: Place, tab: Tab) -> None:
        if place.active is not None:
            place.active.send(TakenOver())
            place.active.close(Close.TAKEN_OVER)
        place.active = tab
        place.gone_at = None

    def present_agents(self) -> list[str]:
        """The agents who have a page open."""
        return [agent_id for agent_id, place in self._places.items() if place.active is not None]

    def gone_since(self, agent_id: str) -> datetime | None:
        """Since when the agent has no page; counted from the desk's start for one never seen.  None when present."""
        place = self._places.get(agent_id)
        if place is None:
            return self._started
        return None if place.active is not None else place.gone_at

    def has_left(self, agent_id: str) -> bool:
        """Whether the agent's last page has closed by itself."""
        place = self._places.get(agent_id)
        return place is not None and place.active is None and place.left

    def has_been_seen(self, agent_id: str) -> bool:
        """Whether the agent has had a page open since this desk was started."""
        return agent_id in self._places

    def push(self, agent_id: str, message: BaseModel) -> bool:
        """Sends to the agent's active page; False when there is none."""
        place = self._places.get(agent_id)
        if place is None or place.active is None:
            return False
        place.active.send(message)
        return True

    def viewer(self, agent_id: str) -> Tab | None:
        """The agent's active page."""
        place = self._places.get(agent_id)
        return place.active if place else None

    def broadcast(self, message: BaseModel) -> None:
        """Sends to every open page, waiting ones included."""
        for tab in self._all():
            tab.send(message)

    def end_session(self, session: str) -> None:
        """Closes every page and softphone socket of one log-in."""
        for tab in list(self._all()):
            if tab.session == session:
                tab.close(Close.NOT_LOGGED_IN)
        for wire in self.wires:
            if wire.session == session:
                wire.close()

    def cut_off(self, tab: Tab, agent_id: str | None) -> None:
        """The network of an agent's page has gone: its softphone's socket leads nowhere either.  Closed, the switch
        no longer calls there, but waits until the telephone has registered anew."""
        if agent_id is not None and self.viewer(agent_id) is tab:
            for wire in self.wires:
                if wire.session == tab.session:
                    wire.close()

    def close_all(self) -> None:
        """Closes every page because the desk stops; pages come back by themselves."""
        for tab in list(self._all()):
            tab.close(Close.GOING_AWAY)

    def _all(self) -> Iterator[Tab]:
        yield from self._spectators
        for place in self._places.values():
            if place.active is not None:
                yield place.active
            yield from place.waiting

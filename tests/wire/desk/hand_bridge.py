"""The switch of a test's desk: it does nothing by itself, says what it was asked, and shows what a test wants seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cti
from cti import AgentView, CallView, QueueView


def _asked(name: str) -> Any:
    """A command that is only remembered."""

    async def command(self: HandBridge, agent_id: str) -> None:
        self._ask(name, agent_id)

    return command


class HandBridge:
    """Stands in for ``cti.Bridge``: remembers what it was asked, shows what the test has set."""

    def __init__(self) -> None:
        self.healthy = True
        self.rules = cti.FloorRules()
        self.asked: list[tuple[object, ...]] = []
        self.agent_views: dict[str, AgentView] = {}
        self.call_views: dict[str, CallView] = {}
        self.queue_views: list[QueueView] = []
        self.spy_views: dict[str, cti.SpyView] = {}
        self.failure: Exception | None = None
        self.after_wrap_up = ""
        self.keeps_state = False
        """What is asked takes effect only later, as during a call."""

    async def start(self) -> None:
        self.asked.append(("start",))

    async def stop(self) -> None:
        self.asked.append(("stop",))

    async def follow(self, rules: cti.FloorRules) -> None:
        self.rules = rules

    async def agent_login(self, agent_id: str, extension: str, queues: Sequence[str]) -> None:
        self._ask("agent_login", agent_id, extension, tuple(queues))
        self.show(agent_id, extension=extension, state="not_ready", reason="signed_in")

    async def agent_logout(self, agent_id: str) -> None:
        self._ask("agent_logout", agent_id)
        self.show(agent_id, state="logged_out")

    async def agent_ready(self, agent_id: str) -> None:
        self._ask("agent_ready", agent_id)
        self.show(agent_id, state="ready")

    async def agent_not_ready(self, agent_id: str, reason: str) -> None:
        self._ask("agent_not_ready", agent_id, reason)
        view = self.agent_views[agent_id]
        if view.state == "wrap_up" or self.keeps_state:
            self.keeps_state = False
            self.after_wrap_up = reason
            self.agent_views[agent_id] = replace(view, next_reason=reason)
        else:
            self.show(agent_id, state="not_ready", reason=reason)

    async def ask_wrap_up(self, agent_id: str) -> None:
        self._ask("ask_wrap_up", agent_id)

    async def wrap_up_done(self, agent_id: str, *, time_is_up: bool = False) -> None:
        self._ask("wrap_up_done", agent_id)
        if self.agent_views[agent_id].state == "wrap_up":
            after, self.after_wrap_up = self.after_wrap_up, ""
            self.show(agent_id, state="not_ready" if after else "ready", reason=after)

    async def hangup(self, call: str) -> None:
        self._ask("hangup", call)

    async def await_return(self, agent_id: str) -> None:
        self._ask("await_return", agent_id)

    async def call_back(self, agent_id: str) -> None:
        self._ask("call_back", agent_id)

    hold, resume, cancel = _asked("hold"), _asked("resume"), _asked("cancel")
    merge, transfer, leave = _asked("merge"), _asked("transfer"), _asked("leave")

    async def consult(self, agent_id: str, target: cti.Target) -> None:
        self._ask("consult", agent_id, target)

    async def transfer_blind(self, agent_id: str, target: cti.Target) -> None:
        self._ask("transfer_blind", agent_id, target)

    async def drop(self, agent_id: str, uid: str) -> None:
        self._ask("drop", agent_id, uid)

    async def barge(self, agent_id: str, extension: str) -> None:
        self._ask("barge", agent_id, extension)

    async def spy(self, listening_id: str, supervisor: str, agent_id: str, ear: cti.Ear) -> None:
        self._ask("spy", supervisor, agent_id, ear)
        self.spy_views[listening_id] = cti.SpyView(
            listening_id=listening_id, uid=listening_id, channel="", agent_id=supervisor, up=True
        )
        self.show(supervisor, state="supervising")

    async def turn_ear(self, listening_id: str, ear: cti.Ear) -> None:
        self._ask("turn_ear", listening_id, ear)

    async def stop_spying(self, listening_id: str) -> None:
        self._ask("stop_spying", listening_id)
        gone = self.spy_views.pop(listening_id, None)
        if gone is not None:
            self.show(gone.agent_id, state="not_ready")

    def spies(self) -> list[cti.SpyView]:
        return list(self.spy_views.values())

    async def call_out(self, agent_id: str, number: str) -> None:
        self._ask("call_out", agent_id, number)

    async def listen(self, contact_id: str, address: str, stream: str) -> None:
        self._ask("listen", contact_id, address, stream)

    async def stop_listening(self, stream: str) -> None:
        self._ask("stop_listening", stream)

    def agents(self) -> list[AgentView]:
        return list(self.agent_views.values())

    def calls(self) -> list[CallView]:
        return list(self.call_views.values())

    def queues(self) -> list[QueueView]:
        return self.queue_views

    def _ask(self, *what: object) -> None:
        self.asked.append(what)
        if self.failure is not None:
            raise self.failure

    def show(self, agent_id: str, **changes: object) -> None:
        view = self.agent_views.get(agent_id) or AgentView(
            agent_id=agent_id, extension="8001", interface="PJSIP/8001", state="logged_out"
        )
        nothing = {"reason": "", "next_reason": "", "call_id": None, "contact_id": None, "channel": None, "since": None}
        fresh = nothing | changes
        self.agent_views[agent_id] = replace(view, **fresh)  # type: ignore[arg-type]

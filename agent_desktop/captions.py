"""Live captions of the calls in progress: which are heard, what was said so far, whose page is told.

A call is heard while some agent is in it; captions follow the citizen through hold and transfer to whoever talks to
them.  Nothing is kept beyond the call: the transcript is made from the recording.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

import cti
from agent_desktop.caption_engine import (
    CaptionEnded,
    CaptionEngine,
    CaptionNews,
    CaptionsOff,
    EngineChanged,
)
from agent_desktop.messages import Caption, CaptionLine, Captions
from agent_desktop.metrics import CAPTIONS
from agent_desktop.switch import SwitchBridge

log = logging.getLogger(__name__)

MOST_LINES = 400
"""Sentences remembered of a call; a page that is reloaded shows them again."""


AGAIN = frozenset({"starting", "failed", "no_link"})
"""Reasons that may have gone when the engine or the link to the switch comes back."""


@dataclass(frozen=True)
class Talk:
    """Who is shown a call, and whether it is still going on."""

    agents: frozenset[str]
    live: bool


@dataclass
class _Heard:
    """One call that is heard, or is not for a reason."""

    contact_id: str
    began_at: datetime
    stream: str = ""
    off: CaptionsOff | None = None
    agents: frozenset[str] = frozenset()
    live: bool = True
    lines: list[CaptionLine] = field(default_factory=list)
    seq: int = 0
    """Number of the sentence in progress."""

    def message(self) -> Captions:
        return Captions(
            contact_id=self.contact_id,
            state="off" if self.off else "on",
            reason=self.off,
            began_at=self.began_at,
            lines=self.lines,
        )


class LiveCaptions:
    """All calls being heard.  Lives on the event loop; no method blocks."""

    def __init__(
        self,
        engine: CaptionEngine,
        bridge: SwitchBridge,
        now: Callable[[], datetime],
        push: Callable[[str, BaseModel], bool],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._engine = engine
        self._bridge = bridge
        self._now = now
        self._push = push
        self._spawn = spawn
        self._calls: dict[str, _Heard] = {}
        self._streams: dict[str, _Heard] = {}

    async def start(self) -> None:
        """Starts the engine."""
        await self._engine.start(self._told)

    async def stop(self) -> None:
        """Stops it; calls go on."""
        await self._engine.stop()

    def of(self, contact_id: str | None) -> Captions | None:
        """What a page that opens now is shown of a call; None when it is not (or no more) followed."""
        heard = self._calls.get(contact_id or "")
        return heard.message() if heard else None

    def follow(self, talks: Mapping[str, Talk]) -> None:
        """Hears exactly the live ones of these calls (by contact id) and remembers the words of the others."""
        for contact_id in self._calls.keys() - talks.keys():
            self._stop_hearing(self._calls.pop(contact_id))
        for contact_id, talk in talks.items():
            heard = self._calls.get(contact_id)
            if heard is None:
                if not talk.live:
                    continue
                heard = self._calls[contact_id] = _Heard(contact_id, self._now())
                self._begin(heard)
            newcomers, heard.agents = talk.agents - heard.agents, talk.agents
            for agent_id in newcomers:
                self._push(agent_id, heard.message())
            heard.live = talk.live
            if not talk.live:
                self._stop_hearing(heard)
            elif heard.off == "no_link":
                self._try_again(heard)

    def _begin(self, heard: _Heard) -> None:
        heard.off = self._engine.why_not
        if heard.off is None and len(self._streams) >= self._engine.streams:
            heard.off = "too_many"
        if heard.off is None:
            heard.stream = str(uuid.uuid4())
            heard.began_at = self._now()
            self._streams[heard.stream] = heard
            self._spawn(self._listen(heard, heard.stream))

    async def _listen(self, heard: _Heard, stream: str) -> None:
        try:
            await self._bridge.listen(heard.contact_id, self._engine.address, stream)
        except cti.AmiDown:
            self._end(stream, "no_link")
        except cti.Refused:
            self._end(stream, "failed")

    def _try_again(self, heard: _Heard) -> None:
        if self._engine.why_not is None:
            self._begin(heard)
            self._show(heard)

    def _stop_hearing(self, heard: _Heard) -> None:
        if self._streams.pop(heard.stream, None) is not None:
            self._spawn(self._stop_listening(heard.stream))

    async def _stop_listening(self, stream: str) -> None:
        try:
            await self._bridge.stop_listening(stream)
        except (cti.AmiDown, cti.Refused):
            log.debug("a stream of captions was over already")

    def _told(self, word: CaptionNews) -> None:
        if isinstance(word, EngineChanged):
            self._engine_changed()
            return
        if isinstance(word, CaptionEnded):
            self._end(word.stream, word.reason)
            return
        heard = self._streams.get(word.stream)
        if heard is None:
            return
        if word.final:
            heard.lines = [
                *heard.lines[1 - MOST_LINES :],
                CaptionLine(seq=heard.seq, start=word.start, end=word.end, text=word.text),
            ]
            CAPTIONS.inc()
        caption = Caption(
            contact_id=heard.contact_id,
            seq=heard.seq,
            start=word.start,
            end=word.end,
            text=word.text,
            final=word.final,
        )
        heard.seq += word.final
        for agent_id in heard.agents:
            self._push(agent_id, caption)

    def _engine_changed(self) -> None:
        why_not = self._engine.why_not
        if why_not is not None:
            for stream in list(self._streams):
                self._end(stream, why_not)
            return
        for heard in self._calls.values():
            if heard.live and heard.off in AGAIN:
                self._try_again(heard)

    def _end(self, stream: str, reason: CaptionsOff | None) -> None:
        heard = self._streams.pop(stream, None)
        if heard is None or reason is None:  # over with the call, which is told by itself
            return
        heard.off = reason
        self._show(heard)

    def _show(self, heard: _Heard) -> None:
        for agent_id in heard.agents:
            self._push(agent_id, heard.message())

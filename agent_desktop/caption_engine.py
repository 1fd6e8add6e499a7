"""The door to whatever hears calls live: what it tells, and the engine of a house that has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

CaptionsOff = Literal["switched_off", "no_model", "starting", "too_many", "too_slow", "failed", "no_link"]
"""Why there are no captions; each has a word on the page."""


@dataclass(frozen=True, slots=True)
class CaptionHeard:
    """Words of one stream; times in seconds since it began.  Not final: replaces the one before."""

    stream: str
    start: float
    end: float
    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class CaptionEnded:
    """A stream is over; ``reason`` is None when the call is."""

    stream: str
    reason: CaptionsOff | None


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """The engine has become ready, or has gone with all its streams: look at ``why_not``."""


CaptionNews = CaptionHeard | CaptionEnded | EngineChanged


class CaptionEngine(Protocol):
    """Hears calls.  Everything happens on the desk's event loop."""

    @property
    def why_not(self) -> CaptionsOff | None:
        """Why no call can be heard now; None when one can."""

    @property
    def address(self) -> str:
        """Where the switch sends audio, as host:port."""

    @property
    def streams(self) -> int:
        """Calls that can be heard at once."""

    async def start(self, told: Callable[[CaptionNews], None]) -> None:
        """Begins; returns at once."""

    async def stop(self) -> None:
        """Ends it with every stream."""


class NoCaptions:
    """The engine of a house without live captions."""

    address = ""
    streams = 0

    def __init__(self, why: CaptionsOff = "switched_off") -> None:
        self.why_not: CaptionsOff | None = why

    async def start(self, told: Callable[[CaptionNews], None]) -> None:
        """See CaptionEngine."""

    async def stop(self) -> None:
        """See CaptionEngine."""

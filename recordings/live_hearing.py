"""Words while they are spoken: a small server that Asterisk sends a call's audio to and that tells what it hears.

A call must never notice it: audio is taken as fast as it comes, and when the engine cannot keep up the audio that
waits is thrown away (a gap in the captions).  A stream that keeps falling behind is ended, because the machine has
no power to spare.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from recordings.audio_socket import RATE, SILENCE, Kind, packet, stream_id
from recordings.recogniser import Listener, LiveRecogniser, RecogniserFailed, Utterance

log = logging.getLogger(__name__)

_Found = TypeVar("_Found")

_SECOND = RATE * 2
PIECE = _SECOND // 5
"""Bytes the engine is given at least: 0.2 s."""
BACKLOG = 3 * _SECOND
"""Bytes that may wait for the engine before they are thrown away."""
PATIENCE = 4
"""Times in a row that audio may be thrown away before the stream is ended."""

EndReason = Literal["over", "too_many", "too_slow", "failed"]


@dataclass(frozen=True, slots=True)
class Words:
    """Something understood; times in seconds of the stream.  Not final: may still change, replaces the one before."""

    stream: str
    start: float
    end: float
    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """Nothing more comes of this stream."""

    stream: str
    reason: EndReason


Tell = Callable[[Words | StreamEnded], None]


@dataclass
class _Stream:
    """One connection."""

    stream: str
    listener: Listener
    waiting: bytearray = field(default_factory=bytearray)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    hopeless: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    given: int = 0
    """Bytes the engine has had; its clock counts only these."""
    lost: int = 0
    losses: int = 0
    """Times in a row."""
    last: str = ""
    began: float = 0.0
    """When the utterance in progress began."""

    def take(self, audio: bytes) -> None:
        """Keeps audio for the engine; what has waited too long goes."""
        self.waiting += audio
        if len(self.waiting) > BACKLOG:
            self.lost += len(self.waiting)
            self.losses += 1
            self.waiting.clear()
            if self.losses >= PATIENCE:
                self.hopeless.set()
        if len(self.waiting) >= PIECE:
            self.more.set()


class LiveHearing:
    """The server; ``tell`` is called on the loop.  At most ``streams`` calls are heard at once."""

    def __init__(self, recogniser: LiveRecogniser, streams: int, tell: Tell) -> None:
        self._recogniser = recogniser
        self._most = streams
        self._tell = tell
        self._open: set[str] = set()
        self._pool = ThreadPoolExecutor(max_workers=streams, thread_name_prefix="hearing")
        self._server: asyncio.Server | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listens; the port."""
        self._server = await asyncio.start_server(self._serve, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Closes the server; streams end with their connections."""
        if self._server is not None:
            self._server.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            name = await asyncio.wait_for(stream_id(reader), 5)
        except (ValueError, TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        reason: EndReason = "too_many"
        if len(self._open) < self._most:
            self._open.add(name)
            try:
                reason = await self._hear(_Stream(name, self._recogniser.listen(RATE)), reader, writer)
            except RecogniserFailed:
                log.warning("a call could not be heard", exc_info=True)
                reason = "failed"
            finally:
                self._open.discard(name)
        writer.close()
        self._tell(StreamEnded(name, reason))

    async def _hear(self, stream: _Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> EndReason:
        reading = asyncio.ensure_future(_read(stream, reader, writer))
        understanding = asyncio.ensure_future(self._understand_all(stream))
        hopeless = asyncio.ensure_future(stream.hopeless.wait())
        try:
            await asyncio.wait({understanding, hopeless}, return_when=asyncio.FIRST_COMPLETED)
            if not understanding.done():
                return "too_slow"
            understanding.result()
            return "over"
        finally:
            for task in (reading, understanding, hopeless):
                task.cancel()
            await asyncio.gather(reading, understanding, hopeless, return_exceptions=True)

    async def _understand_all(self, stream: _Stream) -> None:
        while not stream.over:
            await stream.more.wait()
            stream.more.clear()
            while len(stream.waiting) >= PIECE:
                await self._understand(stream)
        await self._understand(stream)
        for utterance in await self._run(lambda: list(stream.listener.finish())):
            self._finished(stream, utterance)

    async def _understand(self, stream: _Stream) -> None:
        """Gives the engine all that waits, and tells what it makes of it."""
        piece, losses = bytes(stream.waiting), stream.losses
        stream.waiting.clear()

        def hear() -> tuple[list[Utterance], str]:
            return list(stream.listener.hear(piece)), stream.listener.so_far()

        ended, so_far = await self._run(hear)
        stream.given += len(piece)
        if stream.losses == losses:
            stream.losses = 0
        for utterance in ended:
            self._finished(stream, utterance)
        now = (stream.given + stream.lost) / _SECOND
        if so_far and not stream.last:
            stream.began = max(0.0, now - len(piece) / _SECOND)
        if so_far and so_far != stream.last:
            self._tell(Words(stream.stream, stream.began, now, so_far, final=False))
        stream.last = so_far

    async def _run(self, work: Callable[[], _Found]) -> _Found:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _finished(self, stream: _Stream, utterance: Utterance) -> None:
        gap = stream.lost / _SECOND
        self._tell(Words(stream.stream, utterance.start + gap, utterance.end + gap, utterance.text, final=True))


async def _read(stream: _Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes what comes, at once, until the call is over."""
    try:
        while True:
            kind, payload = await packet(reader)
            if kind == Kind.HANGUP:
                return
            if kind == Kind.AUDIO:
                stream.take(payload)
                if writer.transport.get_write_buffer_size() == 0:
                    writer.write(SILENCE)
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        stream.over = True
        stream.more.set()

"""Hearing calls live, in a process of its own: the engine as the desk sees it, and the child that does the work.

The model takes hundreds of megabytes and the engine all the power it can get; neither belongs into the process that
shows agents who is calling.  The child is the desk's own: it says what it hears in JSON lines on its standard
output and ends when its standard input does.  It runs at a lower priority.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from agent_desktop import CaptionEnded, CaptionEngine, CaptionHeard, CaptionNews, CaptionsOff, EngineChanged, NoCaptions
from hotline import recording_room
from hotline.settings import Settings
from recordings import LiveHearing, RecogniserFailed, StreamEnded, VoskRecogniser, Words

log = logging.getLogger(__name__)

AGAIN_AFTER = 5.0
"""Seconds before a child that died is started again."""
_REASONS: dict[str, CaptionsOff | None] = {
    "over": None,
    "too_many": "too_many",
    "too_slow": "too_slow",
    "failed": "failed",
}


def engine(settings: Settings) -> CaptionEngine:
    """What the settings ask for."""
    if settings.caption_streams == 0:
        return NoCaptions("switched_off")
    if settings.vosk_model is None:
        return NoCaptions("no_model")
    return ChildEngine(settings)


class ChildEngine:
    """See agent_desktop.CaptionEngine: one child process, started again when it dies."""

    def __init__(self, settings: Settings, again_after: float = AGAIN_AFTER) -> None:
        self.streams = settings.caption_streams
        self.address = ""
        self.why_not: CaptionsOff | None = "starting"
        self._home = settings.home
        self._again_after = again_after
        self._keeping: asyncio.Task[None] | None = None

    async def start(self, told: Callable[[CaptionNews], None]) -> None:
        """See CaptionEngine."""
        self._keeping = asyncio.create_task(self._keep(told))

    async def stop(self) -> None:
        """See CaptionEngine."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self, told: Callable[[CaptionNews], None]) -> None:
        while True:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "hotline", "captions"),
                env=dict(os.environ) | {"HOTLINE_HOME": str(self._home)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            try:
                await self._listen(child, told)
            finally:
                # without its standard input it ends by itself; a hung one is not waited for
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
            await child.wait()
            log.warning("the hearing process has ended and is started again")
            self.address, self.why_not = "", "failed"
            told(EngineChanged())
            await asyncio.sleep(self._again_after)

    async def _listen(self, child: asyncio.subprocess.Process, told: Callable[[CaptionNews], None]) -> None:
        assert child.stdout is not None
        async for line in child.stdout:
            said = json.loads(line)
            if said["type"] == "ready":
                self.address, self.why_not = f"127.0.0.1:{said['port']}", None
                told(EngineChanged())
            elif said["type"] == "unavailable":
                self.why_not = said["reason"]
                told(EngineChanged())
            elif said["type"] == "ended":
                told(CaptionEnded(said["stream"], _REASONS[said["reason"]]))
            else:
                del said["type"]
                told(CaptionHeard(**said))


def serve(settings: Settings) -> None:
    """The child: hears until its standard input ends."""
    give_way(settings.caption_nice)
    try:
        if settings.vosk_model is None:
            raise RecogniserFailed("no model")
        recogniser = VoskRecogniser(settings.vosk_model)
    except RecogniserFailed as error:
        log.warning("calls cannot be heard live: %s", error)
        _say(type="unavailable", reason="no_model")
        sys.stdin.buffer.read()
        return
    asyncio.run(_serve(settings, recogniser))


async def _serve(settings: Settings, recogniser: VoskRecogniser) -> None:
    hearing = LiveHearing(recogniser, settings.caption_streams, _tell)
    _say(type="ready", port=await hearing.start(), model=recording_room.model_name(settings))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    await hearing.stop()


def _tell(word: Words | StreamEnded) -> None:
    if isinstance(word, StreamEnded):
        _say(type="ended", stream=word.stream, reason=word.reason)
    else:
        _say(
            type="heard",
            stream=word.stream,
            start=round(word.start, 2),
            end=round(word.end, 2),
            text=word.text,
            final=word.final,
        )


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def give_way(nice: int) -> None:
    """Lowers the priority.  Where the kernel shares the processor out by session (autogroup, sched(7)), a process's
    nice value counts only within its own session, so the session's is lowered, too."""
    os.nice(nice)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), "ascii")

"""Drives one phone process from asyncio: commands in, events out, and what it hears at this moment."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hotline.sip_phone.hearing import Heard, read_growing_wav

Event = dict[str, Any]


class NoPhone(Exception):
    """The phone cannot do what was asked, or its library is not installed."""


@dataclass(frozen=True)
class PhoneConfig:
    """A phone.  With a ``password`` it registers; without one it is a caller that the switch knows by address."""

    user: str
    server: str
    """``host:port`` of the switch."""
    name: str = ""
    password: str = ""
    address: str = "127.0.0.1"
    port: int = 0
    """Its own SIP port; 0: any."""
    transport: str = "udp"
    """``udp``, ``tcp`` or ``tls``; over TLS the switch's certificate is not checked."""
    codecs: tuple[str, ...] = ("PCMU", "PCMA")
    play: str = ""
    """WAV file that is its voice."""
    loop: bool = True
    auto_answer: float | None = 0.2
    """Seconds until it answers by itself; None: only by command."""


class SipPhone:
    """``async with SipPhone(config) as phone``; on leaving, it hangs up and unregisters."""

    def __init__(self, config: PhoneConfig) -> None:
        self.config = config
        self.events: list[Event] = []
        """Everything since the start, oldest first."""
        self._news = asyncio.Condition()
        self._number = 0
        self._folder = tempfile.TemporaryDirectory(prefix="hotline-phone-")
        self._recordings = 0
        self._recording: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if importlib.util.find_spec("pjsua2") is None:
            raise NoPhone(
                "The SIP phone needs pjsua2: pip install 'dist/hotline12345-….whl[phone]' (the wheel's own file)"
            )
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hotline.sip_phone.program"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for us; the phone is to hang up properly
        )
        self._reader = asyncio.create_task(self._read(self._process))
        self._write(asdict(self.config))
        try:
            await self.wait_event("ready", timeout=15)
            if self.config.password:
                await self.wait(lambda event: event["event"] == "registration" and event["code"] != 0, timeout=15)
                if not self.registered:
                    code = [event["code"] for event in self.events if event["event"] == "registration"][-1]
                    raise NoPhone(f"registration of {self.config.user} was refused: {code}")
            await self.listen()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the phone; may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None and process.stdin is not None:
            process.stdin.write(b'{"cmd": "quit"}\n')
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reader is not None:
            await self._reader
        self._folder.cleanup()

    # ---------------------------------------------------------------- acts

    async def call(self, number: str) -> None:
        """Dials; returns when the INVITE is under way."""
        await self.command("call", to=f"sip:{number}@{self.config.server};transport={self.config.transport}")

    async def answer(self) -> None:
        await self.command("answer")

    async def reject(self, code: int = 486) -> None:
        await self.command("reject", code=code)

    async def hang_up(self) -> None:
        """Hangs up the newest call and waits until it is gone."""
        before = self._seen("DISCONNECTED")
        await self.command("hangup")
        await self.wait_state("DISCONNECTED", count=before + 1)

    async def digits(self, digits: str) -> None:
        """Presses keys (RFC 4733)."""
        await self.command("dtmf", digits=digits)

    async def command(self, name: str, **fields: Any) -> None:
        """Sends any command of the program and waits for its answer; raises :class:`NoPhone` for a refusal."""
        self._number += 1
        number = self._number
        self._write({"cmd": name, "id": number, **fields})
        answer = await self.wait(lambda event: event.get("id") == number, timeout=10)
        if answer["event"] == "error":
            raise NoPhone(f"{name}: {answer['problem']}")

    # ---------------------------------------------------------------- what happens

    @property
    def registered(self) -> bool:
        states = [event for event in self.events if event["event"] == "registration"]
        return bool(states) and states[-1]["code"] == 200 and states[-1]["active"]

    @property
    def in_call(self) -> bool:
        """Whether its newest call is established."""
        states = [event["state"] for event in self.events if event["event"] == "state"]
        return bool(states) and states[-1] == "CONFIRMED"

    async def wait_event(self, name: str, *, timeout: float = 20, count: int = 1) -> Event:
        """The ``count``-th event of that name, now or later."""
        return await self.wait(lambda event: event["event"] == name, timeout=timeout, count=count)

    async def wait_state(self, state: str, *, timeout: float = 20, count: int = 1) -> Event:
        """The ``count``-th time a call reached a SIP state (``EARLY``, ``CONFIRMED``, ``DISCONNECTED``…)."""
        return await self.wait(lambda event: event.get("state") == state, timeout=timeout, count=count)

    async def wait(self, wanted: Callable[[Event], bool], *, timeout: float = 20, count: int = 1) -> Event:
        """The ``count``-th event for which ``wanted`` is true; raises TimeoutError."""

        def found() -> list[Event]:
            return [event for event in self.events if wanted(event)][count - 1 : count]

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: found() or self._gone()), timeout)
        if not found():
            raise NoPhone(f"the phone of {self.config.user} ended")
        return found()[0]

    # ---------------------------------------------------------------- what it hears

    async def listen(self) -> None:
        """Begins a new recording: what was heard before is forgotten."""
        self._recordings += 1
        self._recording = Path(self._folder.name) / f"heard-{self._recordings}.wav"
        await self.command("record", file=str(self._recording))

    def heard(self, seconds: float | None = None) -> Heard:
        """What came in since the last :meth:`listen`, or its last ``seconds``."""
        whole = read_growing_wav(self._recording) if self._recording else Heard.nothing()
        return whole if seconds is None else whole.last(seconds)

    def keep_recording(self, target: Path) -> None:
        """Copies the present recording, which vanishes with the phone."""
        if self._recording is not None:
            target.write_bytes(self._recording.read_bytes())

    # ---------------------------------------------------------------- wire

    def _seen(self, state: str) -> int:
        return sum(event.get("state") == state for event in self.events)

    def _gone(self) -> bool:
        return self._reader is not None and self._reader.done()

    def _write(self, message: Event) -> None:
        if self._process is None or self._process.stdin is None:
            raise NoPhone("the phone is not running")
        self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            async with self._news:
                self.events.append(json.loads(line))
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()

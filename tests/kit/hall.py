"""A small hall for tests of conversations: agents with SIP phones at the real desk, a citizen, a unit, an ear on all.

Everything an agent does goes through the desk's HTTP interface; what agents see comes from the live WebSocket.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from agent_desktop import add_user, find_user, generate_password, set_password
from cti import consultation_ids
from hotline import places
from hotline.database import build_engine, sessions
from hotline.sip_phone import Heard, SipPhone, read_growing_wav
from recordings.wav import read_header
from tests.kit.ami_tap import AmiTap
from tests.kit.stack import Stack
from tests.kit.tones import speakers, story
from tests.kit.waiting import until, until_async
from tests.wire.desk.server import Browser, Page

UNIT = "5550201"
"""A number of the demo's duty roster."""


class Seat:
    """One agent: a SIP phone, a logged-in browser, what its page last showed."""

    def __init__(self, extension: str, phone: SipPhone, browser: Browser, page: Page) -> None:
        self.extension, self.phone, self.browser = extension, phone, browser
        self.agent: dict[str, Any] = page.hello["agent"] or {}
        self.call: dict[str, Any] | None = page.hello["call"]
        self.card: dict[str, Any] | None = None
        self._page = page
        self.reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while True:
            message = json.loads(await self._page.opened.recv())
            if message["type"] == "ping":
                await self._page.say({"type": "pong"})
            elif message["type"] == "agent":
                self.agent = message["agent"]
            elif message["type"] == "call":
                self.call = message["call"]
            elif message["type"] == "pop":
                self.card = message["card"]

    async def does(self, what: str, **body: Any) -> dict[str, Any]:
        """A command by the desk's interface; it must be accepted."""
        answer = await self.browser.post(f"/api/v1/{what}", json=body or None)
        assert answer.status_code in (200, 201, 204), f"{what}: {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def is_in(self, *states: str) -> None:
        """Waits until the agent's page shows one of these states."""
        await until(lambda: self.agent.get("state") in states, f"{self.extension} {states}, not {self.agent}", 20)

    async def phase(self, phase: str) -> dict[str, Any]:
        """Waits until the page shows the conversation there; the call as shown."""
        await until(lambda: (self.call or {}).get("phase") == phase, f"{self.extension} sees {phase}", 20)
        assert self.call is not None
        return self.call

    async def ready(self) -> None:
        """Ready, whatever was before."""

        async def accepted() -> bool:
            answer = await self.browser.post("/api/v1/agent/ready")
            return answer.status_code == 200 and self.agent.get("state") == "ready"

        await until_async(accepted, f"{self.extension} is ready", 20)

    async def rest(self) -> None:
        """Out of the way: not ready, whatever was before."""

        async def accepted() -> bool:
            if self.agent.get("state") == "wrap_up":
                await self.browser.post("/api/v1/agent/wrap-up-done")
            await self.browser.post("/api/v1/agent/not-ready", json={"reason": "break"})
            return self.agent.get("state") == "not_ready"

        await until_async(accepted, f"{self.extension} rests", 20)


@dataclass
class Taken:
    """A citizen's call with one agent, and hard links to what Asterisk writes about it: the worker tidies up."""

    contact_id: str
    channel: str
    folder: Path
    consult_spool: Path
    links: dict[str, Path] = field(default_factory=dict)

    def link_consultations(self) -> None:
        """Keeps the recordings of private consultations that have begun since."""
        for number, consult_id in enumerate(consultation_ids(self.contact_id)[:5], 1):
            for leg in ("rx", "tx"):
                self._link(f"consult{number}-{leg}", self.consult_spool / f"{consult_id}-{leg}.wav")

    def _link(self, name: str, file: Path) -> None:
        if name not in self.links and file.exists():
            self.links[name] = self.folder / f"{self.contact_id}-{name}.wav"
            os.link(file, self.links[name])

    def link_call(self, spool: Path) -> None:
        for leg in ("rx", "tx"):
            self._link(leg, spool / f"{self.contact_id}-{leg}.wav")

    def heard(self, name: str) -> Heard:
        """``rx`` the citizen's voice, ``tx`` what the citizen heard, ``consult1-rx`` and so on."""
        return read_growing_wav(self.links[name])

    def told(self, name: str = "tx") -> list[tuple[str, ...]]:
        """Who was heard one after the other, silence and music left out."""
        return [who for who, _ in groupby(who for who in story(self.heard(name)) if who)]

    async def written(self, *names: str) -> None:
        """Waits until Asterisk has closed these files: what a recording thread still holds is not in them before."""

        def closed() -> bool:
            headers = [read_header(self.links[name]) for name in names]
            return all(header is not None and header.closed for header in headers)

        await until(closed, "finished recordings")


@dataclass
class Hall:
    """Everybody.  ``agent`` takes the calls; ``colleague`` and ``boss`` (a supervisor) are not ready until told."""

    stack: Stack
    ami: AmiTap
    agent: Seat
    colleague: Seat
    boss: Seat
    citizen: SipPhone
    unit: SipPhone
    folder: Path

    @property
    def seats(self) -> tuple[Seat, ...]:
        return self.agent, self.colleague, self.boss

    async def call(self) -> Taken:
        """The citizen calls, the agent answers, both hear each other."""
        await self.agent.ready()
        await self.citizen.call(self.stack.settings.hotline_number)
        await self.agent.is_in("talking")
        await self.hears(self.citizen, "agent")
        return self.take()

    def take(self) -> Taken:
        """The agent's call as it is now."""
        assert self.agent.call is not None
        contact_id = str(self.agent.call["contact_id"])
        channel = next(m["Channel"] for m in reversed(self.ami.of("MixMonitorStart")))
        taken = Taken(contact_id, channel, self.folder, self.stack.settings.consult_spool)
        taken.link_call(self.stack.settings.recording_spool)
        return taken

    async def hears(self, phone: SipPhone, *who: str) -> None:
        """Waits until a phone hears exactly these; nobody: music, a tone or silence."""
        await until(lambda: speakers(phone.heard(0.4)) == set(who), f"{phone.config.user} hears {who or 'nobody'}", 15)

    async def unit_answers(self, after: float | None) -> None:
        await self.unit.command("auto_answer", after=after)

    async def over(self) -> None:
        """Every call ends, everybody rests."""
        await self.ami.try_send("Hangup", {"Channel": "/^.*$/"})
        await self.ami.no_channels()
        await self.unit_answers(0.1)
        for seat in self.seats:
            await seat.phone.command("auto_answer", after=0.1)
            await seat.rest()
            seat.card = None
        self.ami.events.clear()
        for phone in (self.citizen, self.unit, *(seat.phone for seat in self.seats)):
            phone.events.clear()
            await phone.listen()

    def connected_seconds(self, taken: Taken) -> float:
        """How long the citizen was on the line, by the switch's own clock."""
        began = next(m for m in self.ami.of("MixMonitorStart") if m["Channel"] == taken.channel)
        ended = next(m for m in self.ami.of("Hangup") if m["Channel"] == taken.channel)
        return float(ended["Timestamp"]) - float(began["Timestamp"])


def seat_for(stack: Stack, extension: str, username: str, roles: Sequence[str], kind: str = "phone") -> str:
    """Adds a place and the person who sits there, as ``hotline user add`` and ``hotline agent add`` do; the password.

    In this process: starting one for each costs more than a call."""
    db = _database(stack)
    password, now = generate_password(), datetime.now(UTC)
    with db.begin() as session:
        if find_user(session, username) is None:
            add_user(session, username=username, password=password, display_name=username, roles=[*roles], now=now)
        else:  # people stay when their place is taken away
            set_password(session, username, password)
    places.add(stack.settings, db, places.NewPlace(extension, extension, kind, ("citizens",), username), now)
    return password


def take_seat_away(stack: Stack, extension: str) -> None:
    """Removes a place again."""
    places.remove(stack.settings, _database(stack), extension)


def _database(stack: Stack) -> sessionmaker[Session]:
    return sessions(build_engine(stack.settings.sqlalchemy_url))


@asynccontextmanager
async def _seat(stack: Stack, phone: SipPhone, extension: str, username: str, password: str) -> AsyncIterator[Seat]:
    async with phone, Browser(stack.settings.desk_port) as browser:
        answer = await browser.log_in(username, password)
        assert answer.status_code == 200, answer.text
        async with browser.page() as page:
            seat = Seat(extension, phone, browser, page)
            try:
                await seat.is_in("not_ready", "ready", "wrap_up")
                yield seat
            finally:
                seat.reading.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await seat.reading
        await browser.post("/api/v1/logout")


COLLEAGUES: Sequence[tuple[str, str, Sequence[str], str]] = (
    ("8191", "hall-colleague", ("agent",), "second citizen"),
    ("8192", "hall-boss", ("agent", "supervisor"), "supervisor"),
)
"""Places added for these tests: extension, user, roles, voice.  The supervisor takes calls as well."""


@asynccontextmanager
async def open_hall(stack: Stack) -> AsyncIterator[Hall]:
    """Everybody at their place, callers straight to the queue."""
    async with AsyncExitStack() as inside:
        ami = await inside.enter_async_context(stack.ami())
        await ami.send("Setvar", Variable="IVR_RESTS_UNTIL", Value="9999999999")
        folder = Path(inside.enter_context(tempfile.TemporaryDirectory(dir=stack.settings.home)))
        first = _seat(stack, stack.agent("8101", auto_answer=0.1), "8101", "8101", stack.password_of("8101"))
        seats = [await inside.enter_async_context(first)]
        for extension, username, roles, voice in COLLEAGUES:
            password = await asyncio.to_thread(seat_for, stack, extension, username, roles)
            phone = stack.agent(extension, auto_answer=0.1, who=voice)
            seat = _seat(stack, phone, extension, username, password)
            seats.append(await inside.enter_async_context(seat))
        citizen = await inside.enter_async_context(stack.citizen("13800138000"))
        unit = await inside.enter_async_context(stack.unit(auto_answer=0.1))
        hall = Hall(stack, ami, *seats, citizen, unit, folder)  # type: ignore[call-arg]
        await hall.over()
        yield hall
        await hall.over()
        await ami.send("Setvar", Variable="IVR_RESTS_UNTIL", Value="0")
    for extension, *_ in COLLEAGUES:
        await asyncio.to_thread(take_seat_away, stack, extension)

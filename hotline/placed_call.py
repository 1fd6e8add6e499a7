"""One call to the hotline as a citizen would make it, told as it happens: SIP, what is heard, what Asterisk reports."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cti
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings
from hotline.sip_phone import NoPhone, PhoneConfig, SipPhone, Sound, describe

_LOOK_EVERY = 0.2  # seconds between two looks at what is heard
_STRETCH = 0.5  # seconds of sound one look judges
_PATIENCE_FOR_AMI = 2.0  # seconds
_LAST_FACTS = 1.0  # seconds Asterisk's reports may come after the phone's own end
_SOUNDS = {"silence": "silence", "voice": "a voice", "music": "music"}


class CannotCall(Exception):
    """The call cannot be placed; the text says what to change."""


@dataclass(frozen=True)
class CallPlan:
    """What the caller does.  Times in seconds."""

    to: str
    caller: str
    say: Path | None = None
    """WAV file, spoken once from the answer on."""
    digits: tuple[str, ...] = ()
    """Groups of keys, pressed one after the other."""
    pause: float = 2.0
    """Before each group."""
    hang_up_after: float = 20.0
    """After the answer; 0: waits for the other side."""
    ring: float = 30.0
    """Gives up when nobody has answered by then."""


@dataclass(frozen=True)
class Moment:
    """One line of the story."""

    seconds: float
    """Since the call was placed."""
    source: str
    """``sip``, ``hears``, ``presses`` or ``asterisk``."""
    text: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How it went.  ``code`` is the final SIP status; ``talked`` are seconds from answer to end."""

    answered: bool
    code: int
    talked: float
    contact_id: str


Tell = Callable[[Moment], None]


async def place_call(settings: Settings, plan: CallPlan, tell: Tell) -> Outcome:
    """Places the call and returns after its end; raises :class:`CannotCall`."""
    if plan.say is not None:
        _check_wav(plan.say)
    phone = SipPhone(
        PhoneConfig(
            plan.caller,
            f"{_switch_address(settings)}:{settings.sip_port}",
            address=_citizens_address(settings),
            play=str(plan.say or ""),
            loop=False,
        )
    )
    story = _Story(plan, tell)
    secrets = SecretsFile(settings.home)
    secret = secrets.get("ami") if "ami" in secrets.names() else ""  # asking must not make a home where there is none
    link = cti.AmiLink(cti.AmiConfig(port=settings.ami_port, secret=secret), on_event=story.on_event)
    try:
        async with phone:
            return await story.play(phone, link)
    except NoPhone as problem:
        raise CannotCall(str(problem)) from problem


class _Story:
    """The call's parts run side by side; each tells its moments."""

    def __init__(self, plan: CallPlan, tell: Tell) -> None:
        self._plan, self._tell = plan, tell
        self._began = time.monotonic()
        self._tracker = cti.Switch()
        self._call_id = ""
        self._contact_id = ""
        self._ended = asyncio.Event()

    async def play(self, phone: SipPhone, link: cti.AmiLink) -> Outcome:
        await self._watch_asterisk(link)
        self._began = time.monotonic()
        self._say("sip", f"calls {self._plan.to} from {self._plan.caller}")
        try:
            await phone.call(self._plan.to)
            telling = asyncio.create_task(self._tell_states(phone))
            try:
                await phone.wait(_answered_or_over, timeout=self._plan.ring)
            except TimeoutError:
                reached = any(event.get("state") in ("CONNECTING", "EARLY") for event in phone.events)
                hint = "" if reached else "; the switch does not answer: is it running (hotline status)?"
                self._say("sip", f"nobody answered within {self._plan.ring:.0f} s{hint}")
                await phone.hang_up()
            answered = time.monotonic() if phone.in_call else None
            if answered is not None:
                await self._talk(phone)
            talked = time.monotonic() - answered if answered is not None else 0.0
            over = await phone.wait_state("DISCONNECTED")
            await telling
            if self._call_id:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), _LAST_FACTS)
            return Outcome(answered is not None, int(over["code"]), round(talked, 2), self._contact_id)
        finally:
            await link.stop()

    async def _talk(self, phone: SipPhone) -> None:
        """Until the plan's end or the other side's."""
        over = asyncio.create_task(phone.wait_state("DISCONNECTED", timeout=24 * 3600))
        acting = [asyncio.create_task(self._tell_sounds(phone)), asyncio.create_task(self._press(phone))]
        try:
            await asyncio.wait({over}, timeout=self._plan.hang_up_after or None)
            if not over.done():
                self._say("sip", "hangs up")
                await phone.hang_up()
        finally:
            for task in (over, *acting):
                task.cancel()
            await asyncio.gather(over, *acting, return_exceptions=True)

    async def _press(self, phone: SipPhone) -> None:
        for group in self._plan.digits:
            await asyncio.sleep(self._plan.pause)
            self._say("presses", group, digits=group)
            await phone.digits(group)

    async def _tell_states(self, phone: SipPhone) -> None:
        """The SIP states, each once."""
        told = 0
        while True:
            told += 1
            event = await phone.wait(lambda event: event["event"] == "state", timeout=24 * 3600, count=told)
            state, code = event["state"], event["code"]
            status = f" ({code} {event['reason']})" if code else ""
            self._say("sip", f"{state.lower()}{status}", state=state, code=code)
            if state == "DISCONNECTED":
                return

    async def _tell_sounds(self, phone: SipPhone) -> None:
        """A sound is told once it was the same in two looks running, so that a syllable's end is no silence."""
        told: Sound | None = None
        before: Sound | None = None
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            now = describe(phone.heard(_STRETCH))
            if now == before and now != told:
                told = now
                self._say("hears", _SOUNDS.get(now.kind) or str(now), kind=now.kind, hertz=list(now.hertz))
            before = now

    # ---------------------------------------------------------------- Asterisk's side

    async def _watch_asterisk(self, link: cti.AmiLink) -> None:
        """Follows the call on AMI where that can be reached; without it the story is the phone's alone."""
        await link.start()
        end = time.monotonic() + _PATIENCE_FOR_AMI
        while not link.up and time.monotonic() < end:
            await asyncio.sleep(0.02)
        if not link.up:
            self._say("asterisk", "AMI does not answer; only the phone's side is told")

    def on_event(self, event: dict[str, str]) -> None:
        for fact in self._tracker.feed(event):
            if isinstance(fact, cti.facts.CallArrived) and fact.caller_number == self._plan.caller:
                self._call_id = self._call_id or fact.call_id
            if fact.call_id and fact.call_id == self._call_id:
                self._contact_id = fact.contact_id or self._contact_id
                body = cti.to_json(fact)
                self._say("asterisk", _in_words(body), **body)
                if isinstance(fact, cti.facts.CallEnded):
                    self._ended.set()

    def _say(self, source: str, text: str, **detail: Any) -> None:
        self._tell(Moment(round(time.monotonic() - self._began, 2), source, text, detail))


_WORTH_SAYING = (
    "state",
    "queue",
    "position",
    "agent_id",
    "interface",
    "reason",
    "wait_seconds",
    "menu_path",
    "kind",
    "number",
)


def _in_words(fact: dict[str, Any]) -> str:
    """``call queued: queue citizens, position 1``."""
    parts = [f"{name.replace('_', ' ')} {fact[name]}" for name in _WORTH_SAYING if fact.get(name) not in (None, "")]
    name = str(fact["fact"]).replace("_", " ")
    return f"{name}: {', '.join(parts)}" if parts else name


def _answered_or_over(event: dict[str, Any]) -> bool:
    return event.get("state") in ("CONFIRMED", "DISCONNECTED")


def _switch_address(settings: Settings) -> str:
    return "127.0.0.1" if settings.bind_address == "0.0.0.0" else settings.bind_address  # noqa: S104


def _citizens_address(settings: Settings) -> str:
    """An address of this machine from which Asterisk takes calls for the carrier's."""
    first = settings.trunk_match.split(",")[0]
    try:
        here = ipaddress.ip_address(first).is_loopback
    except ValueError:
        here = False
    if not here:
        raise CannotCall(f"calls come from the carrier ({settings.trunk_match}), which is not this machine")
    return first


def _check_wav(path: Path) -> None:
    try:
        with wave.open(str(path), "rb") as file:
            good = file.getsampwidth() == 2 and file.getnchannels() == 1 and file.getnframes() > 0
    except (OSError, EOFError, wave.Error) as problem:
        raise CannotCall(f"{path}: {problem}") from problem
    if not good:
        raise CannotCall(f"{path}: needs 16 bit mono; make it so with: ffmpeg -i {path} -ac 1 -ar 8000 say.wav")

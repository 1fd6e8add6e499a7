"""The FastAGI server: Twisted for the sockets, one greenlet a call for pyst2's blocking style.

A call costs no thread: its greenlet runs on the reactor's thread until it must wait for a line, then it is parked and
woken by the line (docs/decisions/0002 has the measurements).  A connection that does not speak AGI is closed with one
log line; a call over the limit is closed at once, and the dialplan goes on to the queue.
"""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, cast

from greenlet import getcurrent, greenlet
from twisted.internet import threads
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.tcp import Server as TcpServer
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from ivr import metrics
from ivr.agi_session import AgiSession, BadHeaders, parse_headers
from ivr.driver import CallerHungUp, CommandFailed, drive
from ivr.verbs import Flow, SetVariables, Verb

log = logging.getLogger("ivr")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNIQUEID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_HEAD_END = re.compile(rb"(?:\A|\n)\r?\n")
SLACK = 2.0
"""Seconds the switch waits for us beyond what a command takes: so long is the silence when we are stopped."""


class Source(Protocol):
    """Answers a look-up, in a worker thread.  May raise OSError."""

    @property
    def default(self) -> str:
        """The answer when there is none in time."""

    def __call__(self, argument: str, /) -> str:
        """The answer for ``argument``."""


class Timer(Protocol):
    """What Twisted's clock gives for a call in the future."""

    def active(self) -> bool: ...
    def cancel(self) -> None: ...
    def reset(self, seconds: float) -> None: ...


class Clock(Protocol):
    """What is used of Twisted's clock; its own interface means nothing to a type checker."""

    def callLater(self, seconds: float, call: Callable[..., object], *arguments: object) -> Timer:
        """Runs ``call`` on the reactor's thread in ``seconds``."""


@dataclass(frozen=True)
class FastAgiConfig:
    """The limits of the server.  Times in seconds."""

    most_sessions: int = 200
    header_seconds: float = 5.0
    session_seconds: float = 90.0
    lookup_seconds: float = 0.5
    status_seconds: float = 2.0
    """For the look-up ``status``, which asks the database; the switch is told before."""


LONGEST_PROMPT = 30.0
"""Seconds allowed for an announcement whose length nobody knows."""
Headers = Mapping[str, str]
NewFlow = Callable[[Headers], Flow]
"""A call's headers → its flow."""


class FastAgiFactory(Factory):
    """One a process: holds what all calls share and how many there are."""

    noisy = False

    def __init__(
        self,
        new_flow: NewFlow,
        sources: Mapping[str, Source],
        sound_file: Callable[[str], str],
        clock: Clock,
        config: FastAgiConfig | None = None,
        seconds_of: Callable[[str], float] = lambda _prompt: LONGEST_PROMPT,
        longest: Callable[[Headers], float] | None = None,
    ) -> None:
        """``seconds_of`` knows how long a prompt is, ``longest`` how long a session may take by its headers."""
        self.new_flow = new_flow
        self.sources = sources
        self.sound_file = sound_file
        self.clock = clock
        self.config = config or FastAgiConfig()
        self.seconds_of = seconds_of
        self.longest = longest or (lambda _headers: self.config.session_seconds)
        self.sessions = 0

    def buildProtocol(self, addr: IAddress | None) -> FastAgiProtocol | None:  # type: ignore[override]
        """None closes the connection: Asterisk sees its end at once and the dialplan goes on."""
        if self.sessions >= self.config.most_sessions:
            metrics.rejected.labels("full").inc()
            log.warning("connection closed: all %d sessions are taken", self.sessions)
            return None
        return FastAgiProtocol(self)


class FastAgiProtocol(LineOnlyReceiver):
    """One connection: headers, then a session in its greenlet until the flow ends or the caller leaves."""

    delimiter = b"\n"
    MAX_LENGTH = 8192  # bytes of a line, and of the head

    def __init__(self, factory: FastAgiFactory) -> None:
        self.factory: FastAgiFactory = factory
        self._head = b""
        self._lines: deque[str] = deque()
        self._greenlet: greenlet | None = None
        self._waits_for_line = False
        self._write_directly = True
        self._closed = False
        self._over = ""
        self._hub = getcurrent()
        self._deadline: Timer | None = None

    # ── Twisted's side ──────────────────────────────────────────────────────────────────────────────────────────

    def connectionMade(self) -> None:
        self.factory.sessions += 1
        self._send = self._tcp.getHandle().send
        self._deadline = self.factory.clock.callLater(self.factory.config.header_seconds, self._out_of_time)

    @property
    def _tcp(self) -> TcpServer:
        return cast(TcpServer, self.transport)

    def dataReceived(self, data: bytes) -> None:
        """The head as a whole; then line by line, the usual case of one whole answer on a short way."""
        if self._greenlet is None:
            self._head_received(data)
        elif self._waits_for_line and not self._buffer and data.find(b"\n") == len(data) - 1:
            self._wake(data.decode("utf-8", "replace").rstrip())
        else:
            super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r")
        if self._waits_for_line:
            self._wake(text)
        elif text == "HANGUP" or len(self._lines) < 2:
            self._lines.append(text)
        else:
            self._reject("unexpected", "lines that answer no command")

    def lineLengthExceeded(self, line: bytes) -> None:
        self._reject("line_too_long", "an endless line")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._closed = True
        self.factory.sessions -= 1
        if self._deadline and self._deadline.active():
            self._deadline.cancel()
        if self._waits_for_line:
            self._wake(None)
        elif self._greenlet is None and not self._over:
            self._over = "closed"
            metrics.rejected.labels("closed").inc()
            log.warning("connection closed by the peer before a complete AGI request")

    def _head_received(self, data: bytes) -> None:
        """Asterisk sends its variables in two or three pieces and ends them with an empty line."""
        if self._over:
            return
        self._head += data
        end = _HEAD_END.search(self._head)
        if end is None:
            if len(self._head) > self.MAX_LENGTH:
                self._reject("headers", "a head without an end")
            return
        try:
            headers = parse_headers(self._head[: end.start()].decode("utf-8", "replace"))
        except BadHeaders as error:
            self._reject("headers", str(error))
            return
        assert self._deadline is not None
        self._deadline.reset(self.factory.longest(headers))
        self._greenlet = greenlet(self._run)
        self._greenlet.switch(headers)
        if rest := self._head[end.end() :]:
            super().dataReceived(rest)

    def _out_of_time(self) -> None:
        if self._greenlet is None:
            self._reject("silence", "no complete AGI request in time")
        else:
            self._over = "time_limit"
            self._tcp.abortConnection()

    def _reject(self, reason: str, words: str) -> None:
        if not self._over:
            self._over = reason
            metrics.rejected.labels(reason).inc()
            log.warning("connection closed: %s", words)
            self._tcp.abortConnection()

    def _wake(self, line: str | None) -> None:
        self._waits_for_line = False
        assert self._greenlet is not None
        self._greenlet.switch(line)

    # ── the session's side: everything below runs in the greenlet ───────────────────────────────────────────────

    def read_line(self) -> str | None:
        """The next line, waiting for it; None when the connection is gone."""
        if self._lines:
            return self._lines.popleft()
        if self._closed:
            return None
        self._waits_for_line = True
        return cast(str | None, self._hub.switch())

    def write(self, data: bytes) -> None:
        """Sends a command now, without a round through the reactor, as long as the socket takes all of it.

        An answer that came before its question would be taken for the answer: such a peer is no Asterisk.
        """
        if self._lines and any(line != "HANGUP" for line in self._lines):
            self._reject("unexpected", "an answer before its command")
            raise CallerHungUp
        try:
            sent = self._send(data) if self._write_directly else 0
        except OSError:  # a full buffer or a broken connection: Twisted's business
            sent = 0
        if sent != len(data) and not self._closed:
            self._write_directly = False
            self._tcp.write(data[sent:])

    def _run(self, headers: dict[str, str]) -> None:
        """The whole session.  Nothing escapes: an exception here would break the reactor's callback."""
        name = call_id(headers)
        began = time.monotonic()
        metrics.active.inc()
        end = "done"
        try:
            self._drive(headers)
        except CallerHungUp:
            end = self._over or "hung_up"
        except Exception as error:  # noqa: BLE001  # the named place of this process: a call goes on in the dialplan
            end = "error"
            at = error.__traceback__
            while at and at.tb_next:
                at = at.tb_next
            where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else "?"
            # without the exception's text, which may hold what the caller sent
            log.error("call %s: flow failed with %s at %s", name, type(error).__name__, where)
        took = time.monotonic() - began
        metrics.active.dec()
        metrics.sessions.labels(end).inc()
        metrics.seconds.observe(took)
        log.info("call %s left the IVR after %.2f s: %s", name, took, end)
        self._tcp.loseConnection()

    def _drive(self, headers: dict[str, str]) -> None:
        session = _Session(self, headers, self.factory.sound_file)
        session.allow((), self.factory.config.lookup_seconds)
        drive(self.factory.new_flow(headers), session, self._command_failed)

    @staticmethod
    def _command_failed(verb: Verb) -> None:
        metrics.failed_commands.labels(type(verb).__name__).inc()
        if isinstance(verb, SetVariables):
            log.error("Asterisk refused the variables; the dialplan's defaults stand")

    def lookup(self, name: str, argument: str) -> str:
        """Asks a source in a worker thread; its default when it fails or takes too long."""
        source = self.factory.sources[name]
        answers: list[str] = []

        def done(answer: object) -> None:
            if not answers:
                ok = isinstance(answer, str)
                answers.append(cast(str, answer) if ok else source.default)
                if not ok:
                    metrics.failed_lookups.labels(name).inc()
                    log.warning("look-up %s failed or was too slow", name)
                if limit.active():
                    limit.cancel()
                assert self._greenlet is not None
                self._greenlet.switch()

        config = self.factory.config
        seconds = config.status_seconds if name == "status" else config.lookup_seconds
        limit = self.factory.clock.callLater(seconds, done, None)
        threads.deferToThread(source, argument).addBoth(done)
        self._hub.switch()
        return answers[0]


class _Session(AgiSession):
    """pyst2's commands over this connection, and our own sources."""

    def __init__(self, wire: FastAgiProtocol, headers: dict[str, str], sound_file: Callable[[str], str]) -> None:
        super().__init__(wire, headers, sound_file)
        self._protocol = wire

    def lookup(self, source: str, argument: str) -> str:
        if source == "status":
            self.allow((), self._protocol.factory.config.status_seconds)
        return self._protocol.lookup(source, argument)

    def allow(self, prompts: tuple[str, ...], seconds: float) -> None:
        spoken = sum(self._protocol.factory.seconds_of(prompt) for prompt in prompts)
        with suppress(CommandFailed):  # the limit before stays
            self.limit(spoken + seconds + SLACK)


def call_id(headers: Headers) -> str:
    """The name of a call in our log: CONTACT_ID when the dialplan passes it as first argument, else Asterisk's id."""
    given = headers.get("agi_arg_1", "")
    if _UUID.fullmatch(given):
        return given
    return headers["agi_uniqueid"] if _UNIQUEID.fullmatch(headers["agi_uniqueid"]) else "unnamed"

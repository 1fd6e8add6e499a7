"""The link to Asterisk's manager interface: the only door to panoramisk.

panoramisk keeps the table of actions and their answers; everything around it is ours, because each of these
was seen to go wrong in it: an exception in an event callback closed the link, actions sent while it was down
were replayed after the reconnect, a line break in a value ran a second action, a frozen peer was never
noticed, an action without ``as_list`` never completed.  So: one protocol of ours below, which reads with
:class:`cti.ami_parse.AmiParser`, guards the callback, fails what is pending when the link goes, refuses line
breaks; a ``Ping`` with a time limit; a reconnect with a capped backoff; up only after ``FullyBooted``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from cti.ami_parse import AmiParser, clean_event
from cti.errors import AmiDown, BadAction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiConfig:
    """Where Asterisk's manager listens, and how patient to be (all times in seconds)."""

    host: str = "127.0.0.1"
    port: int = 5038
    username: str = "hotline"
    secret: str = field(repr=False)
    connect_timeout: float = 2.0
    boot_timeout: float = 60.0
    """From the log-in to FullyBooted; Asterisk answers the log-in before all its modules are up."""
    action_timeout: float = 5.0
    ping_interval: float = 1.0
    ping_timeout: float = 3.0
    backoff_first: float = 0.1
    backoff_most: float = 1.0


@dataclass(frozen=True, slots=True)
class Reply:
    """Asterisk's answer to an action."""

    fields: Mapping[str, str]
    events: tuple[dict[str, str], ...] = ()
    """The list that followed, for actions that give one; without its closing event."""

    @property
    def ok(self) -> bool:
        """Success, as Asterisk says."""
        return self.fields.get("Response") in ("Success", "Goodbye", "Follows")

    @property
    def message(self) -> str:
        """Asterisk's words."""
        return self.fields.get("Message", "")


class _Refusing(deque[Action]):
    """panoramisk keeps actions here to send them again later; a stale Originate would dial.  We never do."""

    def append(self, action: Action, /) -> None:
        _fail(action)


def _fail(action: Action) -> None:
    if not action.future.done():
        action.future.set_exception(AmiDown("the link to Asterisk went down"))
        action.future.exception()  # seen: nobody may be waiting any more


class _Protocol(AMIProtocol):  # type: ignore[misc]
    """One connection.  ``self.factory`` is the link, as panoramisk wants it."""

    factory: AmiLink

    def __init__(self, link: AmiLink) -> None:
        self.link = link
        self.parser = AmiParser()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.factory = self.link
        self.encoding = "utf-8"

    def data_received(self, data: bytes) -> None:
        if self.link.on_bytes is not None:
            self.link.on_bytes(data)
        for message in self.parser.feed(data):
            action = self.responses.get(message.get("ActionID"))
            if action is None:
                if "Event" in message:
                    self.link.take(message)
            else:
                if message.get("Response") == "Error":
                    action.as_list = False  # no list will follow
                self.handle_message(Message(message))

    def close(self) -> None:
        for action in list(self.responses.values()):
            _fail(action)
        super().close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.close()
        if not self.lost.done():
            self.lost.set_result(None)

    def abort(self) -> None:
        """Drop the connection now, answers or not."""
        self.transport.abort()
        self.connection_lost(None)


class AmiLink:
    """A link that stays up: connects, logs in, watches, reconnects, until it is stopped.

    ``on_event`` is called with every event, on the loop; ``on_up`` is awaited after every FullyBooted (with
    that event), ``on_down`` is called when the link goes.  What they raise is logged and counted in
    ``trouble``; it never harms the link.
    """

    forgetable_actions = ()

    def __init__(
        self,
        config: AmiConfig,
        *,
        on_event: Callable[[dict[str, str]], None],
        on_up: Callable[[dict[str, str]], Awaitable[None]] | None = None,
        on_down: Callable[[], None] | None = None,
        on_bytes: Callable[[bytes], None] | None = None,
    ) -> None:
        self.config = config
        self.on_bytes = on_bytes
        self.trouble = 0
        self.connects = 0
        self.awaiting_actions = _Refusing()
        self._on_event, self._on_up, self._on_down = on_event, on_up, on_down
        self._protocol: _Protocol | None = None
        self._booted: asyncio.Future[dict[str, str]] | None = None
        self._up = False
        self._task: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        """Logged in and fully booted."""
        return self._up

    async def start(self) -> None:
        """Begin connecting, in the background."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="ami-link")

    async def stop(self) -> None:
        """Disconnect and stay so."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def send(
        self, action: Mapping[str, str | list[str]], *, as_list: bool = False, timeout: float | None = None
    ) -> Reply:
        """Send an action and wait for Asterisk's answer (with ``as_list``: the whole list that follows).

        AmiDown when there is no link, when it goes meanwhile, or when no answer comes in time; BadAction for
        values with line breaks.
        """
        if not self._up or self._protocol is None:
            raise AmiDown("no link to Asterisk")
        return await self._send(self._protocol, action, as_list=as_list, timeout=timeout)

    async def _send(
        self,
        protocol: _Protocol,
        action: Mapping[str, str | list[str]],
        *,
        as_list: bool = False,
        timeout: float | None = None,
    ) -> Reply:
        checked = _checked(action)
        future = protocol.send(Action(checked, as_list=as_list), as_list=as_list)
        try:
            # not wait_for: in Python 3.11 it swallows a cancellation that comes together with the answer
            async with asyncio.timeout(timeout or self.config.action_timeout):
                answer: Any = await future
        except TimeoutError:
            raise AmiDown(f"no answer to {checked.get('Action')} in time") from None
        first, *rest = answer if isinstance(answer, list) else [answer]
        events = tuple(clean_event(event) for event in rest)
        return Reply(clean_event(first), tuple(e for e in events if e.get("EventList") != "Complete"))

    def take(self, event: dict[str, str]) -> None:
        """An event from the connection (called by the protocol)."""
        if event["Event"] == "FullyBooted" and self._booted is not None and not self._booted.done():
            self._booted.set_result(event)
        self.guarded("event callback", self._on_event, event)

    def guarded(self, where: str, callback: Callable[..., None], *args: object) -> None:
        """Call back; whatever it raises is counted, because no callback may cost the link."""
        try:
            callback(*args)
        except Exception as error:  # noqa: BLE001
            self._complain(where, error)

    async def guarded_work(self, where: str, work: Awaitable[None]) -> bool:
        """The same for what has to be awaited; False when it failed."""
        try:
            await work
        except AmiDown:
            log.info("%s: the switch did not answer", where)
            return False
        except Exception as error:  # noqa: BLE001
            self._complain(where, error)
            return False
        return True

    def _complain(self, where: str, error: Exception) -> None:
        """Log a callback's failure without its message, which may quote a caller's number."""
        self.trouble += 1
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        log.error("%s failed: %s at %s", where, type(error).__name__, place)

    # -- the connection's life

    async def _run(self) -> None:
        delay = self.config.backoff_first
        while True:
            connects = self.connects
            try:
                await self._connection()
            except (OSError, AmiDown, TimeoutError) as error:
                log.info("no link to Asterisk: %s", type(error).__name__)
            if self.connects != connects:
                delay = self.config.backoff_first
            await asyncio.sleep(delay)
            delay = min(delay * 2, self.config.backoff_most)

    async def _connection(self) -> None:
        """One connection from its opening to its loss."""
        loop = asyncio.get_running_loop()
        config = self.config
        connecting = loop.create_connection(lambda: _Protocol(self), config.host, config.port)
        async with asyncio.timeout(config.connect_timeout):
            _, protocol = await connecting
        self._protocol = protocol
        try:
            self._booted = loop.create_future()
            login = {"Action": "Login", "Username": config.username, "Secret": config.secret, "Events": "on"}
            reply = await self._send(protocol, login, timeout=config.connect_timeout)
            if not reply.ok:
                raise AmiDown("Asterisk refused the log-in")
            booted = await self._or_lost(protocol, self._booted, config.boot_timeout)
            self._up = True
            self.connects += 1
            log.info("link to Asterisk is up")
            await self._watch(protocol, booted)
        finally:
            was_up, self._up = self._up, False
            self._protocol = None
            protocol.abort()
            if was_up:
                log.warning("link to Asterisk is down")
                if self._on_down is not None:
                    self.guarded("down callback", self._on_down)

    async def _or_lost(
        self, protocol: _Protocol, future: asyncio.Future[dict[str, str]], timeout: float
    ) -> dict[str, str]:
        either: set[asyncio.Future[Any]] = {future, protocol.lost}
        await asyncio.wait(either, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if not future.done():
            raise AmiDown("the link went before Asterisk was ready")
        return future.result()

    async def _watch(self, protocol: _Protocol, booted: dict[str, str]) -> None:
        """Run ``on_up`` and ping until the connection is lost or stops answering."""
        syncing = asyncio.create_task(self._synchronise(protocol, booted))
        try:
            while not protocol.lost.done():
                await asyncio.wait({protocol.lost}, timeout=self.config.ping_interval)
                if not protocol.lost.done():
                    await self._send(protocol, {"Action": "Ping"}, timeout=self.config.ping_timeout)
        finally:
            syncing.cancel()
            with suppress(asyncio.CancelledError):
                await syncing

    async def _synchronise(self, protocol: _Protocol, booted: dict[str, str]) -> None:
        """Await ``on_up``; if it fails the connection is dropped, so that the next one tries again."""
        if self._on_up is not None and not await self.guarded_work("synchronising", self._on_up(booted)):
            protocol.abort()


def _checked(action: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    for key, value in action.items():
        for text in (key, *([value] if isinstance(value, str) else value)):
            if any(char < " " or char == "\x7f" for char in text):
                raise BadAction(f"control character in {key!r}")
    return dict(action)

"""A manager interface of an Asterisk that does not exist: it keeps queue members, lists what it is told to list,
plays events, and can be cut, frozen and restarted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Self

Message = dict[str, str]


class FakeAsterisk:
    """``async with FakeAsterisk() as asterisk``; clients log in with secret ``right``."""

    def __init__(self, *, greeting: bytes = b"Asterisk Call Manager/7.0.3\r\n") -> None:
        self.greeting = greeting
        self.port = 0
        self.startup = "10:00:00"
        self.boots = True
        """Whether FullyBooted follows the log-in."""
        self.frozen = False
        self.actions: list[Message] = []
        """Everything asked for but Ping."""
        self.channels: list[Message] = []
        self.waiting: list[Message] = []
        self.members: dict[tuple[str, str], Message] = {}
        self.variables: dict[tuple[str, str], str] = {}
        """Channel and name → what a channel variable says."""
        self.failing: set[str] = set()
        """Actions that are answered with an error."""
        self.silent: set[str] = set()
        """Actions that are never answered."""
        self.while_listing: list[Message] = []
        """Events sent just before the list of channels."""
        self.logins = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def listen(self) -> None:
        """Begin (again) to accept connections, always on the same port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """No more connections, the present ones cut."""
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        """Drop every connection."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def restart(self) -> None:
        """Another process: no calls, no members."""
        await self.stop()
        self.startup = "10:30:00"
        self.channels, self.waiting, self.members = [], [], {}
        await self.listen()

    def emit(self, *events: Mapping[str, str]) -> None:
        """Send events to everybody logged in."""
        for event in events:
            self.raw(_block(event))

    def raw(self, data: bytes) -> None:
        for writer in self._writers:
            writer.write(data)

    def asked(self, action: str) -> list[Message]:
        """The actions of that name so far."""
        return [one for one in self.actions if one["Action"] == action]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        action: Message = {}
        try:
            async for raw in reader:
                line = raw.decode().rstrip("\r\n")
                if line:
                    name, _, value = line.partition(": ")
                    action[name] = value
                    continue
                if action and not self.frozen:
                    self._answer(writer, action)
                action = {}
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, writer: asyncio.StreamWriter, action: Message) -> None:
        name = action.get("Action", "")
        if name != "Ping":
            self.actions.append(action)
        if name in self.silent:
            return
        mark = {"ActionID": action.get("ActionID", "")}
        if name in self.failing:
            writer.write(_block({"Response": "Error", **mark, "Message": "no"}))
            return
        handler = getattr(self, f"_do_{name.lower()}", None)
        for message in handler(writer, action) if handler else [{"Response": "Success"}]:
            writer.write(_block({**message, **mark} if "Response" in message or "EventList" in message else message))

    def _do_login(self, writer: asyncio.StreamWriter, action: Message) -> Iterable[Message]:
        if action.get("Secret") != "right":
            return [{"Response": "Error", "Message": "Authentication failed"}]
        self.logins += 1
        self._writers.add(writer)
        booted = {"Event": "FullyBooted", "Status": "Fully Booted", "Uptime": "100"}
        return [{"Response": "Success", "Message": "Authentication accepted"}, *([booted] if self.boots else [])]

    def _do_ping(self, _: asyncio.StreamWriter, __: Message) -> Iterable[Message]:
        return [{"Response": "Success", "Ping": "Pong"}]

    def _do_corestatus(self, _: asyncio.StreamWriter, __: Message) -> Iterable[Message]:
        return [{"Response": "Success", "CoreStartupDate": "2026-11-21", "CoreStartupTime": self.startup}]

    def _do_coreshowchannels(self, _: asyncio.StreamWriter, __: Message) -> Iterable[Message]:
        self.emit(*self.while_listing)
        self.while_listing = []
        return self._list("CoreShowChannel", self.channels)

    def _do_bridgelist(self, _: asyncio.StreamWriter, __: Message) -> Iterable[Message]:
        return self._list("BridgeListItem", [])

    def _do_queuestatus(self, _: asyncio.StreamWriter, __: Message) -> Iterable[Message]:
        members = [{"Event": "QueueMember", **member} for member in self.members.values()]
        waiting = [{"Event": "QueueEntry", **entry} for entry in self.waiting]
        return self._list("", [{"Event": "QueueParams", "Queue": "citizens"}, *members, *waiting])

    def _do_getvar(self, _: asyncio.StreamWriter, action: Message) -> Iterable[Message]:
        name = (action["Channel"], action["Variable"])
        return [{"Response": "Success", "Variable": name[1], "Value": self.variables.get(name, "")}]

    def _do_setvar(self, _: asyncio.StreamWriter, action: Message) -> Iterable[Message]:
        self.variables[action.get("Channel", ""), action["Variable"]] = action["Value"]
        return [{"Response": "Success", "Message": "Variable Set"}]

    def _list(self, event: str, items: list[Message]) -> Iterable[Message]:
        yield {"Response": "Success", "EventList": "start", "Message": "will follow"}
        for item in items:
            yield {"Event": event, **item, "EventList": "item"}
        yield {"Event": f"{event}ListComplete", "EventList": "Complete", "ListItems": str(len(items))}

    def _do_queueadd(self, _: asyncio.StreamWriter, action: Message) -> Iterable[Message]:
        key = action["Queue"], action["Interface"]
        if key in self.members:
            return [{"Response": "Error", "Message": "Unable to add interface: Already there"}]
        paused = "1" if action.get("Paused") == "true" else "0"
        member = {"Queue": key[0], "Name": action.get("MemberName", ""), "Location": key[1], "Paused": paused}
        self.members[key] = {**member, "Status": "1", "PausedReason": ""}
        self._tell_member("QueueMemberAdded", key)
        return [{"Response": "Success"}]

    def _do_queueremove(self, _: asyncio.StreamWriter, action: Message) -> Iterable[Message]:
        key = action["Queue"], action["Interface"]
        if key not in self.members:
            return [{"Response": "Error", "Message": "Unable to remove interface: Not there"}]
        self._tell_member("QueueMemberRemoved", key)
        del self.members[key]
        return [{"Response": "Success"}]

    def _do_queuepause(self, _: asyncio.StreamWriter, action: Message) -> Iterable[Message]:
        found = [key for key in self.members if key[1] == action["Interface"]]
        for key in found:
            paused = action["Paused"] == "true"
            reason = action.get("Reason", "") if paused else ""
            self.members[key].update(Paused=str(int(paused)), PausedReason=reason)
            self._tell_member("QueueMemberPause", key)
        return [{"Response": "Success"} if found else {"Response": "Error", "Message": "Interface not found"}]

    def _tell_member(self, event: str, key: tuple[str, str]) -> None:
        member = self.members[key]
        names = {"MemberName": member["Name"], "Interface": member["Location"]}
        self.emit({"Event": event, **member, **names})


def _block(message: Mapping[str, str]) -> bytes:
    return ("".join(f"{key}: {value}\r\n" for key, value in message.items()) + "\r\n").encode()

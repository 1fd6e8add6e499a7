"""A manager interface that says yes to everything and plays captured events when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

CAPTURES = Path(__file__).parents[2] / "captures"
LISTS = {
    "QueueStatus": "QueueStatusComplete",
    "CoreShowChannels": "CoreShowChannelsComplete",
    "BridgeList": "BridgeListComplete",
}


class FakeAmi:
    """One Asterisk without calls.  ``asked`` holds every action it got."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[dict[str, str]] = []
        self.answers = True
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.answers:
            writer.close()
            return
        self._writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                raw = await reader.readuntil(b"\r\n\r\n")
                action = dict(line.split(": ", 1) for line in raw.decode().split("\r\n") if ": " in line)
                self.asked.append(action)
                writer.write(self._reply(action).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _reply(self, action: dict[str, str]) -> str:
        name, action_id = action["Action"], f"ActionID: {action['ActionID']}\r\n"
        if name in LISTS:
            complete = f"Event: {LISTS[name]}\r\n{action_id}EventList: Complete\r\nListItems: 0\r\n\r\n"
            return f"Response: Success\r\n{action_id}EventList: start\r\n\r\n{complete}"
        more = "CoreStartupDate: 2026-03-02\r\nCoreStartupTime: 08:00:00\r\n" if name == "CoreStatus" else ""
        booted = "Event: FullyBooted\r\nUptime: 100\r\nLastReload: 100\r\n\r\n" if name == "Login" else ""
        return f"Response: Success\r\n{action_id}{more}\r\n{booted}"

    def say(self, text: str) -> None:
        """Events to everybody connected."""
        for writer in self._writers:
            writer.write(text.encode())

    def drop(self) -> None:
        """Cuts every link."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


def captured(story: str) -> list[str]:
    """The events of a captured story, log-in and greeting left out."""
    text = (CAPTURES / story / "events.ami").read_text("utf-8").replace("\r\n", "\n")
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    events = [block for block in blocks if block.startswith("Event: ") and "FullyBooted" not in block]
    return ["\r\n".join(block.split("\n")) + "\r\n\r\n" for block in events]


@asynccontextmanager
async def fake_ami() -> AsyncIterator[FakeAmi]:
    """A served FakeAmi."""
    fake = FakeAmi()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        fake.drop()
        server.close()

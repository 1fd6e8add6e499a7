"""An AMI link for tests: every event since it was opened, actions, and waiting for an event.

On purpose without the product's own link, which is one of the things under test.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Self

Message = dict[str, str]


class AmiTap:
    """``async with AmiTap(port, secret) as ami``."""

    def __init__(self, port: int, secret: str, user: str = "hotline") -> None:
        self._port, self._secret, self._user = port, secret, user
        self.events: list[Message] = []
        self._answers: dict[str, asyncio.Future[Message]] = {}
        self._numbers = itertools.count(1)
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        await self._reader.readline()
        self._task = asyncio.create_task(self._read())
        await self.send("Login", Username=self._user, Secret=self._secret)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await asyncio.gather(self._task, return_exceptions=True)

    async def send(self, action: str, **fields: str) -> Message:
        """The response of an action; an ``Error`` fails the test."""
        answer = await self.try_send(action, fields)
        assert answer["Response"] != "Error", f"{action}: {answer}"
        return answer

    async def try_send(self, action: str, fields: Mapping[str, str]) -> Message:
        fields = {"ActionID": str(next(self._numbers)), **fields}
        number = fields["ActionID"]
        self._answers[number] = asyncio.get_running_loop().create_future()
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in fields.items())]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return await asyncio.wait_for(self._answers[number], 10)

    async def wait(self, event: str, seconds: float = 25, **fields: str) -> Message:
        """The first event of that name with these header values, now or later."""
        return await self.wait_for(
            lambda message: message.get("Event") == event and fields.items() <= message.items(),
            f"{event} {fields}",
            seconds,
        )

    async def wait_for(self, wanted: Callable[[Message], bool], what: str, seconds: float = 25) -> Message:
        def found() -> Message | None:
            return next((message for message in self.events if wanted(message)), None)

        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(found), seconds)
            except TimeoutError:
                names = [message.get("Event") for message in self.events[-25:]]
                raise AssertionError(f"no {what} within {seconds} s; last events: {names}") from None
        message = found()
        assert message is not None
        return message

    async def list_of(self, action: str, event: str, **fields: str) -> list[Message]:
        """The items of a list action."""
        number = str(next(self._numbers))
        await self.send(action, **fields, ActionID=number)
        await self.wait_for(lambda m: m.get("ActionID") == number and m.get("EventList") == "Complete", action)
        return [m for m in self.events if m.get("ActionID") == number and m.get("Event") == event]

    async def no_channels(self, seconds: float = 25) -> None:
        """Waits until no call exists."""
        end = asyncio.get_running_loop().time() + seconds
        while await self.list_of("CoreShowChannels", "CoreShowChannel"):
            assert asyncio.get_running_loop().time() < end, "calls do not end"
            await asyncio.sleep(0.05)

    def of(self, event: str, **fields: str) -> list[Message]:
        """All events so far of that name with these header values."""
        return [m for m in self.events if m.get("Event") == event and fields.items() <= m.items()]

    async def _read(self) -> None:
        message: Message = {}
        async for raw in self._reader:
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if line:
                name, _, value = line.partition(": ")
                message.setdefault(name.rstrip(":"), value)
                if name == "ChanVariable":  # several of them: NAME=VALUE
                    key, _, content = value.partition("=")
                    message[f"ChanVariable {key}"] = content
                continue
            if "Response" in message and message.get("ActionID") in self._answers:
                future = self._answers.pop(message["ActionID"])
                if not future.done():
                    future.set_result(message)
            else:
                async with self._news:
                    self.events.append(message)
                    self._news.notify_all()
            message = {}

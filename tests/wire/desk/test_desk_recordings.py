"""Recordings over HTTP: ranges, conditions, what cannot be played, the ledger of looks."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

import recordings
from agent_desktop.tables import AccessRow
from recordings.tables import Recording, StoredFile
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser, browser_at

pytestmark = pytest.mark.wire

AUDIO = bytes(range(256)) * 40
PEAKS = b'{"seconds": 2.0, "points_per_second": 50.0, "peaks": {"citizen": [0.0, 0.5], "other": [1.0, 0.25]}}'
FOLDER = "2026/03/02"


class Shelf:
    """A finished recording in the store."""

    def __init__(self, house: House, tmp_path: Path) -> None:
        self.house = house
        with house.write.begin() as session:
            self.recording_id = recordings.enqueue(session, CONTACT, "call", house.clock())
            row = session.get(Recording, self.recording_id)
            assert row is not None
            row.state, row.seconds, row.channels = "ready", 2.0, 2
            for role, ending, content in (
                ("original", "orig.flac", AUDIO),
                ("listening", "opus", AUDIO),
                ("peaks", "peaks.json", PEAKS),
            ):
                path = f"{FOLDER}/{self.recording_id}-1.{ending}"
                source = tmp_path / "source"
                source.write_bytes(content)
                house.store.put(path, source)
                session.add(
                    StoredFile(
                        recording_id=self.recording_id,
                        role=role,
                        path=path,
                        format=ending.rpartition(".")[2],
                        bytes=len(content),
                        sha256=hashlib.sha256(content).hexdigest(),
                        stored_at=house.clock(),
                    )
                )
        self.url = f"/api/v1/recordings/{self.recording_id}"

    async def play(self, browser: Browser, reason: str = "质检抽查") -> dict[str, str]:
        """Says why; the parameters that open audio and transcript afterwards."""
        answer = await browser.post(f"{self.url}/plays", json={"reason": reason})
        assert answer.status_code == 200, answer.text
        return {"play": answer.json()["play_id"]}

    @property
    def looks(self) -> list[tuple[str, str]]:
        with self.house.read() as session:
            rows = session.scalars(select(AccessRow).order_by(AccessRow.access_id)).all()
            return [(row.what, row.object_id) for row in rows]


@pytest.fixture
def house(tmp_path: Path) -> House:
    built = House(tmp_path)
    built.agent()
    built.person("root", "admin")
    return built


@pytest.fixture
def shelf(house: House, tmp_path: Path) -> Shelf:
    return Shelf(house, tmp_path)


@pytest.fixture
async def agent(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in()
        yield opened


def error_id(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["error_id"])


async def test_the_whole_recording(agent: Browser, shelf: Shelf) -> None:
    answer = await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent))
    assert (answer.status_code, answer.content) == (200, AUDIO)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "audio/ogg"
    head = await agent.head(f"{shelf.url}/audio", params=await shelf.play(agent))
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(AUDIO)))


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=100-", 100, len(AUDIO)),
        ("bytes=-5", len(AUDIO) - 5, len(AUDIO)),
        ("bytes=-999999", 0, len(AUDIO)),
        ("bytes=0-999999999", 0, len(AUDIO)),
    ],
)
async def test_one_range(agent: Browser, shelf: Shelf, asked: str, start: int, stop: int) -> None:
    answer = await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, AUDIO[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(AUDIO)}"
    assert answer.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", [f"bytes={len(AUDIO)}-", "bytes=-0", "bytes=999999-1000000"])
async def test_a_range_outside(agent: Browser, shelf: Shelf, asked: str) -> None:
    answer = await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers={"Range": asked})
    assert (answer.status_code, error_id(answer)) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(AUDIO)}"


IGNORED = ["bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes", "bytes=a-b", "bytes=" + "9" * 99]


@pytest.mark.parametrize("asked", IGNORED)
async def test_ranges_that_may_be_ignored(agent: Browser, shelf: Shelf, asked: str) -> None:
    answer = await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, AUDIO)


async def test_conditions(agent: Browser, shelf: Shelf) -> None:
    tag = (await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent))).headers["etag"]
    assert (
        await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers={"If-None-Match": tag})
    ).status_code == 304
    ranged = {"Range": "bytes=0-9"}
    assert (
        await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers=ranged | {"If-Range": tag})
    ).status_code == 206
    assert (
        await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers=ranged | {"If-Range": '"old"'})
    ).status_code == 200


async def test_waveform_and_transcript(agent: Browser, shelf: Shelf) -> None:
    peaks = (await agent.get(f"{shelf.url}/peaks")).json()
    assert peaks["peaks"] == {"citizen": [0.0, 0.5], "other": [1.0, 0.25]}
    transcript = (await agent.get(f"{shelf.url}/transcript", params=await shelf.play(agent))).json()
    assert (transcript["state"], transcript["segments"]) == ("none", [])
    known = (await agent.get(shelf.url)).json()["recording"]
    assert (known["state"], known["seconds"], known["contact_id"]) == ("ready", 2.0, CONTACT)


async def test_a_play_is_one_line_in_the_ledger_however_often_the_player_asks(
    house: House, agent: Browser, shelf: Shelf
) -> None:
    play = await shelf.play(agent)
    for start in range(0, 5000, 1000):
        ranged = {"Range": f"bytes={start}-{start + 999}"}
        await agent.get(f"{shelf.url}/audio", params=play, headers=ranged)
    assert shelf.looks == [("recording", shelf.recording_id)]
    house.clock.forward(minutes=6)
    await agent.get(f"{shelf.url}/audio", params=await shelf.play(agent), headers={"Range": "bytes=500-"})
    assert shelf.looks == [("recording", shelf.recording_id)] * 2
    await agent.head(f"{shelf.url}/audio", params=await shelf.play(agent))
    assert len(shelf.looks) == 2, "asking for the size is not listening"


async def test_a_recording_whose_play_cannot_be_written_down_is_not_played(
    house: House, agent: Browser, shelf: Shelf
) -> None:
    play = await shelf.play(agent)
    AccessRow.__table__.drop(house.engine)  # type: ignore[attr-defined]
    answer = await agent.get(f"{shelf.url}/audio", params=play)
    assert answer.status_code == 503
    assert AUDIO not in answer.content
    assert (await agent.post(f"{shelf.url}/plays", json={"reason": "质检"})).status_code == 503


async def test_who_may_not_listen(agent: Browser, shelf: Shelf) -> None:
    async with Browser(agent.port) as admin:
        await admin.log_in("root")
        for path in ("", "/audio", "/peaks", "/transcript"):
            assert error_id(await admin.get(f"{shelf.url}{path}")) == "forbidden"
    assert shelf.looks == []


async def test_a_recording_still_being_made_and_one_that_failed(house: House, agent: Browser, shelf: Shelf) -> None:
    play = await shelf.play(agent)
    for state, problem in (("processing", None), ("failed", "no_file")):
        with house.write.begin() as session:
            row = session.get(Recording, shelf.recording_id)
            assert row is not None
            row.state, row.problem = state, problem
        answer = await agent.get(f"{shelf.url}/audio", params=play)
        assert (answer.status_code, error_id(answer)) == (409, "recording_not_ready")
        assert answer.json()["error"]["detail"] == {"state": state, "problem": problem}


async def test_a_file_that_somebody_deleted_says_so(house: House, agent: Browser, shelf: Shelf) -> None:
    (house.store.root / FOLDER / f"{shelf.recording_id}-1.opus").unlink()
    (house.store.root / FOLDER / f"{shelf.recording_id}-1.peaks.json").unlink()
    play = await shelf.play(agent)
    for path in ("/audio", "/peaks"):
        answer = await agent.get(f"{shelf.url}{path}", params=play)
        assert (answer.status_code, error_id(answer)) == (410, "recording_lost")
        assert answer.json()["error"]["detail"] == {"problem": "file_missing"}

"""R33: what somebody did to the files by hand is said with the reason: by the proof, and in the place of the voice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, browser_at
from tests.wire.desk.told import Told

pytestmark = pytest.mark.wire

OTHER_CONTACT = "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02"


@pytest.fixture(params=["plain", "encrypted"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    built = House(tmp_path, encrypted=request.param == "encrypted")
    built.agent(1)
    built.person("auditor", "auditor")
    return built


@pytest.fixture
def told(house: House) -> Told:
    return Told(house)


@pytest.fixture
async def auditor(house: House) -> AsyncIterator[Browser]:
    async with browser_at(house) as opened:
        await opened.log_in("auditor")
        yield opened


async def proof(browser: Browser, told: Told) -> str:
    return str((await browser.get(f"{told.url}/proof")).json()["code"])


def files_of(house: House, recording_id: str) -> list[Path]:
    """Original and listening copy as they lie in the store."""
    store = house.home / "store"
    return [*store.rglob(f"{recording_id}-*.orig.flac"), *store.rglob(f"{recording_id}-*.wav")]


async def refused(auditor: Browser, told: Told, expected: str) -> None:
    """Proof, alarm, voice and export all say it."""
    assert await proof(auditor, told) == expected
    alarms = (await auditor.get("/api/v1/keeping")).json()["alarms"]
    assert (expected, told.recording_id) in [(one["kind"], one["recording_id"]) for one in alarms]
    answer = await auditor.get(f"{told.url}/audio", params=await told.opened(auditor))
    assert (answer.status_code, answer.json()["error"]["detail"]) == (410, {"problem": expected})
    answer = await auditor.post(f"{told.url}/exports", json={"reason": "核查", "format": "wav"})
    assert answer.status_code in (409, 410)


@pytest.mark.parametrize("deed", ["delete", "truncate", "rename", "change"])
async def test_a_file_changed_by_hand_says_so_and_raises_an_alarm(
    request: pytest.FixtureRequest, house: House, auditor: Browser, told: Told, deed: str
) -> None:
    assert await proof(auditor, told) == "sound"
    for file in files_of(house, told.recording_id):
        content = file.read_bytes()
        if deed == "delete":
            file.unlink()
        elif deed == "truncate":
            file.write_bytes(content[:-100])
        elif deed == "rename":
            file.rename(file.with_name(f"x-{file.name}"))
        else:
            file.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    changed = "tampered" if "encrypted" in request.node.name else "file_changed"
    await refused(auditor, told, "file_missing" if deed in ("delete", "rename") else changed)


async def test_one_recording_in_the_place_of_another_is_not_played(
    request: pytest.FixtureRequest, house: House, auditor: Browser, told: Told
) -> None:
    """Of the same length, so that only what is in it tells."""
    other = Told(house, contact_id=OTHER_CONTACT, lines=(("citizen", 1.0, 2.0, "别的事"),))
    for mine, theirs in zip(files_of(house, told.recording_id), files_of(house, other.recording_id), strict=True):
        mine.write_bytes(theirs.read_bytes())
    await refused(auditor, told, "tampered" if "encrypted" in request.node.name else "file_changed")
    assert await proof(auditor, other) == "sound"
    whole = await auditor.get(f"{other.url}/audio", params=await other.opened(auditor))
    assert whole.status_code == 200

"""What keeps a call from being placed is said before anything is dialled."""

from __future__ import annotations

import asyncio
import importlib.util
import wave
from pathlib import Path

import pytest

from hotline.placed_call import CallPlan, CannotCall, Moment, place_call
from hotline.settings import Settings

pytestmark = pytest.mark.unit


def refusal(settings: Settings, plan: CallPlan) -> str:
    told: list[Moment] = []
    with pytest.raises(CannotCall) as caught:
        asyncio.run(place_call(settings, plan, told.append))
    assert not [moment for moment in told if "calls" in moment.text]
    return str(caught.value)


def test_from_a_machine_that_is_not_the_carrier(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, trunk_match="10.0.0.0/8")
    assert "not this machine" in refusal(settings, CallPlan("12345", "13800138000"))


@pytest.mark.parametrize(("channels", "width"), [(2, 2), (1, 1)])
def test_a_file_the_phone_cannot_speak(tmp_path: Path, channels: int, width: int) -> None:
    with wave.open(str(tmp_path / "say.wav"), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(8000)
        file.writeframes(bytes(800))
    assert "ffmpeg" in refusal(Settings(home=tmp_path), CallPlan("12345", "1380", say=tmp_path / "say.wav"))


def test_without_the_phones_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pjsua2" else there(name))
    told: list[Moment] = []
    with pytest.raises(CannotCall, match=r"pip install 'dist/hotline12345-.*\.whl\[phone\]'"):
        asyncio.run(place_call(Settings(home=tmp_path), CallPlan("12345", "1380"), told.append))
    assert list(tmp_path.iterdir()) == [], "nothing is made by asking"

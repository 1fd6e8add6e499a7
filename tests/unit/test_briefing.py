"""What a unit is told before it joins: what the city has recorded, and the ticket's number digit by digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline import resources
from hotline.briefing import brief

pytestmark = pytest.mark.unit

DEMO = resources.cities() / "demo" / "prompts"


@pytest.mark.parametrize("kind", ["inquiry", "help", "complaint", "report", "suggestion", "thanks"])
def test_the_demo_city_tells_who_calls_about_what(kind: str) -> None:
    told = [sound.removeprefix("city/zh/") for sound in brief(DEMO, kind, "8000", "20260302-000017")]
    assert told[:4] == ["greeting", "brief-call", f"brief-{kind}", "brief-tail"]
    assert told[told.index("brief-ticket") + 1 :] == ["word/0", "word/0", "word/one-in-codes", "word/7"]
    assert "ticket-number" not in told
    for sound in told:
        assert (DEMO / "zh" / f"{sound}.wav").is_file(), sound


def test_a_city_may_record_less(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "greeting.wav").touch()
    told = [sound.removeprefix("city/zh/") for sound in brief(tmp_path, "complaint", "8001", "20260302-000017")]
    assert told[:2] == ["greeting", "ticket-number"]
    (tmp_path / "zh" / "brief-call.wav").touch()
    assert brief(tmp_path, "inquiry", "", "") == ("city/zh/greeting", "city/zh/brief-call")

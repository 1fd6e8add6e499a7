"""What a unit is told before it joins: only what the city has recorded, the ticket's number digit by digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline import resources
from hotline.briefing import brief

pytestmark = pytest.mark.unit

DEMO = resources.cities() / "demo" / "prompts"


def test_who_calls_and_the_tickets_number() -> None:
    told = brief(DEMO, "complaint", "8000", "20260302-000017")
    assert told[:2] == ("city/zh/greeting", "city/zh/ticket-number")
    for sound in told:
        assert (DEMO / "zh" / f"{sound.removeprefix('city/zh/')}.wav").is_file(), sound


def test_a_city_may_record_more(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    for name in ("greeting", "brief-call", "brief-complaint", "brief-tail"):
        (tmp_path / "zh" / f"{name}.wav").touch()
    told = [sound.removeprefix("city/zh/") for sound in brief(tmp_path, "complaint", "8001", "")]
    assert told[:4] == ["greeting", "brief-call", "brief-complaint", "brief-tail"]
    assert len(told) == 8
    assert brief(tmp_path, "inquiry", "", "") == ("city/zh/greeting", "city/zh/brief-call")

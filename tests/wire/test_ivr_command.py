"""``hotline ivr`` as a process: serves the shipped city, refuses a broken one, reads caller lists as they change."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.agi_caller import AgiCaller, headers
from tests.kit.ivr_process import Ivr

pytestmark = pytest.mark.wire


@pytest.fixture
def ivr(tmp_path: Path) -> Ivr:
    return Ivr(tmp_path)


@pytest.fixture
def running(ivr: Ivr) -> Iterator[Ivr]:
    with ivr.running():
        yield ivr


def test_a_call_to_the_shipped_city(running: Ivr) -> None:
    call = AgiCaller().dial(running.port)
    assert call.played == ["greeting", "recording-notice", "emergency", "please-wait"]
    assert call.variables == {
        "TIMEOUT(absolute)": "4",  # the last announcement and what we may take after it
        "__HL_QUEUE": "citizens",
        "__HL_PRIORITY": "0",
        "__HL_MENU_PATH": "",
        "__HL_CALLER_CLASS": "normal",
        "__HL_LANG": "zh",
        "__HL_SURVEY": "",
        "HL_NEXT": "queue",
    }
    metrics = running.page("metrics")
    assert 'hotline_ivr_sessions_total{end="done"} 1.0' in metrics
    assert running.page("healthz") == "ok\n"
    assert "13800138000" not in running.log.read_text()


def test_a_caller_list_counts_as_soon_as_it_is_written(running: Ivr) -> None:
    assert AgiCaller().dial(running.port).variables["__HL_CALLER_CLASS"] == "normal"
    (running.city / "blacklist.txt").write_text("+86 138 0013 8000\n", "utf-8")
    blocked = AgiCaller().dial(running.port)
    assert (blocked.played, blocked.variables["HL_NEXT"]) == (["blocked"], "voicemail")
    (running.city / "priority.txt").write_text("138001*\n", "utf-8")
    first = AgiCaller().dial(running.port)
    assert (first.variables["__HL_QUEUE"], first.variables["__HL_PRIORITY"]) == ("priority", "50")
    assert AgiCaller().dial(running.port, headers(callerid="unknown")).variables["__HL_CALLER_CLASS"] == "normal"
    (running.city / "priority.txt").unlink()
    assert (
        AgiCaller().dial(running.port).variables["__HL_CALLER_CLASS"] == "normal"
    )  # a list that is gone blocks nobody


def test_a_broken_city_is_refused_with_every_problem(ivr: Ivr) -> None:
    ivr.edit(('key = "9"', 'key = "99"'), ("silences = 1", "silences = 0"))
    path = ivr.city / "ivr.toml"
    text = path.read_text("utf-8")
    refused = ivr.command()
    assert refused.returncode == 1
    lines = [line for line in refused.stderr.splitlines() if line.startswith(f"{path}:")]
    assert len(lines) == 2
    checked = ivr.command("check", str(ivr.city), "--json")
    assert checked.returncode == 1
    told = json.loads(checked.stdout)
    assert told["ok"] is False
    assert [(one["line"], one["level"]) for one in told["problems"]] == [
        (number, "error") for number, row in enumerate(text.split("\n"), 1) if "99" in row or row == "silences = 0"
    ]


def test_the_check_prints_the_ways_to_a_person(ivr: Ivr) -> None:
    checked = ivr.command("check", "--json")
    assert checked.returncode == 0, checked.stderr
    told = json.loads(checked.stdout)
    assert (told["ok"], told["problems"]) == (True, [])
    assert {way["name"] for way in told["ways"]} == {"silent caller", "emergency key"}
    assert all(way["seconds"] < 15 for way in told["ways"])
    assert "silent caller: " in ivr.command("check").stdout


def test_a_taken_port_is_said_plainly(ivr: Ivr) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", ivr.port))
        taken.listen()
        refused = ivr.command()
    assert refused.returncode == 1
    assert f"port {ivr.port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_absent_sound_is_a_warning_and_the_call_goes_on(ivr: Ivr) -> None:
    (ivr.city / "prompts/zh/greeting.wav").unlink()
    with ivr.running():
        call = AgiCaller(absent={"greeting"}).dial(ivr.port)
    assert call.variables["HL_NEXT"] == "queue"
    assert "greeting: has no WAV yet" in ivr.log.read_text()

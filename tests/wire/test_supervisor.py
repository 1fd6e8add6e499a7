"""The supervisor with real processes: ready, fallen, hung, stopped, killed, adopted."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline import pid_file

pytestmark = pytest.mark.wire


class Supervised:
    """One supervisor process and the lines it says."""

    def __init__(self, folder: Path, programs: list[dict[str, Any]]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.wire.supervised", str(folder), json.dumps(programs)],
            stdout=subprocess.PIPE,
            text=True,
        )

    def until(self, name: str, state: str) -> str:
        """Reads on until a program reaches a state; returns the detail that was said with it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            if said[:2] == [name, state]:
                return str(said[2])
        raise AssertionError(f"the supervisor ended before {name} was {state}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        self.process.send_signal(number)
        self.process.communicate(timeout=30)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    running: list[Supervised] = []

    def _start(*programs: dict[str, Any]) -> Supervised:
        running.append(Supervised(tmp_path, list(programs)))
        return running[-1]

    yield _start
    for one in running:
        if one.process.poll() is None:
            one.stop()


def sleeper(name: str = "one", **more: Any) -> dict[str, Any]:
    return {"name": name, "shell": "exec sleep 600", **more}


def test_ready_when_every_probe_says_so_and_stopped_in_reverse_order(start: Callable[..., Supervised]) -> None:
    city = start(sleeper("switch"), sleeper("desk"))
    city.until("all", "ready")
    city.process.send_signal(signal.SIGINT)
    city.until("desk", "stopped")
    city.until("switch", "stopped")
    city.until("all", "stopped")


def test_a_probe_that_fails_is_asked_again_until_it_is_good(start: Callable[..., Supervised], tmp_path: Path) -> None:
    city = start({"name": "one", "shell": f"touch {tmp_path}/up; exec sleep 600", "ready": "up"})
    city.until("all", "ready")


def test_a_fallen_program_starts_again_with_a_growing_pause(start: Callable[..., Supervised]) -> None:
    city = start({"name": "one", "shell": "exit 7"})
    assert city.until("one", "waiting") == "exit 7, starts again in 0.5 s"
    assert city.until("one", "waiting") == "exit 7, starts again in 1.0 s"


def test_kill_9_of_a_program_brings_a_new_one(start: Callable[..., Supervised], tmp_path: Path) -> None:
    city = start(sleeper())
    city.until("all", "ready")
    first = pid_file.read(tmp_path / "run" / "one.pid")
    assert first is not None
    subprocess.run(["kill", "-9", str(first.pid)], check=True)
    assert "SIGKILL" in city.until("one", "waiting")
    city.until("one", "ready")
    second = pid_file.read(tmp_path / "run" / "one.pid")
    assert second is not None and second != first


def test_stop_leaves_nothing_even_of_deaf_programs_and_their_helpers(
    start: Callable[..., Supervised], tmp_path: Path
) -> None:
    deaf = f"trap '' TERM; sleep 600 & echo $! > {tmp_path}/helper; touch {tmp_path}/up; while :; do wait; done"
    city = start({"name": "deaf", "shell": deaf, "ready": "up", "stop_seconds": 0.2})
    city.until("all", "ready")
    helper = pid_file.identify(int((tmp_path / "helper").read_text()))
    assert helper is not None
    city.stop()
    assert not helper.alive
    assert list((tmp_path / "run").iterdir()) == []


def test_nothing_is_left_when_nobody_listens_any_more(start: Callable[..., Supervised], tmp_path: Path) -> None:
    """`hotline up | tee`: Ctrl-C ends tee first, and every word of ours after that breaks the pipe."""
    city = start(sleeper("switch", outlives_us=True), sleeper("desk"))
    city.until("all", "ready")
    assert city.process.stdout is not None
    city.process.stdout.close()
    city.process.send_signal(signal.SIGINT)
    city.process.wait(30)
    assert list((tmp_path / "run").iterdir()) == []


def test_a_hung_program_is_replaced(start: Callable[..., Supervised], tmp_path: Path) -> None:
    city = start({"name": "one", "shell": f"touch {tmp_path}/up; exec sleep 600", "ready": "up", "hung_after": 0.1})
    city.until("all", "ready")
    (tmp_path / "up").unlink()
    assert city.until("one", "waiting") == "no answer for 0 s"
    city.until("one", "ready")


def test_after_kill_9_of_the_supervisor_calls_live_on_and_are_adopted(
    start: Callable[..., Supervised], tmp_path: Path
) -> None:
    programs = sleeper("switch", outlives_us=True), sleeper("desk")
    first = start(*programs)
    first.until("all", "ready")
    switch, desk = (pid_file.read(tmp_path / "run" / f"{name}.pid") for name in ("switch", "desk"))
    assert switch is not None and desk is not None
    first.stop(signal.SIGKILL)
    second = start(*programs)
    assert second.until("switch", "starting") == "adopted"
    second.until("all", "ready")
    assert switch.alive and not desk.alive
    second.stop()
    assert not switch.alive


def test_stop_with_calls_kept_leaves_only_what_outlives_us(start: Callable[..., Supervised], tmp_path: Path) -> None:
    city = start(sleeper("switch", outlives_us=True), sleeper("desk"))
    city.until("all", "ready")
    switch, desk = (pid_file.read(tmp_path / "run" / f"{name}.pid") for name in ("switch", "desk"))
    city.stop(signal.SIGUSR1)
    assert switch is not None and switch.alive
    assert desk is not None and not desk.alive
    start(sleeper("switch", outlives_us=True), sleeper("desk")).until("switch", "ready")


def test_a_pid_file_of_another_process_is_not_adopted(start: Callable[..., Supervised], tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "600"])
    pid_file.write(tmp_path / "run" / "switch.pid", pid_file.ProcessId(stranger.pid, 1))
    city = start(sleeper("switch", outlives_us=True))
    assert city.until("switch", "starting") != "adopted"
    city.stop()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()

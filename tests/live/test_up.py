"""``hotline up`` as a whole: ready soon, a call gets in, whatever falls comes back, nothing stays behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline import pid_file, programs, switch
from hotline.settings import Settings
from hotline.sip_phone import PhoneConfig, SipPhone
from tests.kit.switch import in_namespace
from tests.kit.waiting import until

pytestmark = pytest.mark.live

PORTS = {name: field.default + 2000 for name, field in Settings.model_fields.items() if name.endswith("_port")}
PORTS |= {"rtp_start": 32000, "rtp_end": 32400}
"""Away from the Asterisk that other tests of the run use."""


class City:
    """One home and what runs in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.settings = Settings(home=home, demo=True, **PORTS)  # type: ignore[arg-type]
        self.environment = dict(os.environ) | {"HOTLINE_HOME": str(home)}
        self.environment |= {f"HOTLINE_{name.upper()}": str(port) for name, port in PORTS.items()}
        self.process: subprocess.Popen[str] | None = None

    def up(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "up", "--demo", "--json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=(self.home / "up.stderr").open("a"),
            text=True,
        )

    def until_event(self, **wanted: str) -> dict[str, Any]:
        """Reads what ``up`` says until it says this."""
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if wanted.items() <= said.items():
                return said
        raise AssertionError(f"up ended before {wanted}: {(self.home / 'up.stderr').read_text()}")

    def run(self, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "hotline", *words, "--json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return json.loads(done.stdout)

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.communicate(timeout=60)

    def pid(self, name: str) -> pid_file.ProcessId:
        found = pid_file.read(programs.run_dir(self.settings) / f"{name}.pid")
        assert found is not None, f"{name} does not run"
        return found

    def processes(self) -> list[str]:
        """Every process that has our home in its environment or its command line."""
        needle, found = os.fsencode(self.home), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                about = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if needle in about and int(folder.name) != os.getpid():
                found.append(f"{folder.name} {(folder / 'cmdline').read_bytes().replace(bytes(1), b' ')!r}")
        return found

    def citizen(self) -> SipPhone:
        return SipPhone(PhoneConfig("13812345678", f"127.0.0.1:{PORTS['sip_port']}", address="127.0.0.2"))


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    assert in_namespace(), "these tests place calls: run them by  tests/kit/netns.sh .venv/bin/python -m pytest …"
    home = Path(tempfile.mkdtemp(prefix="hlup-"))
    made = City(home)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end()
    made.run("down")
    shutil.rmtree(home)


@pytest.fixture
def running(city: City) -> City:
    """The city, up and ready."""
    if city.process is None or city.process.poll() is not None:
        city.up()
        city.until_event(event="ready")
    return city


def test_it_tells_where_to_go_and_how_to_log_in(city: City) -> None:
    city.run("down")  # left from a first try
    city.up()
    ready = city.until_event(event="ready")
    assert ready["addresses"]["Desk"] == f"http://127.0.0.1:{PORTS['desk_port']}/desk"
    assert "8001" in [login["username"] for login in ready["logins"]]
    assert city.run("status")["ready"] is True, city.run("status")


def test_doctor_finds_nothing_failed(running: City) -> None:
    failed = [check for check in running.run("doctor")["checks"] if check["state"] == "failed"]
    assert failed == []


def test_a_second_one_is_refused(running: City) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "hotline", "up", "--demo"], env=running.environment, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert "runs already" in second.stderr


@pytest.mark.parametrize("name", ["ivr", "desk", "worker"])
async def test_what_is_killed_comes_back_and_the_call_does_not_notice(running: City, name: str) -> None:
    async with running.citizen() as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        victim = running.pid(name)
        os.kill(victim.pid, signal.SIGKILL)
        running.until_event(event="state", program=name, state="waiting")
        running.until_event(event="state", program=name, state="ready")
        assert running.pid(name) != victim
        assert citizen.in_call
        await citizen.hang_up()


async def test_after_kill_9_of_everything_of_ours_the_call_goes_on_and_is_adopted(running: City) -> None:
    async with running.citizen() as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        asterisk, desk = running.pid("asterisk"), running.pid("desk")
        running.end(signal.SIGKILL)
        await until(lambda: not desk.alive, "the desk goes with its supervisor")
        assert asterisk.alive
        running.up()
        running.until_event(event="state", program="asterisk", state="starting", detail="adopted")
        running.until_event(event="ready")
        assert running.pid("asterisk") == asterisk
        assert citizen.in_call
        assert running.run("status")["calls"] == 1
        await citizen.hang_up()


async def test_down_can_leave_the_calls(running: City) -> None:
    async with running.citizen() as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")
        assert running.run("down", "--keep-calls")["stopped"] == ["ivr", "desk", "worker"]
        assert switch.running_pid(running.settings.asterisk_dir) is not None
        assert citizen.in_call
        await citizen.hang_up()


def test_a_later_start_is_soon_ready_and_ctrl_c_leaves_no_process(city: City) -> None:
    if city.process is not None and city.process.poll() is None:
        city.end()
    city.run("down")
    city.up()
    assert city.until_event(event="ready")["seconds"] <= 60  # bench.later_start tells how soon on a quiet machine
    city.end(signal.SIGINT)
    assert city.processes() == []
    assert list(programs.run_dir(city.settings).glob("*.pid")) == []


def test_a_taken_port_stops_the_start_with_its_name_and_owner(city: City) -> None:
    if city.process is not None and city.process.poll() is None:
        city.end()
    import socket

    with socket.create_server(("127.0.0.1", PORTS["desk_port"])):
        city.up()
        said = city.until_event(event="cannot_start")
    assert city.process is not None
    assert city.process.wait(30) == 1
    assert "desk_port" in said["problems"][0]
    assert f"pid {os.getpid()} " in said["problems"][0]

"""The whole system on one machine: run it, stop it, look at it."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotline import pid_file, programs, resources, seed, switch
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings
from hotline.supervisor import KEEP_CALLS, State, Supervisor

_STOP_SECONDS = 60.0  # more than all programs' own limits together


@contextmanager
def only_one(settings: Settings) -> Iterator[bool]:
    """Yields True for the one supervisor of this home, False for a second one."""
    folder = programs.run_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        me = pid_file.identify(os.getpid())
        if me is not None:
            pid_file.write(_supervisor_pid(settings), me)
        yield True
    finally:
        _supervisor_pid(settings).unlink(missing_ok=True)
        os.close(handle)


def run(
    settings: Settings,
    installation: switch.Installation,
    on_change: Callable[[str, State, str], None],
    on_ready: Callable[[], None],
) -> None:
    """Runs the four programs until a signal stops us."""
    listed = programs.our_programs(settings, switch.start_command(installation, settings.asterisk_dir))
    Supervisor(listed, programs.run_dir(settings), settings.log_dir, on_change).run(on_ready)


def stop(settings: Settings, *, keep_calls: bool) -> list[str]:
    """Stops the supervisor with its programs, or what a killed one left; returns what was stopped."""
    stopped = []
    supervisor = pid_file.read(_supervisor_pid(settings))
    if supervisor is not None:
        _end(supervisor, KEEP_CALLS if keep_calls else signal.SIGTERM)
        stopped = [name for name in programs.NAMES if not (keep_calls and name == "asterisk")]
    for name in programs.NAMES:
        left = None if keep_calls and name == "asterisk" else _process(settings, name)
        if left is not None:
            _end(left, signal.SIGTERM)
            stopped.append(name)
    return list(dict.fromkeys(stopped))


def status(settings: Settings) -> dict[str, Any]:
    """What runs, since when, with how much memory, and whether it does its work."""
    found = []
    for name in programs.NAMES:
        process = _process(settings, name)
        found.append(
            {
                "name": name,
                "ready": programs.is_ready(name, settings),
                "pid": process.pid if process else None,
                "seconds": _age(process) if process else None,
                "memory_bytes": pid_file.memory_bytes(process.pid) if process else None,
            }
        )
    supervisor = pid_file.read(_supervisor_pid(settings))
    return {
        "ready": all(one["ready"] for one in found),
        "supervisor": supervisor.pid if supervisor else None,
        "programs": found,
        "calls": _calls(settings) if found[0]["ready"] else None,
    }


def addresses(settings: Settings) -> dict[str, str]:
    """Where people and phones reach us."""
    desk = f"http://{programs.reachable(settings.desk_host)}:{settings.desk_port}"
    found = {"Desk": f"{desk}/desk"}
    if settings.demo:
        found["Citizen's phone"] = f"{desk}/phone"
    return found | {"SIP": f"sip:{settings.bind_address}:{settings.sip_port}", "Logs": str(settings.log_dir)}


def demo_logins(settings: Settings) -> list[dict[str, str]]:
    """The demo's log-ins; outside of the demo nobody's password is known here."""
    if not settings.demo:
        return []
    content = seed.read(resources.city_dir(settings))
    return [vars(login) for login in seed.logins(content, SecretsFile(settings.home))]


def _supervisor_pid(settings: Settings) -> Path:
    return programs.run_dir(settings) / "up.pid"


def _process(settings: Settings, name: str) -> pid_file.ProcessId | None:
    noted = pid_file.read(programs.run_dir(settings) / f"{name}.pid")
    if noted is None and name == "asterisk":
        pid = switch.running_pid(settings.asterisk_dir)
        return pid_file.identify(pid) if pid is not None else None
    return noted


def _end(process: pid_file.ProcessId, number: signal.Signals) -> None:
    """Signals a process and waits until it is gone; what does not go in time is killed."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    try:
        for signal_number in (number, signal.SIGKILL):
            if not process.alive:
                return
            signal.pidfd_send_signal(handle, signal_number)
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            if poll.poll(_STOP_SECONDS * 1000):
                return
    finally:
        os.close(handle)


def _age(process: pid_file.ProcessId) -> float:
    """Seconds since the process started."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - process.start_ticks / os.sysconf("SC_CLK_TCK")


def _calls(settings: Settings) -> int | None:
    try:
        with switch.manager(settings.ami_port, SecretsFile(settings.home).get("ami")) as link:
            return int(link.ask("CoreStatus").get("CoreCurrentCalls", 0))
    except switch.NoManager:
        return None

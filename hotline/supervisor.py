"""Keeps a few programs running: starts them, waits until they are ready, restarts what fell, stops all in order.

One thread, one loop.  A program's end is seen through its pidfd (pidfd_open(2)), which works for children and for an
adopted Asterisk alike; signals arrive through a wake-up pipe.  Programs run in sessions of their own, so that Ctrl-C
in the terminal reaches only us and we stop them in order.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Literal

from hotline import pid_file

State = Literal["starting", "ready", "waiting", "stopped"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart; doubled each time
_STEADY = 60.0  # seconds after which a program counts as healthy again
_PROBE_STARTING, _PROBE_READY = 0.1, 5.0  # seconds between two readiness probes
_LOG_LIMIT = 20_000_000  # bytes
_PR_SET_PDEATHSIG = 1  # prctl(2)
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KEEP_CALLS = signal.SIGUSR1
"""Stops the supervisor and its programs but leaves those that outlive it: calls go on."""


@dataclass(frozen=True)
class Program:
    """What to run.  ``ready`` is a probe of at most a second that never raises."""

    name: str
    command: list[str]
    ready: Callable[[], bool]
    environment: dict[str, str]
    outlives_us: bool = False
    """Calls live in it: it stays when the supervisor is killed, and the next supervisor adopts it by its pid file."""
    hung_after: float | None = 30.0
    """Seconds of failing probes after which a program that was ready is restarted; None: not probed any more."""
    stop_seconds: float = 10.0


class _Slot:
    """One program and what became of it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.state: State = "stopped"
        self.process: subprocess.Popen[bytes] | None = None
        self.identity: pid_file.ProcessId | None = None
        self.handle = -1
        self.adopted = False
        self.started = self.next_start = self.next_probe = self.last_good = 0.0
        self.pause = _FIRST_PAUSE
        self.restarts = 0


class Supervisor:
    """Runs programs until asked to stop.  ``on_change(name, state, detail)`` hears of every step."""

    def __init__(
        self, programs: list[Program], run_dir: Path, log_dir: Path, on_change: Callable[[str, State, str], None]
    ) -> None:
        self._slots = [_Slot(program) for program in programs]
        self._run_dir, self._log_dir, self._on_change = run_dir, log_dir, on_change
        self._stopping = self._keep_calls = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        for folder in (run_dir, log_dir):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, on_ready: Callable[[], None]) -> None:
        """Starts everything, calls ``on_ready`` once when all is ready, returns after a clean stop.

        SIGINT, SIGTERM and SIGHUP stop all; SIGUSR1 leaves the programs that outlive us.  Main thread only.
        """
        before = {number: signal.signal(number, self._on_signal) for number in (*_STOP_SIGNALS, KEEP_CALLS)}
        signal.set_wakeup_fd(self._wake_write)
        told = False
        try:
            self._clear_leftovers()
            while not self._stopping:
                self._step(time.monotonic())
                if not told and all(slot.state == "ready" for slot in self._slots):
                    told = True
                    on_ready()
                self._wait(time.monotonic())
        finally:
            self._stop_all()
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._keep_calls = number == KEEP_CALLS

    def _clear_leftovers(self) -> None:
        """After a kill -9 of an earlier supervisor its programs are on their way out; wait until they are gone."""
        for slot in self._slots:
            left = pid_file.read(self._pid_path(slot))
            if left is None or slot.program.outlives_us:
                continue
            slot.identity, slot.handle = left, os.pidfd_open(left.pid)
            self._stop(slot)

    def _wait(self, now: float) -> None:
        """Sleeps until a program ends, a signal comes or the next probe or restart is due."""
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        due = now + _PROBE_READY
        for slot in self._slots:
            if slot.identity is not None:
                poll.register(slot.handle, select.POLLIN)
            due = min(due, slot.next_start if slot.identity is None else slot.next_probe)
        poll.poll(max(0.0, due - now) * 1000)

    def _step(self, now: float) -> None:
        for slot in self._slots:
            if slot.identity is not None and not slot.identity.alive:
                self._ended(slot, now)
            if slot.identity is None and now >= slot.next_start:
                self._start(slot, now)
            if slot.identity is not None and now >= slot.next_probe:
                self._probe(slot, now)

    def _start(self, slot: _Slot, now: float) -> None:
        program = slot.program
        slot.identity = pid_file.read(self._pid_path(slot)) if program.outlives_us else None
        slot.adopted = slot.identity is not None
        if slot.identity is None:
            _keep_log_small(self._log_dir / f"{program.name}.log")
            with (self._log_dir / f"{program.name}.log").open("ab") as log:
                slot.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                    program.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=program.environment,
                    start_new_session=True,
                    preexec_fn=None if program.outlives_us else _die_with_parent,
                )
            slot.identity = pid_file.identify(slot.process.pid)
        if slot.identity is None:  # gone before we could look
            self._ended(slot, now)
            return
        slot.handle = os.pidfd_open(slot.identity.pid)
        pid_file.write(self._pid_path(slot), slot.identity)
        slot.started = slot.last_good = slot.next_probe = now
        self._change(slot, "starting", "adopted" if slot.adopted else f"pid {slot.identity.pid}")

    def _probe(self, slot: _Slot, now: float) -> None:
        limit = slot.program.hung_after
        good = (slot.state == "ready" and limit is None) or slot.program.ready()
        slot.next_probe = now + (_PROBE_READY if good or slot.state == "ready" else _PROBE_STARTING)
        if good:
            slot.last_good = now
            if now - slot.started > _STEADY:
                slot.pause = _FIRST_PAUSE
            if slot.state != "ready":
                self._change(slot, "ready", f"after {now - slot.started:.1f} s")
            _keep_log_small(self._log_dir / f"{slot.program.name}.log")
        elif slot.state == "ready" and limit is not None and now - slot.last_good > limit:
            self._change(slot, "waiting", f"no answer for {limit:.0f} s")
            self._kill(slot, signal.SIGKILL)

    def _ended(self, slot: _Slot, now: float) -> None:
        status = slot.process.wait() if slot.process is not None else None
        self._forget(slot)
        slot.restarts += 1
        slot.next_start = now + slot.pause
        self._change(slot, "waiting", f"{_ending(status)}, starts again in {slot.pause:.1f} s")
        slot.pause = min(slot.pause * 2, _LONGEST_PAUSE)

    def _stop_all(self) -> None:
        """Stops in reverse order of the list, so that Asterisk, the first, hangs up last."""
        for slot in reversed(self._slots):
            if slot.identity is not None and not (self._keep_calls and slot.program.outlives_us):
                self._stop(slot)
                self._change(slot, "stopped", "")

    def _stop(self, slot: _Slot) -> None:
        self._kill(slot, signal.SIGTERM)
        if not _wait_gone(slot, slot.program.stop_seconds):
            self._kill(slot, signal.SIGKILL)
            _wait_gone(slot, slot.program.stop_seconds)
        self._kill(slot, signal.SIGKILL)  # helpers it left behind, for example an encoder
        self._forget(slot)

    def _kill(self, slot: _Slot, number: signal.Signals) -> None:
        """Signals the program; SIGKILL goes to its whole process group (its session is its own)."""
        if slot.identity is None:
            return
        try:
            if number == signal.SIGKILL and not slot.adopted:
                os.killpg(slot.identity.pid, number)
            elif slot.identity.alive:
                signal.pidfd_send_signal(slot.handle, number)
        except ProcessLookupError:
            return

    def _forget(self, slot: _Slot) -> None:
        if slot.handle >= 0:
            os.close(slot.handle)
        slot.handle, slot.identity, slot.process = -1, None, None
        self._pid_path(slot).unlink(missing_ok=True)

    def _change(self, slot: _Slot, state: State, detail: str) -> None:
        slot.state = state
        with suppress(BrokenPipeError):  # nobody listens any more: `up | tee` after Ctrl-C, which ends tee first
            self._on_change(slot.program.name, state, detail)

    def _pid_path(self, slot: _Slot) -> Path:
        return self._run_dir / f"{slot.program.name}.pid"


def _die_with_parent() -> None:
    """In the child before exec: if the supervisor is killed, the kernel stops this program too (prctl(2))."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


_LIBC = ctypes.CDLL(None)  # loaded here, because after fork only the simplest calls are safe


def _wait_gone(slot: _Slot, seconds: float) -> bool:
    if slot.process is not None:
        try:
            slot.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
    poll = select.poll()
    poll.register(slot.handle, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _keep_log_small(path: Path) -> None:
    """Moves a log's text aside once it is large; the writer appends, so it goes on at the file's new end."""
    try:
        if path.stat().st_size <= _LOG_LIMIT:
            return
    except FileNotFoundError:
        return
    path.with_suffix(".log.1").write_bytes(path.read_bytes())
    os.truncate(path, 0)


def _ending(status: int | None) -> str:
    """A return code of subprocess in words; None for a program that was not our child."""
    if status is None:
        return "ended"
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit {status}"

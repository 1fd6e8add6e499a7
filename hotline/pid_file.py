"""Which process is ours: a pid alone is not proof, because the system gives numbers out again.

A pid file therefore also keeps the moment the process started (``/proc/PID/stat`` field 22, in clock ticks since
boot, see proc(5)); the two together name one process for ever.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessId:
    """One process, now and later."""

    pid: int
    start_ticks: int

    @property
    def alive(self) -> bool:
        """Still the same process, and not only waiting to be reaped."""
        return start_ticks(self.pid) == self.start_ticks


def start_ticks(pid: int) -> int | None:
    """When the process started, or None when there is none (a zombie counts as none)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name before the bracket may hold anything
    return None if fields[0] in "ZX" else int(fields[19])


def identify(pid: int) -> ProcessId | None:
    """The identity of a running process."""
    ticks = start_ticks(pid)
    return None if ticks is None else ProcessId(pid, ticks)


def write(path: Path, process: ProcessId) -> None:
    """Leaves the identity for later readers; complete or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"pid": process.pid, "start_ticks": process.start_ticks}), "utf-8")
    fresh.replace(path)


def read(path: Path) -> ProcessId | None:
    """The process of a pid file if it still runs, else None."""
    try:
        values = json.loads(path.read_text("utf-8"))
        process = ProcessId(int(values["pid"]), int(values["start_ticks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return process if process.alive else None


def memory_bytes(pid: int) -> int | None:
    """Resident memory of a process (proc(5), ``statm`` second field)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")

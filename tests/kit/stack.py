"""The whole system for tests: ``hotline up --demo`` in a home of its own, on ports of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotline.settings import Settings
from tests.kit.parties import Parties

_STOP_SECONDS = 60


def ports_at(offset: int) -> dict[str, int]:
    """Every port setting, moved, so that several switches fit into one namespace."""
    names = [name for name in Settings.model_fields if name.endswith("_port")]
    return {name: Settings.model_fields[name].default + offset for name in (*names, "rtp_start", "rtp_end")}


class Stack(Parties):
    """Asterisk, IVR, desk and worker with the demo city.  ``ready`` is what ``hotline up`` printed at the end."""

    def __init__(self, settings: Settings, environment: dict[str, str], ready: dict[str, Any]) -> None:
        super().__init__(settings)
        self.environment = environment
        self.ready = ready

    @property
    def url(self) -> str:
        """The desk's address."""
        return f"http://{self.settings.desk_host}:{self.settings.desk_port}"

    def password_of(self, username: str) -> str:
        """A demo person's password."""
        return next(str(login["password"]) for login in self.ready["logins"] if login["username"] == username)

    def log(self, program: str) -> str:
        """The end of one program's log, for a failing test's message."""
        path = self.settings.log_dir / f"{program}.log"
        return path.read_text("utf-8", "replace")[-4000:] if path.exists() else ""


@contextmanager
def running_stack(offset: int = 4000, **variables: str) -> Iterator[Stack]:
    """Starts everything and stops it at the end; ``variables`` are more settings, as ``HOTLINE_…``."""
    home = Path(tempfile.mkdtemp(prefix="hs-"))
    ports = ports_at(offset)
    environment = dict(os.environ) | {f"HOTLINE_{name.upper()}": str(port) for name, port in ports.items()}
    environment |= {"HOTLINE_HOME": str(home), **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline", "up", "--demo", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=(home / "up.stderr").open("w"),
        text=True,
    )
    try:
        yield Stack(Settings(home=home, demo=True, **ports), environment, _ready(process, home))  # type: ignore[arg-type]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=_STOP_SECONDS)
        shutil.rmtree(home, ignore_errors=True)


def _ready(process: subprocess.Popen[str], home: Path) -> dict[str, Any]:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(json.loads(line))
        if said[-1].get("event") == "ready":
            ready: dict[str, Any] = said[-1]
            return ready
    raise AssertionError(f"hotline up ended early: {said} {(home / 'up.stderr').read_text()}")

"""The four programs of one machine: how each is started and how one sees that it is ready."""

from __future__ import annotations

import http.client
import os
import sys
import time
from functools import partial
from pathlib import Path

from hotline import switch, worker
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings
from hotline.supervisor import Program

_PATIENCE = 0.5  # seconds for one probe
NAMES = ("asterisk", "ivr", "desk", "worker")


_HUNG_AFTER = {"ivr": 10.0}
"""A citizen in the middle of the menu hears silence while it hangs; the others are waited for longer."""


def run_dir(settings: Settings) -> Path:
    """Pid files, locks and signs of life; nothing here matters after a reboot."""
    return settings.home / "run"


def sign_of_life(settings: Settings) -> Path:
    """Touched by a living worker."""
    return run_dir(settings) / "worker.alive"


def is_ready(name: str, settings: Settings) -> bool:
    """Whether a program does its work now, whoever started it."""
    if name == "asterisk":
        return switch.is_ready(settings.ami_port, SecretsFile(settings.home).get("ami"), _PATIENCE)
    if name == "ivr":
        return _is_healthy("127.0.0.1", settings.ivr_metrics_port)
    if name == "desk":
        return _is_healthy(reachable(settings.desk_host), settings.desk_port)
    return worker.alive(sign_of_life(settings), time.time())


def our_programs(settings: Settings, asterisk: list[str]) -> list[Program]:
    """All four, Asterisk first; ``asterisk`` is its command line, in the foreground."""
    environment = dict(os.environ) | {
        "HOTLINE_HOME": str(settings.home),
        "HOTLINE_DEMO": str(settings.demo).lower(),
        "PYTHONUNBUFFERED": "1",
    }

    switch = Program(
        "asterisk",
        asterisk,
        partial(is_ready, "asterisk", settings),
        environment,
        outlives_us=True,
        hung_after=None,  # calls live in it: a silent AMI is no reason to hang up on anybody
    )
    ours = [
        Program(
            name,
            [sys.executable, "-m", "hotline", name],
            partial(is_ready, name, settings),
            environment,
            hung_after=_HUNG_AFTER.get(name, 30.0),
        )
        for name in NAMES[1:]
    ]
    return [switch, *ours]


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """The address under which this machine itself reaches a listening host."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound

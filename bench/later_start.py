"""From ``hotline up`` to the first call accepted, in a home that has been started before.

Started and stopped several times; each time a SIP caller tries until it is answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.kit.alone import go_alone
from bench.kit.calls import say
from hotline.settings import Settings
from tests.kit.parties import Parties
from tests.kit.stack import ports_at

MUST = 10.0


def _up(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "hotline", "up", "--demo", "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("event") == "ready":
            return
    raise RuntimeError("hotline up ended before it was ready")


async def _call(settings: Settings) -> None:
    async with Parties(settings).citizen() as citizen:
        await citizen.call("12345")
        await citizen.wait_state("CONFIRMED")


def _start_once(settings: Settings, environment: dict[str, str]) -> float:
    """Seconds from the command to an answered call."""
    began = time.monotonic()
    process = _up(environment)
    try:
        _until_ready(process)
        asyncio.run(_call(settings))
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--starts", type=int, default=5)
    given = options.parse_args()
    go_alone()
    home = Path(tempfile.mkdtemp(prefix="hl-start-"))
    ports = ports_at(4000)
    environment = dict(os.environ) | {f"HOTLINE_{name.upper()}": str(port) for name, port in ports.items()}
    environment |= {"HOTLINE_HOME": str(home)}
    settings = Settings(home=home, demo=True, **ports)  # type: ignore[arg-type]
    try:
        first = _start_once(settings, environment)
        say(f"  first start {first:.1f} s")
        later = []
        for number in range(given.starts):
            later.append(_start_once(settings, environment))
            say(f"  start {number + 2}: {later[-1]:.1f} s")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    worst = round(max(later), 2)
    detail = {"first": round(first, 2), "later": [round(one, 2) for one in later]}
    told = {"name": "later_start", "value": worst, "unit": "s, the slowest", "must": MUST, "ok": worst <= MUST}
    print(json.dumps(told | {"detail": detail}))


if __name__ == "__main__":
    main()

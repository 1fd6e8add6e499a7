"""The IVR as the process it is in production, with a copy of the demo city that a test may change."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hotline import resources


def free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


class Ivr:
    """``hotline ivr`` with its own city folder; in ``home`` when a switch is there, else in a home of its own."""

    def __init__(self, folder: Path, home: Path | None = None, port: int | None = None) -> None:
        self.city = folder / "city"
        shutil.copytree(resources.cities() / "demo", self.city)
        self.port, self.metrics_port = port or free_port(), free_port()
        self.environment = os.environ | {
            "HOTLINE_HOME": str(home or folder / "home"),
            "HOTLINE_CITY_DIR": str(self.city),
            "HOTLINE_FASTAGI_PORT": str(self.port),
            "HOTLINE_IVR_METRICS_PORT": str(self.metrics_port),
        }
        self.log = folder / "log"

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hotline", "ivr", *arguments],
            env=self.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            process = subprocess.Popen([sys.executable, "-m", "hotline", "ivr"], env=self.environment, stderr=log)
        end = time.monotonic() + 30
        while True:
            try:
                self.page("healthz")
            except OSError:
                assert process.poll() is None, self.log.read_text()
                assert time.monotonic() < end
                threading.Event().wait(0.05)
            else:
                return process

    @contextmanager
    def running(self) -> Iterator[None]:
        """Until the end of the block."""
        process = self.start()
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)

    def edit(self, *changes: tuple[str, str]) -> None:
        """Replaces text in ivr.toml; each old text must stand there once."""
        path = self.city / "ivr.toml"
        text = path.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, "utf-8")

    def page(self, name: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/{name}", timeout=5) as answer:
            text: str = answer.read().decode()
            return text

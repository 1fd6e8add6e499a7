"""A private Asterisk for tests, with a home of its own; none of our other processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hotline import resources, switch
from hotline.settings import Settings
from tests.kit.parties import Parties


def in_namespace() -> bool:
    """Whether ``tests/kit/netns.sh`` started us, so that no packet can leave."""
    return os.environ.get("HOTLINE_TEST_NAMESPACE") == os.readlink("/proc/self/ns/net")


class TestSwitch(Parties):
    """One Asterisk.  ``settings`` are those that our own processes would be started with."""

    __test__ = False

    def __init__(self, home: Path, **changes: object) -> None:
        super().__init__(Settings(home=home, demo=True, **changes))  # type: ignore[arg-type]
        self.conf = resources.asterisk_conf()
        self.installation = switch.ensure_asterisk(switch.needed_modules(self.conf), _say)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pjsip_dir(self) -> Path:
        return self.settings.asterisk_dir / "etc" / "pjsip.d"

    def prepare(self) -> None:
        """Writes the configuration."""
        prompts = resources.city_dir(self.settings) / "prompts"
        switch.render(self.settings, self.conf, self.secrets.get("ami"), self.installation, prompts)

    def start(self) -> None:
        self.process = switch.start(
            self.installation, self.settings.asterisk_dir, self.settings.ami_port, self.secrets.get("ami")
        )

    def stop(self) -> None:
        if self.process is not None:
            switch.stop(self.installation, self.settings.asterisk_dir)
            self.process.wait(10)

    def cli(self, command: str) -> str:
        return switch.cli(self.installation, self.settings.asterisk_dir, command)

    def add_agent(self, extension: str = "8101", kind: switch.PhoneKind = "phone") -> None:
        """Writes the extension's file; effective at the next start or reload."""
        password = self.secrets.get(f"sip.{extension}")
        switch.add_phone(self.pjsip_dir, switch.Phone(extension, kind, f"坐席 {extension}", password))


@contextmanager
def running_switch(agents: Sequence[str] = (), **changes: object) -> Iterator[TestSwitch]:
    """A started Asterisk in a new home with these agents' SIP phones, stopped and deleted at the end."""
    # The control socket's path must be short, so not pytest's long temporary folder.
    home = Path(tempfile.mkdtemp(prefix="hl-"))
    made = TestSwitch(home, **changes)
    try:
        made.prepare()
        for extension in agents:
            made.add_agent(extension)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def fake_ivr(port: int, mode: str) -> Iterator[subprocess.Popen[bytes]]:
    """A stand-in IVR process (:mod:`tests.kit.fake_ivr`), killed at the end."""
    process = subprocess.Popen([sys.executable, "-m", "tests.kit.fake_ivr", str(port), mode], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
        process.stdout.close()


def _say(line: str) -> None:
    print(line, file=sys.stderr)

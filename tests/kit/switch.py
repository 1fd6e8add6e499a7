"""A private Asterisk for tests, with a home of its own, and the parties of its calls."""

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
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings
from hotline.sip_phone import Heard, PhoneConfig, SipPhone, read_growing_wav
from tests.kit.ami_tap import AmiTap
from tests.kit.tones import tone_file
from tests.kit.waiting import until


def in_namespace() -> bool:
    """Whether ``tests/kit/netns.sh`` started us, so that no packet can leave."""
    return os.environ.get("HOTLINE_TEST_NAMESPACE") == os.readlink("/proc/self/ns/net")


class TestSwitch:
    """One running Asterisk.  ``settings`` are those that our own processes would be started with."""

    __test__ = False

    def __init__(self, home: Path, **changes: object) -> None:
        self.settings = Settings(home=home, demo=True, **changes)  # type: ignore[arg-type]
        self.conf = resources.asterisk_conf()
        self.secrets = SecretsFile(home)
        self.installation = switch.ensure_asterisk(switch.needed_modules(self.conf), _say)
        self.voices = home / "voices"
        self.voices.mkdir(parents=True)
        self.process: subprocess.Popen[bytes] | None = None
        self._ports = iter(range(40100, 49000, 2))

    @property
    def server(self) -> str:
        """Where phones find it."""
        return f"{self.settings.bind_address}:{self.settings.sip_port}"

    @property
    def pjsip_dir(self) -> Path:
        return self.settings.asterisk_dir / "etc" / "pjsip.d"

    def prepare(self) -> None:
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

    def ami(self) -> AmiTap:
        return AmiTap(self.settings.ami_port, self.secrets.get("ami"))

    # ---------------------------------------------------------------- parties; each is to be entered with "async with"

    def citizen(self, number: str = "13900000001", who: str = "citizen") -> SipPhone:
        """A caller from the carrier's address."""
        return SipPhone(
            PhoneConfig(number, self.server, address="127.0.0.2", port=next(self._ports), play=self._voice(who))
        )

    def called_citizen(self) -> SipPhone:
        """Whoever the carrier connects us with: its exchange, which answers."""
        address, _, port = self.settings.trunk_contact.partition(":")
        return SipPhone(
            PhoneConfig("citizen", self.server, address=address, port=int(port), play=self._voice("citizen"))
        )

    def agent(self, extension: str = "8101", *, auto_answer: float | None = 0.2) -> SipPhone:
        """An agent's SIP phone; its extension has to exist (:meth:`add_agent`)."""
        password = self.secrets.get(f"sip.{extension}")
        return SipPhone(
            PhoneConfig(extension, self.server, password=password, play=self._voice("agent"), auto_answer=auto_answer)
        )

    def unit(self, *, auto_answer: float | None = 0.2) -> SipPhone:
        """The exchange of the handling units."""
        port = int(self.settings.units_contact.partition(":")[2])
        return SipPhone(
            PhoneConfig(
                "unit", self.server, address="127.0.0.3", port=port, play=self._voice("unit"), auto_answer=auto_answer
            )
        )

    def add_agent(self, extension: str = "8101", kind: switch.PhoneKind = "phone") -> None:
        """Writes the extension's file; effective at the next start or reload."""
        password = self.secrets.get(f"sip.{extension}")
        switch.add_phone(self.pjsip_dir, switch.Phone(extension, kind, f"坐席 {extension}", password))

    async def recorded(self, contact_id: str) -> tuple[Heard, Heard]:
        """What the citizen said and what the citizen heard, once Asterisk has closed both files."""
        files = self.recordings_of(contact_id)
        await until(lambda: not self._open(files), "finished recordings")
        return read_growing_wav(files[0]), read_growing_wav(files[1])

    def recordings_of(self, contact_id: str) -> list[Path]:
        """The two files of a call, the citizen's voice first; both exist from the answer on."""
        files = [self.settings.recording_spool / f"{contact_id}-{leg}.wav" for leg in ("rx", "tx")]
        assert all(file.exists() for file in files), files
        return files

    def _open(self, files: Sequence[Path]) -> bool:
        """Whether Asterisk still has one of the files open."""
        pid = switch.running_pid(self.settings.asterisk_dir)
        targets = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
        return any(str(file) in targets for file in files)

    def _voice(self, who: str) -> str:
        return tone_file(self.voices, who)


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

"""The parties of a test call, each with a voice of its own pitch, and what a call leaves behind."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hotline import switch
from hotline.secrets_file import SecretsFile
from hotline.settings import Settings
from hotline.sip_phone import Heard, PhoneConfig, SipPhone, read_growing_wav
from tests.kit.ami_tap import AmiTap
from tests.kit.tones import tone_file
from tests.kit.waiting import until


class Parties:
    """Phones around one running switch; each is to be entered with ``async with``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.secrets = SecretsFile(settings.home)
        self._sip_ports = iter(range(40100, 49000, 2))

    @property
    def server(self) -> str:
        """Where phones find the switch."""
        return f"{self.settings.bind_address}:{self.settings.sip_port}"

    def ami(self) -> AmiTap:
        return AmiTap(self.settings.ami_port, self.secrets.get("ami"))

    def citizen(self, number: str = "13900000001", who: str = "citizen") -> SipPhone:
        """A caller from the carrier's address."""
        return SipPhone(
            PhoneConfig(number, self.server, address="127.0.0.2", port=next(self._sip_ports), play=self.voice(who))
        )

    def called_citizen(self, who: str = "citizen") -> SipPhone:
        """Whoever the carrier connects us with: its exchange, which answers."""
        address, _, port = self.settings.trunk_contact.partition(":")
        return SipPhone(PhoneConfig("citizen", self.server, address=address, port=int(port), play=self.voice(who)))

    def agent(self, extension: str = "8101", *, auto_answer: float | None = 0.2, who: str = "agent") -> SipPhone:
        """An agent's SIP phone; its extension has to exist."""
        password = self.secrets.get(f"sip.{extension}")
        return SipPhone(
            PhoneConfig(extension, self.server, password=password, play=self.voice(who), auto_answer=auto_answer)
        )

    def unit(self, *, auto_answer: float | None = 0.2) -> SipPhone:
        """The exchange of the handling units."""
        address, _, port = self.settings.units_contact.partition(":")
        return SipPhone(
            PhoneConfig(
                "unit", self.server, address=address, port=int(port), play=self.voice("unit"), auto_answer=auto_answer
            )
        )

    def voice(self, who: str, rate: int = 8000) -> str:
        """A WAV with that party's pitch."""
        folder = self.settings.home / "voices"
        folder.mkdir(parents=True, exist_ok=True)
        return tone_file(folder, who, rate=rate)

    async def recorded(self, contact_id: str) -> tuple[Heard, Heard]:
        """What the citizen said and what the citizen heard, once Asterisk has closed both files."""
        files = self.recordings_of(contact_id)
        await until(lambda: not self._open(files), "finished recordings")
        return read_growing_wav(files[0]), read_growing_wav(files[1])

    def recordings_of(self, contact_id: str) -> list[Path]:
        """The two files of a call in the spool, the citizen's voice first; both exist from the answer on."""
        files = [self.settings.recording_spool / f"{contact_id}-{leg}.wav" for leg in ("rx", "tx")]
        assert all(file.exists() for file in files), files
        return files

    def _open(self, files: Sequence[Path]) -> bool:
        """Whether Asterisk still has one of the files open."""
        pid = switch.running_pid(self.settings.asterisk_dir)
        targets = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
        return any(str(file) in targets for file in files)

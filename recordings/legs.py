"""One recording as samples: which spool file is which leg, and what is odd about them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from recordings.audio import same_rate
from recordings.measure import alarms, measure, waveform
from recordings.wav import Audio, Samples, read_audio


class NoAudio(Exception):
    """The files hold no sample at all: the call ended before anything was recorded."""


@dataclass(frozen=True, slots=True)
class Take:
    """What was recorded: the citizen's leg and, for a call, the other side's."""

    samples: list[Samples]
    """[citizen, others], or one leg for voicemail and for a call of which only a mix is left."""
    rate: int
    alarms: list[str]
    written_at: datetime
    """Last write to the spool: the end of the recording."""

    @property
    def seconds(self) -> float:
        return max(len(leg) for leg in self.samples) / self.rate

    def write_waveform(self, path: Path) -> None:
        """Writes the peaks of each leg as JSON."""
        named = dict(zip(("citizen", "other"), self.samples, strict=False))
        with path.open("w") as file:
            file.write(json.dumps(waveform(named, self.rate), separators=(",", ":")))
            file.flush()
            os.fsync(file.fileno())


def read_take(files: dict[str, Path], expected_seconds: float | None) -> Take:
    """Reads spool files by role (``rx``, ``tx``, ``mix``; ``take1``…, ``voice``).

    Raises NoAudio, UnsupportedAudio, OSError.
    """
    heard = {role: read_audio(path) for role, path in files.items()}
    written_at = datetime.fromtimestamp(max(path.stat().st_mtime for path in files.values()), UTC)
    legs, found = _legs(heard)
    rate = max(leg.rate for leg in legs)
    samples = [same_rate(leg.samples, leg.rate, rate) for leg in legs]
    measures = [measure(leg, rate) for leg in samples]
    found += alarms(measures[0], measures[1] if len(measures) > 1 else None, expected_seconds)
    if any(audio.repaired for audio in heard.values()):
        found.append("header_repaired")
    return Take(samples, rate, found, written_at)


def _legs(heard: dict[str, Audio]) -> tuple[list[Audio], list[str]]:
    """Citizen and other side; a leg that is not there is silence as long as the other one."""
    takes = [audio for role, audio in heard.items() if role == "voice" or role.startswith("take")]
    if takes:
        return [_message(takes)], []
    rx, tx, mix = (_with_sound(heard.get(role)) for role in ("rx", "tx", "mix"))
    there = rx or tx
    if there is None:
        if mix is None:
            raise NoAudio
        return [mix], ["only_mix"]
    silence = Audio(np.zeros(0, dtype=np.int16), there.rate, repaired=False)
    missing = {"leg_missing_citizen": rx, "leg_missing_other": tx}
    return [rx or silence, tx or silence], [code for code, leg in missing.items() if leg is None]


def _with_sound(leg: Audio | None) -> Audio | None:
    return leg if leg is not None and len(leg.samples) else None


def _message(takes: list[Audio]) -> Audio:
    """The take that counts: the last on which something is said, else the last with any sample.

    Who begins to record again and hangs up at once has not taken the first message back.
    """
    there = [take for take in takes if len(take.samples)]
    if not there:
        raise NoAudio
    said = [take for take in there if not measure(take.samples, take.rate).dead]
    return (said or there)[-1]

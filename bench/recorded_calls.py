"""200 recorded calls at once, each with sound all the time: none lost, none short, no second missing.

Every citizen speaks a steady tone while waiting in the queue.  Afterwards each second of every stored recording is
searched for it.  Beside it, in the same run, the same calls with nothing but Asterisk's own MixMonitor (one mixed
file, no worker) tell what two legs, checking, joining, storing, encrypting and hashing cost on top.

Listening copies are made in quieter hours and are no part of that ratio.  What one costs is told by the first few, and
the detail gives the ratio that would come of making each copy at once (``with_listening_copies``).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import select

from bench.kit import cpu
from bench.kit.alone import go_alone
from hotline import database, migrations, recording_room
from recordings.listening import read_legs
from recordings.tables import Recording, StoredFile
from tests.kit.switch import TestSwitch, running_switch

MUST = 1.3
HERTZ = 910
COPIES = 40
"""So many listening copies tell what one costs."""
COPIES_SECONDS = 60.0
"""Not longer than this, however few were made."""
SCENARIO = Path(__file__).parent / "kit" / "queue_caller.xml"

PLAIN = """
[bench-plain]
exten => _X.,1,Set(__CONTACT_ID=${UUID()})
 same => n,MSet(__CITY=demo,__HL_LANG=zh,__HL_QUEUE=citizens,__HL_PRIORITY=0,__HL_MENU_PATH=,__HL_CALLER_CLASS=normal)
 same => n,Answer()
 same => n,MixMonitor(@FOLDER@/${CONTACT_ID}.wav)
 same => n,Goto(to-queue,s,1)

[from-trunk](+)
exten => 54321,1,Goto(bench-plain,${EXTEN},1)
"""


@dataclass(frozen=True)
class Load:
    """How many calls."""

    at_once: int
    calls: int
    seconds: float
    a_second: int


def scenario(folder: Path, load: Load) -> Path:
    """The caller's script and voice."""
    axis = np.arange(8000) / 8000
    tone = (8000 * np.sin(2 * np.pi * HERTZ * axis)).astype("<i2")
    raw, voice = folder / "voice.raw", folder / "voice.ulaw"
    raw.write_bytes(tone.tobytes())
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", "8000", "-ac", "1", "-i", raw, "-f", "mulaw", voice],
        check=True,
    )
    script = folder / "queue_caller.xml"
    text = SCENARIO.read_text().replace("@VOICE@", str(voice)).replace("@LENGTH@", str(int(load.seconds * 1000)))
    script.write_text(text)
    return script


def place(switch: TestSwitch, script: Path, number: str, load: Load) -> None:
    """All calls of one kind; returns when the switch is idle again."""
    options = f"-i 127.0.0.2 -p 5070 -mi 127.0.0.2 -mp 6100 -m {load.calls}"
    options += (
        f" -r {load.a_second} -l {load.at_once} -timeout {int(60 + load.calls / load.a_second + 3 * load.seconds)}"
    )
    done = subprocess.run(
        ["sipp", switch.server, "-sf", script, "-s", number, *options.split(), "-nostdin"],
        cwd=switch.settings.home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"SIPp: {done.returncode} {done.stderr[-1000:]}")
    end = time.monotonic() + 60
    while not switch.cli("core show channels count").startswith("0 active channels"):
        if time.monotonic() > end:
            raise SystemExit("calls do not end")
        time.sleep(0.2)


@contextmanager
def worker(home: Path, *steps: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bench.kit.recording_worker", str(home), *steps],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()  # started; what that cost is no part of a call
    try:
        yield process
    finally:
        process.communicate()


def spent(pid: int) -> float:
    """CPU seconds of a process and of the children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / cpu._TICK


class Store:
    """What the database says while the calls go on."""

    def __init__(self, switch: TestSwitch) -> None:
        self.config = recording_room.store_config(switch.settings)
        engine = database.build_engine(switch.settings.sqlalchemy_url)
        migrations.upgrade(engine)
        self.sessions = database.sessions(database.read_only(engine))

    def ready(self) -> list[Recording]:
        with self.sessions() as session:
            return list(session.scalars(select(Recording).where(Recording.state == "ready", Recording.spool_dropped)))

    def others(self) -> list[tuple[str, str | None, int, int]]:
        """State, problem, part and attempts of what is not stored."""
        with self.sessions() as session:
            rows = session.scalars(select(Recording).where(Recording.state != "ready")).all()
        return [(row.state, row.problem, row.part, row.attempts) for row in rows]

    def copies(self) -> int:
        """How many listening copies there are."""
        made = (Recording.listening == "ready", Recording.state == "ready")
        with self.sessions() as session:
            return len(session.scalars(select(Recording.recording_id).where(*made)).all())

    def gaps(self, row: Recording) -> int:
        """Seconds of the citizen's leg, but the first and the last, in which the tone is not heard throughout."""
        with self.sessions() as session:
            file = session.get_one(StoredFile, (row.recording_id, "original"))
        (citizen, *_), rate = read_legs(self.config.store, file, self.config.work)
        tenth = rate // 10
        usable = citizen[rate : (len(citizen) // rate - 1) * rate].astype(float)
        frames = usable[: len(usable) // tenth * tenth].reshape(-1, tenth)
        wave = np.exp(-2j * np.pi * HERTZ * np.arange(tenth) / rate)
        heard = np.abs(frames @ wave) / tenth * 2
        weak = heard < 4000
        return len({at // 10 for at in np.flatnonzero(weak)})


def make_copies(home: Path, store: Store, wanted: int) -> tuple[int, float]:
    """Makes about so many listening copies, or those that the time allows: how many, and their CPU seconds."""
    with worker(home, "recordings.listening") as process:
        started, began = spent(process.pid), time.monotonic()
        while (made := store.copies()) < wanted and time.monotonic() < began + COPIES_SECONDS:
            print(f"{made} of {wanted} listening copies", file=sys.stderr, flush=True)
            time.sleep(1)
        return made, spent(process.pid) - started


def measure(load: Load) -> dict[str, object]:
    with running_switch() as switch, tempfile.TemporaryDirectory(prefix="hl-plain-") as plain:
        home = switch.settings.home
        local = switch.settings.asterisk_dir / "etc" / "local" / "extensions.conf"
        local.write_text(PLAIN.replace("@FOLDER@", plain))
        switch.cli("dialplan reload")
        script = scenario(home, load)
        store = Store(switch)
        assert switch.process is not None
        asterisk = switch.process.pid

        lasts = load.calls / load.a_second + load.seconds
        print(f"MixMonitor alone, about {lasts:.0f} s", file=sys.stderr)
        before = cpu.seconds(asterisk)
        place(switch, script, "54321", load)
        alone = cpu.seconds(asterisk) - before
        plain_files = len(list(Path(plain).iterdir()))

        print(f"recorded and stored, about {lasts:.0f} s", file=sys.stderr)
        with worker(home, "recordings.finalise", "recordings.sweep") as process:
            started = spent(process.pid)
            before = cpu.seconds(asterisk)
            place(switch, script, "12345", load)
            ours = cpu.seconds(asterisk) - before
            ended = time.monotonic()
            while (stored := len(store.ready())) < load.calls and time.monotonic() < ended + 120:
                print(f"{stored} of {load.calls} stored", file=sys.stderr)
                time.sleep(1)
            behind = time.monotonic() - ended
            finalising = spent(process.pid) - started
        rows = store.ready()
        if len(rows) != load.calls:
            print(store.others(), file=sys.stderr)
        copies, copying = make_copies(home, store, min(COPIES, len(rows)))

        gaps = []
        for number, row in enumerate(rows):
            if number % 50 == 0:
                print(f"{number} of {len(rows)} searched", file=sys.stderr)
            gaps.append(store.gaps(row))
        short = [row.seconds for row in rows if (row.seconds or 0) < load.seconds - 0.5]
        left = [path for path in switch.settings.recording_spool.iterdir() if path.suffix == ".wav"]
        if shutil.disk_usage(home).free < 1e9:
            print("little disk left", file=sys.stderr)
    ratio = (ours + finalising) / alone
    lost = load.calls - len(rows)
    return {
        "name": "recorded_calls",
        "value": round(ratio, 2),
        "unit": "times the CPU of the same calls with MixMonitor alone",
        "must": f"<= {MUST}, no recording lost or short, no second missing",
        "ok": ratio <= MUST and not lost and not short and not any(gaps) and not left and plain_files == load.calls,
        "detail": {
            "calls": load.calls,
            "at_once": load.at_once,
            "seconds_each": load.seconds,
            "lost": lost,
            "short": len(short),
            "seconds_missing": sum(gaps),
            "left_in_spool": len(left),
            "listening_copies_timed": copies,
            "seconds_until_the_last_was_stored": round(behind, 1),
            "with_listening_copies": round(ratio + copying / copies * load.calls / alone, 2) if copies else None,
            "cpu_ms_per_call": {
                "asterisk, MixMonitor alone": round(1000 * alone / load.calls, 1),
                "asterisk, two legs": round(1000 * ours / load.calls, 1),
                "finaliser": round(1000 * finalising / load.calls, 1),
                "listening copy, later": round(1000 * copying / copies, 1) if copies else None,
            },
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=40.0, help="length of a call")
    wanted = parser.parse_args()
    go_alone()
    if shutil.which("sipp") is None:
        raise SystemExit("SIPp is missing: apt-get install sip-tester")
    a_second = max(1, round(wanted.at_once / wanted.seconds * 1.2))
    print(json.dumps(measure(Load(wanted.at_once, wanted.calls, wanted.seconds, a_second))))


if __name__ == "__main__":
    main()

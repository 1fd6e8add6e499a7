"""What a menu call costs more because our process decides instead of the dialplan.

CPU seconds a call of Asterisk and of the IVR process together, divided by Asterisk's for the same call led by plain
dialplan: the same answer, recording, announcements, two keys, variables and queue.  SIPp places the calls, a batch of
the one kind and a batch of the other in turns, on the same Asterisk.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import tomlkit

from bench.kit import cpu
from bench.kit.alone import go_alone
from hotline import resources
from tests.kit.switch import TestSwitch, running_switch

MUST = 1.6
BATCHES, CALLS_A_BATCH, CALLS_A_SECOND = 8, 125, 15  # of each kind
SCENARIO = Path(__file__).parent / "kit" / "menu_caller.xml"

# Seconds of each announcement, so that the caller's keys come while the menus are spoken.
PROMPTS = {
    "greeting": 1.0,
    "recording-notice": 0.5,
    "emergency": 0.5,
    "menu": 2.0,
    "menu-complaint": 1.5,
    "please-wait": 0.5,
}

# The twin of contexts citizen and ivr, with the menu in the dialplan as one would write it there.
PLAIN = """
[bench-plain]
exten => _X.,1,Set(__CONTACT_ID=${UUID()})
 same => n,MSet(__CITY=demo,__HL_LANG=zh,__HL_QUEUE=citizens,__HL_PRIORITY=0,__HL_MENU_PATH=,__HL_CALLER_CLASS=normal)
 same => n,Set(CHANNEL(accountcode)=${CONTACT_ID})
 same => n,Set(CHANNEL(language)=${HL_LANG})
 same => n,Answer()
 same => n,MixMonitor(,r(@SPOOL@/${CONTACT_ID}-rx.wav)t(@SPOOL@/${CONTACT_ID}-tx.wav))
 same => n,Read(KEY,city/zh/greeting&city/zh/recording-notice&city/zh/emergency&city/zh/menu,1,,1,4)
 same => n,GotoIf($["${KEY}" != "2"]?queue)
 same => n,Read(KEY,city/zh/menu-complaint,1,,1,4)
 same => n,GotoIf($["${KEY}" != "1"]?queue)
 same => n,MSet(__HL_QUEUE=priority,__HL_PRIORITY=0,__HL_MENU_PATH=2>1,__HL_CALLER_CLASS=normal,__HL_LANG=zh)
 same => n(queue),Playback(city/zh/please-wait)
 same => n,Goto(to-queue,s,1)

[from-trunk](+)
exten => 54321,1,Goto(bench-plain,${EXTEN},1)
"""


def city(folder: Path) -> None:
    """The demo city with its menu switched on, tones for its prompts, and a queue that only the right keys reach."""
    shutil.copytree(resources.cities() / "demo", folder)
    menu = tomlkit.parse((folder / "ivr.toml").read_text("utf-8"))
    menu["menu"]["enabled"] = True  # type: ignore[index]
    complaint = next(option for option in menu["menu"]["options"] if option["key"] == "2")  # type: ignore[index,union-attr]
    next(option for option in complaint["options"] if option["key"] == "1")["queue"] = "priority"
    (folder / "ivr.toml").write_text(tomlkit.dumps(menu), "utf-8")
    (folder / "prompts" / "zh").mkdir(exist_ok=True)
    for name, seconds in PROMPTS.items():
        for ending, rate in (("wav", 8000), ("wav16", 16000)):
            time_axis = np.arange(int(seconds * rate)) / rate
            with wave.open(str(folder / "prompts" / "zh" / f"{name}.{ending}"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(rate)
                file.writeframes((4000 * np.sin(2 * np.pi * 500 * time_axis)).astype("<i2").tobytes())


@contextmanager
def ivr_process(switch: TestSwitch, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real IVR process for that city, listening."""
    environment = {**os.environ, "HOTLINE_HOME": str(switch.settings.home), "HOTLINE_CITY_DIR": str(folder)}
    log = (switch.settings.home / "ivr.log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", "hotline", "ivr"], env=environment, stdout=log, stderr=log)
    while True:
        if process.poll() is not None:
            raise SystemExit((switch.settings.home / "ivr.log").read_text())
        try:
            socket.create_connection(("127.0.0.1", switch.settings.ivr_metrics_port)).close()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def place(switch: TestSwitch, number: str, calls: int) -> None:
    """A batch of calls; returns when all are over and Asterisk is idle again."""
    options = f"-i 127.0.0.2 -p 5070 -mi 127.0.0.2 -mp 6100 -rtp_echo -m {calls} -r {CALLS_A_SECOND} -l 150"
    done = subprocess.run(
        ["sipp", switch.server, "-sf", SCENARIO, "-s", number, *options.split(), "-nostdin", "-timeout", "60"],
        cwd=switch.settings.home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"SIPp: {done.returncode} {done.stderr[-2000:]}")
    end = time.monotonic() + 20
    while not switch.cli("core show channels count").startswith("0 active channels"):
        if time.monotonic() > end:
            raise SystemExit("calls do not end")
        time.sleep(0.2)


def reached(switch: TestSwitch) -> int:
    """How many callers came into the queue that only the right keys reach."""
    return (switch.settings.asterisk_dir / "log" / "queue_log").read_text().count("|priority|NONE|ENTERQUEUE|")


def main() -> None:
    go_alone()
    if shutil.which("sipp") is None:
        raise SystemExit("SIPp is missing: apt-get install sip-tester")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hl-bench-"))) / "city"
        city(folder)
        switch = stack.enter_context(running_switch(city_dir=folder))
        local = PLAIN.replace("@SPOOL@", str(switch.settings.recording_spool))
        (switch.settings.asterisk_dir / "etc" / "local" / "extensions.conf").write_text(local)
        switch.cli("dialplan reload")
        ivr = stack.enter_context(ivr_process(switch, folder))
        print(json.dumps(measure(switch, ivr.pid)))


def measure(switch: TestSwitch, ivr: int) -> dict[str, object]:
    assert switch.process is not None
    processes = {"asterisk": switch.process.pid, "ivr": ivr}
    used = {kind: dict.fromkeys(processes, 0.0) for kind in ("fastagi", "dialplan")}
    ratios = []
    for number in ("12345", "54321"):
        place(switch, number, 10)  # warm
    if reached(switch) != 20:
        raise SystemExit("the callers' keys did not lead where they should")
    for batch in range(1, BATCHES + 1):
        cost = {}
        for kind, number in (("fastagi", "12345"), ("dialplan", "54321")):
            before = {name: cpu.seconds(pid) for name, pid in processes.items()}
            place(switch, number, CALLS_A_BATCH)
            spent = {name: cpu.seconds(pid) - before[name] for name, pid in processes.items()}
            for name in processes:
                used[kind][name] += spent[name]
            cost[kind] = spent["asterisk"] + (spent["ivr"] if kind == "fastagi" else 0.0)
        ratios.append(round(cost["fastagi"] / cost["dialplan"], 2))
        print(f"batch {batch} of {BATCHES}: ratio {ratios[-1]}", file=sys.stderr)
        for recording in switch.settings.recording_spool.iterdir():
            recording.unlink()
    calls = BATCHES * CALLS_A_BATCH
    if reached(switch) != 20 + 2 * calls:
        raise SystemExit(f"only {reached(switch) - 20} of {2 * calls} callers reached the queue")
    per_call = {kind: {name: round(1000 * s / calls, 2) for name, s in parts.items()} for kind, parts in used.items()}
    ratio = (used["fastagi"]["asterisk"] + used["fastagi"]["ivr"]) / used["dialplan"]["asterisk"]
    return {
        "name": "ivr_cost",
        "value": round(ratio, 2),
        "unit": "times the CPU of the same call in plain dialplan",
        "must": f"<= {MUST:g}",
        "ok": ratio <= MUST,
        "detail": {
            "cpu_ms_per_call": per_call,
            "ratio_by_batch": ratios,
            "calls_of_each_kind": calls,
            "calls_per_second": CALLS_A_SECOND,
            "seconds_of_announcements": sum(PROMPTS.values()),
        },
    }


if __name__ == "__main__":
    main()

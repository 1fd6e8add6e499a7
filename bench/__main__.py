"""Runs the benches one after the other and writes ``bench/RESULTS.md``.

``python -m bench`` runs all, ``python -m bench NAME…`` some; the newest result of each is kept in
``bench/results.json``.  Exit status 1 when a number is not what it must be.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "results.json", HERE / "RESULTS.md"

_HEAD = """# Numbers

Written by `make bench`. Each line is one file of this folder, run alone: `.venv/bin/python -m bench.NAME`. Ratios are
measured side by side in one run.

| bench | value | must be | | when |
| --- | --- | --- | --- | --- |
"""


def names() -> list[str]:
    """Every bench of this folder: the files that can be run as a program."""
    return sorted(path.stem for path in HERE.glob("[a-z]*.py") if "__main__" in path.read_text("utf-8"))


def run(name: str) -> dict[str, Any] | None:
    """The result of one bench, or None when it failed to give one; its progress goes to our stderr."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE.parent,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    try:
        result: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError):
        print(f"{name}: no result, exit {done.returncode}", file=sys.stderr)
        return None
    return result | {"seconds": round(time.monotonic() - began), "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")}


def machine() -> str:
    """What it ran on."""
    cpu = _after("/proc/cpuinfo", "model name").lstrip("\t: ")
    memory = int(_after("/proc/meminfo", "MemTotal:").split()[0])
    system = _after("/etc/os-release", "PRETTY_NAME=").strip('"')
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cpu}, {cores} cores, {memory / 1048576:.0f} GB; {system}, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def page(results: dict[str, dict[str, Any]], where: str) -> str:
    """``RESULTS.md``."""
    ordered = sorted(results.items())
    rows = "".join(_row(name, one) for name, one in ordered)
    details = "".join(
        f"\n## {name}\n\n{one['seconds']} s\n\n```json\n{_json(one['detail'])}\n```\n" for name, one in ordered
    )
    return f"{_HEAD}{rows}\nMachine: {where}.\n{details}"


def _row(name: str, one: dict[str, Any]) -> str:
    value = f"{_number(one['value'])} {one['unit']}"
    return f"| `{name}` | {value} | {one['must']} | {'✓' if one['ok'] else '✗'} | {one['at']} |\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _number(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:,.0f}"


def _after(path: str, start: str) -> str:
    """The rest of the first line of a file that starts so."""
    lines = Path(path).read_text("utf-8").splitlines()
    return next((line.removeprefix(start).strip() for line in lines if line.startswith(start)), "0")


def main(wanted: list[str]) -> int:
    """Runs, writes, tells; the exit status."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    results: dict[str, dict[str, Any]] = {name: one for name, one in kept.items() if name in names()}
    bad = []
    for name in wanted or names():
        print(f"── {name}", file=sys.stderr)
        result = run(name)
        if result is None or not result["ok"]:
            bad.append(name)
        if result is not None:
            results[name] = result
            print(json.dumps(result, ensure_ascii=False))
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
        PAGE.write_text(page(results, machine()), "utf-8")
    if bad:
        print(f"not as they must be: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="hlb-") as keep:
        os.environ.setdefault("BENCH_KEEP", keep)  # databases full of tickets are filled once for all of them
        status = main(sys.argv[1:])
    sys.exit(status)

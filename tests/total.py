"""Adds up what several pytest runs left as JUnit XML: ``python -m tests.total FILE…``; status 1 unless all passed."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def total(files: list[Path]) -> tuple[str, bool]:
    """One line in pytest's manner, and whether everything passed, each run's report included."""
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    seconds = 0.0
    for file in filter(Path.exists, files):
        for suite in ET.parse(file).getroot().iter("testsuite"):
            seconds += float(suite.get("time", 0))
            for name in counts:
                counts[name] += int(suite.get(name, 0))
    bad = counts["failures"] + counts["errors"]
    passed = counts["tests"] - bad - counts["skipped"]
    words = {"passed": passed, "failed": counts["failures"], "errors": counts["errors"], "skipped": counts["skipped"]}
    said = ", ".join(f"{count} {word}" for word, count in words.items() if count)
    lost = "".join(f", no report {file}" for file in files if not file.exists())
    return f"{said or 'nothing run'} in {seconds:.0f}s{lost}", bad == 0 and passed > 0 and not lost


if __name__ == "__main__":
    line, good = total([Path(name) for name in sys.argv[1:]])
    print(f" {line} ".center(100, "="))
    sys.exit(0 if good else 1)

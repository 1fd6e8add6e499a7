"""A supervisor in a process of its own, for ``test_supervisor.py``: programs come as JSON in argv[2]."""

import json
import os
import sys
from pathlib import Path

from hotline.supervisor import Program, Supervisor


def main() -> None:
    folder = Path(sys.argv[1])
    programs = [
        Program(
            name=spec["name"],
            command=["/bin/sh", "-c", spec["shell"]],
            ready=(folder / spec.get("ready", "")).exists,
            environment=dict(os.environ),
            outlives_us=spec.get("outlives_us", False),
            hung_after=spec.get("hung_after"),
            stop_seconds=spec.get("stop_seconds", 5.0),
        )
        for spec in json.loads(sys.argv[2])
    ]

    def say(*words: str) -> None:
        print(json.dumps(words), flush=True)

    Supervisor(programs, folder / "run", folder / "log", say).run(lambda: say("all", "ready", ""))
    say("all", "stopped", "")


if __name__ == "__main__":
    main()

"""Some jobs of a worker in a process of its own: ``python -m bench.kit.recording_worker HOME JOB…``.

Stops at the end of its standard input.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from hotline.settings import Settings
from hotline.worker import Worker
from hotline.worker_jobs import jobs


def main(home: Path, names: set[str]) -> None:
    worker = Worker([job for job in jobs(Settings(home=home)) if job.name in names])
    thread = threading.Thread(target=worker.run, args=(home / "run" / "bench-worker",))
    thread.start()
    print("ready", flush=True)
    sys.stdin.read()
    worker.stop()
    thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))

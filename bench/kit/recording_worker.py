"""The recordings' steps of a worker in a process of its own: ``python -m bench.kit.recording_worker HOME STEP…``.

Stops at the end of its standard input.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from hotline import database, recording_room
from hotline.settings import Settings
from hotline.worker import Job, Worker
from recordings import recording_steps


def main(home: Path, names: set[str]) -> None:
    settings = Settings(home=home)
    sessions = database.sessions(database.build_engine(settings.sqlalchemy_url))
    hearing = recording_room.hearing(settings, lambda _session: 0)
    steps = recording_steps(sessions, recording_room.store_config(settings), lambda: datetime.now(UTC), hearing)
    worker = Worker([Job(step.name, step.run, step.every) for step in steps if step.name in names])
    thread = threading.Thread(target=worker.run, args=(home / "run" / "bench-worker",))
    thread.start()
    print("ready", flush=True)
    sys.stdin.read()
    worker.stop()
    thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))

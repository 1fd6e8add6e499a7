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
from recordings import recording_steps


def main(home: Path, names: set[str]) -> None:
    settings = Settings(home=home)
    sessions = database.sessions(database.build_engine(settings.sqlalchemy_url))
    over = threading.Event()
    hearing = recording_room.hearing(settings, lambda _session: 0)
    steps = recording_steps(sessions, recording_room.store_config(settings), lambda: datetime.now(UTC), hearing)
    print("ready", flush=True)
    for step in steps:
        if step.name in names:

            def work(run=step.run, pause=step.every) -> None:  # type: ignore[no-untyped-def]
                while not over.is_set():
                    if not run():
                        over.wait(pause)

            threading.Thread(target=work, name=step.name).start()
    sys.stdin.read()
    over.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))

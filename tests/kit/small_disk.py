"""Run inside ``unshare -rm``: recordings on a tiny disk that fills up, goes read-only and recovers.

Prints one JSON object: what the row said in each phase.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from recordings import enqueue, get_recording, process_next
from tests.kit.recordings import contact, lay_call, make_config, make_database, now, stored_files, tone, wav_bytes

_SIZE = 20_000_768  # bytes of the disk, whole pages
_ROOM = 65_536  # bytes that are free at first


def main(folder: Path, full: str) -> None:
    config = make_config(folder)
    small = folder / full
    small.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(small)], check=True)
    ballast = small / ".ballast"
    ballast.write_bytes(bytes(_SIZE - _ROOM))
    db = make_database(f"sqlite:///{folder / 'rec.sqlite'}")
    one = contact()
    lay_call(config, one, wav_bytes(tone(400, 20)), wav_bytes(tone(900, 20)))
    with db.begin() as session:
        recording = enqueue(session, one, "call", now())
    said: dict[str, object] = {}

    def phase(name: str, days: int) -> None:
        process_next(db, config, lambda: now() + timedelta(days=days))
        with db() as session:
            view = get_recording(session, recording)
        assert view is not None
        said[name] = [view.state, view.problem, len(list(config.spool.iterdir()))]

    phase("full", 0)
    left = [path for path in small.rglob("*") if path.is_file() and path != ballast]
    said["left behind"] = len(left)
    # An ordinary user may change the mount point (bind), not the file system behind it.
    subprocess.run(["mount", "-o", "remount,bind,ro", str(small)], check=True)
    phase("read-only", 1)
    subprocess.run(["mount", "-o", "remount,bind,rw", str(small)], check=True)
    ballast.unlink()
    phase("mended", 2)
    said["stored"] = len(stored_files(config))
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

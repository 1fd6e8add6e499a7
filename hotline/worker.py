"""``hotline worker``: the work that no call waits for, each kind in a thread of its own.

A job is a step that does one piece of work and says whether more is waiting.  Work is claimed in the database, so any
number of workers may run, and one that dies leaves its piece to the others.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hotline.logs import told_safely

_BEAT = 2.0  # seconds between two signs of life
_LONGEST_PAUSE = 60.0  # seconds after repeated failures
_GOODBYE = 8.0  # seconds for the pieces in hand; what is not done by then another worker claims again

log = logging.getLogger("hotline.worker")


@dataclass(frozen=True)
class Job:
    """``step`` does one piece and returns True if more may be waiting; else it is asked again after ``pause`` s."""

    name: str
    step: Callable[[], bool]
    pause: float


class Worker:
    """Runs jobs until stopped.  ``failures`` counts, per job, the steps that raised."""

    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._stop = threading.Event()
        self.failures = {job.name: 0 for job in jobs}

    def stop(self) -> None:
        """Asks all jobs to end after the piece in hand."""
        self._stop.set()

    def run(self, sign_of_life: Path) -> bool:
        """Works until :meth:`stop`; touches ``sign_of_life`` every 2 s.  True when every job ended in time."""
        threads = [threading.Thread(target=self._work, args=(job,), name=job.name, daemon=True) for job in self._jobs]
        for thread in threads:
            thread.start()
        sign_of_life.parent.mkdir(parents=True, exist_ok=True)
        while True:
            sign_of_life.touch()
            if self._stop.wait(_BEAT):
                break
        sign_of_life.unlink(missing_ok=True)
        deadline = time.monotonic() + _GOODBYE
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _work(self, job: Job) -> None:
        in_a_row = 0
        while not self._stop.is_set():
            try:
                more = job.step()
                in_a_row = 0
            except Exception as error:  # noqa: BLE001 - one bad row must not end the work: logged, counted, tried again
                in_a_row += 1
                self.failures[job.name] += 1
                log.error("job %s failed, %d times in a row: %s", job.name, in_a_row, told_safely(error))
                more = False
            if not more:
                self._stop.wait(min(job.pause * 2**in_a_row, _LONGEST_PAUSE) if in_a_row else job.pause)


def run_until_signalled(jobs: list[Job], sign_of_life: Path) -> None:
    """The process's main: SIGINT or SIGTERM end it."""
    worker = Worker(jobs)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: worker.stop())
    log.info("worker started with %d jobs", len(jobs))
    if not worker.run(sign_of_life):
        log.warning("ending with work in hand; another worker will claim it again")
        logging.shutdown()
        os._exit(0)  # a transcription cannot be interrupted from Python


def alive(sign_of_life: Path, now: float) -> bool:
    """Whether a worker of this home gave its sign within the last 10 s (``now``: seconds since the epoch)."""
    try:
        return now - sign_of_life.stat().st_mtime < 5 * _BEAT
    except FileNotFoundError:
        return False

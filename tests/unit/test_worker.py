"""Jobs: repeated while there is work, failing without ending the others."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from hotline.worker import Job, Worker, alive

pytestmark = pytest.mark.unit


def run(worker: Worker, life: Path, until: threading.Event) -> None:
    thread = threading.Thread(target=worker.run, args=(life,))
    thread.start()
    assert until.wait(20)
    worker.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_a_step_is_repeated_at_once_while_it_says_that_more_waits(tmp_path: Path) -> None:
    pieces, done = list(range(5)), threading.Event()

    def step() -> bool:
        pieces.pop()
        if not pieces:
            done.set()
        return bool(pieces)

    run(Worker([Job("pieces", step, pause=600)]), tmp_path / "alive", done)
    assert pieces == []


def test_a_failing_job_is_counted_and_tried_again_and_stops_nobody(tmp_path: Path) -> None:
    good, third = threading.Event(), threading.Event()
    tries: list[int] = []

    def bad() -> bool:
        tries.append(1)
        if len(tries) == 3 and good.is_set():
            third.set()
        raise ValueError("a bad row")

    def fine() -> bool:
        good.set()
        return False

    worker = Worker([Job("bad", bad, pause=0.001), Job("fine", fine, pause=600)])
    run(worker, tmp_path / "alive", third)
    assert worker.failures["bad"] >= 3
    assert worker.failures["fine"] == 0


def test_the_sign_of_life_exists_only_while_the_worker_lives(tmp_path: Path) -> None:
    life, seen = tmp_path / "run" / "alive", threading.Event()

    def step() -> bool:
        if life.exists():
            seen.set()
        return False

    run(Worker([Job("look", step, pause=0.01)]), life, seen)
    assert not alive(life, now=0)


def test_an_old_sign_of_life_is_no_life(tmp_path: Path) -> None:
    life = tmp_path / "alive"
    life.touch()
    touched = life.stat().st_mtime
    assert alive(life, touched + 9)
    assert not alive(life, touched + 11)

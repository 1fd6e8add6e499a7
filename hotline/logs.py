"""How our processes log: one line an event to stderr, which the supervisor or systemd puts into a file.

Texts are static and carry ids, never names, numbers or words of citizens (``tests/unit/test_guards.py``).
"""

from __future__ import annotations

import logging


def configure(level: int = logging.INFO) -> None:
    """Sets up logging for the whole process; call it once, first."""
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z", force=True
    )
    for noisy in ("httpx", "panoramisk", "asyncio", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def told_safely(error: BaseException) -> str:
    """What went wrong and where, without the error's own words: they may quote a citizen's number or name."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"

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

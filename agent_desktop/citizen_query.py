"""A caller's query within the tries that are free, whichever way it comes in: page, telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session, sessionmaker

from agent_desktop.throttle import count_try, forget_tries, throttle_key

TRIES_OF_ADDRESS = 60
"""Queries from one address that cost no waiting; a family or an office shares one."""
TRIES_OF_CODE = 10
"""Queries with one code that cost no waiting, whoever asks."""

Found = TypeVar("Found")


class TooManyTries(Exception):
    """``wait`` must pass before the next one."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many tries")
        self.wait = wait


def within_tries(
    write: sessionmaker[Session], now: datetime, address: str, code: str, ask: Callable[[Session], Found]
) -> Found:
    """Counts the try, then asks.  ``address`` is a network address or a telephone number; the right answer (any but
    None) makes the code's tries forgotten.

    Raises:
        TooManyTries: nothing was asked.
    """
    of_code = throttle_key("query code", code)
    keys = {throttle_key("query address", address): TRIES_OF_ADDRESS, of_code: TRIES_OF_CODE}
    with write.begin() as session:
        wait = count_try(session, keys, now)
    if wait:
        raise TooManyTries(wait)
    with write.begin() as session:
        found = ask(session)
        if found is not None:
            forget_tries(session, of_code)
    return found

"""Twisted's reactor in a thread, started once for the whole run: a reactor cannot be started twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from twisted.internet import reactor as installed_reactor
from twisted.internet.threads import blockingCallFromThread

T = TypeVar("T")

reactor: Any = installed_reactor


def in_reactor(call: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Calls on the reactor's thread and waits for the result."""
    if not reactor.running:
        started = threading.Event()
        reactor.callWhenRunning(started.set)
        threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True).start()
        assert started.wait(10)
    result: T = blockingCallFromThread(reactor, call, *arguments, **named)
    return result


@contextmanager
def listening(factory: Any) -> Iterator[int]:
    """The port on which ``factory`` listens until the end of the block."""
    port = in_reactor(reactor.listenTCP, 0, factory, backlog=512, interface="127.0.0.1")
    try:
        yield port.getHost().port
    finally:
        in_reactor(port.stopListening)

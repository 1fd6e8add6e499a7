"""The FastAGI server on a port of its own, and what tests of it ask again and again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from prometheus_client import REGISTRY

from ivr.fastagi import FastAgiConfig, FastAgiFactory
from ivr.flows.inbound import Call, inbound
from ivr.hours import OfficeHours
from ivr.menu import Menu
from ivr.verbs import Flow
from tests.kit.agi_caller import headers
from tests.kit.reactor import in_reactor, listening, reactor
from tests.unit.test_ivr_flows import SATURDAY_NIGHT, with_menu

HEAD = "".join(f"{line}\n" for line in headers()).encode()


@dataclass
class Numbers:
    """A look-up source; ``wait`` holds every answer back until it is set."""

    default: str = "normal"
    answer: str = "normal"
    error: type[BaseException] | None = None
    wait: threading.Event | None = None
    asked: list[str] = field(default_factory=list)

    def __call__(self, argument: str) -> str:
        self.asked.append(argument)
        if self.wait:
            self.wait.wait(20)
        if self.error:
            raise self.error
        return self.answer


def menu_flow(menu: Menu) -> Callable[[Any], Flow]:
    office = OfficeHours(menu.hours, menu.holidays)
    return lambda head: inbound(Call(head.get("agi_callerid", ""), SATURDAY_NIGHT), menu, office)


@pytest.fixture
def numbers() -> Numbers:
    return Numbers()


@pytest.fixture
def serve(numbers: Numbers) -> Iterator[Callable[..., int]]:
    """Starts a server with a flow and limits; returns its port."""
    with ExitStack() as stack:

        def start(new_flow: Callable[[Any], Flow] | None = None, **limits: Any) -> int:
            factory = FastAgiFactory(
                new_flow or menu_flow(with_menu()),
                {"caller_class": numbers},
                lambda prompt: f"city/zh/{prompt}",
                reactor,
                FastAgiConfig(**limits),
            )
            stack.callback(lambda: wait_until(lambda: in_reactor(lambda: factory.sessions) == 0))
            return stack.enter_context(listening(factory))

        yield start


def wait_until(condition: Callable[[], bool], seconds: float = 25.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        threading.Event().wait(0.005)


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def closed_by_peer(line: socket.socket) -> bool:
    """Whether the server ends the connection within five seconds, whatever it says before."""
    line.settimeout(25)
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True

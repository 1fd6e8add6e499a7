"""The FastAGI server when there is too much: calls, time, a flow that fails, a look-up that hangs."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from ivr.verbs import Flow, Lookup, Play, SetVariables
from tests.kit.agi_caller import AgiCaller
from tests.kit.agi_server import HEAD, Numbers, closed_by_peer, count, numbers, serve, wait_until

__all__ = ["numbers", "serve"]

pytestmark = pytest.mark.wire


def test_a_call_too_many_is_closed_at_once_and_served_again_later(serve: Callable[..., int]) -> None:
    before = count("hotline_ivr_connections_rejected_total", reason="full")
    port = serve(most_sessions=2)
    with (
        closing(socket.create_connection(("127.0.0.1", port))) as first,
        closing(socket.create_connection(("127.0.0.1", port))) as second,
    ):
        for line in (first, second):
            line.sendall(HEAD + b"\n")
            assert line.recv(100).startswith(b"SET VARIABLE")
        began = time.monotonic()
        third = AgiCaller().dial(port, [])
        assert third.commands == []
        assert time.monotonic() - began < 1
        assert count("hotline_ivr_connections_rejected_total", reason="full") == before + 1
        first.close()
        wait_until(lambda: bool(AgiCaller().dial(port).commands))


def test_a_session_ends_at_its_time_limit(serve: Callable[..., int]) -> None:
    before = count("hotline_ivr_sessions_total", end="time_limit")
    port = serve(session_seconds=0.2)
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(HEAD + b"\n")
        assert line.recv(100) == b'SET VARIABLE "TIMEOUT(absolute)" "3"\n'
        assert closed_by_peer(line)
    wait_until(lambda: count("hotline_ivr_sessions_total", end="time_limit") == before + 1)


def test_a_flow_that_fails_is_counted_and_the_next_call_served(
    serve: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_head: Any) -> Flow:
        yield Play(("hello",))
        raise RuntimeError("138")

    before = count("hotline_ivr_sessions_total", end="error")
    port = serve(broken)
    for _ in range(2):
        assert AgiCaller().dial(port).names() == ["STREAM FILE"]
    wait_until(lambda: count("hotline_ivr_sessions_total", end="error") == before + 2)
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 2
    assert "RuntimeError at" in errors[0]
    assert "test_ivr_limits.py" in errors[0]


def test_many_calls_at_once(serve: Callable[..., int]) -> None:
    port = serve()
    calls = [AgiCaller(keys=["", "", "", "1"] if number % 2 else ["9"]) for number in range(40)]
    threads = [threading.Thread(target=call.dial, args=(port,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [call.variables.get("__HL_MENU_PATH") for call in calls] == ["emergency", "1"] * 20


# ── look-ups ─────────────────────────────────────────────────────────────────────────────────────────────────────


def lookup_flow(_head: Any) -> Flow:
    found = yield Lookup("caller_class", "1")
    yield SetVariables((("HL_CALLER_CLASS", str(found)),))


def test_a_look_up_answers(serve: Callable[..., int], numbers: Numbers) -> None:
    numbers.answer = "priority"
    assert AgiCaller().dial(serve(lookup_flow)).variables["HL_CALLER_CLASS"] == "priority"


@pytest.mark.parametrize("trouble", ["fails", "hangs", "is no text"])
def test_a_look_up_in_trouble_answers_with_its_default(
    serve: Callable[..., int], numbers: Numbers, trouble: str
) -> None:
    before = count("hotline_ivr_lookups_failed_total", source="caller_class")
    numbers.error = OSError if trouble == "fails" else None
    numbers.wait = threading.Event() if trouble == "hangs" else None
    numbers.answer = None if trouble == "is no text" else "blocked"  # type: ignore[assignment]
    port = serve(lookup_flow, lookup_seconds=0.1)
    try:
        assert AgiCaller().dial(port).variables["HL_CALLER_CLASS"] == "normal"
    finally:
        if numbers.wait:
            numbers.wait.set()
    assert count("hotline_ivr_lookups_failed_total", source="caller_class") == before + 1


def test_a_hang_up_during_a_look_up(serve: Callable[..., int], numbers: Numbers) -> None:
    numbers.wait = threading.Event()
    before = count("hotline_ivr_sessions_total", end="hung_up")
    port = serve(lookup_flow, lookup_seconds=10)
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(HEAD + b"\n")
        assert line.recv(100).startswith(b"SET VARIABLE")
        line.sendall(b"200 result=1\n")
        wait_until(lambda: bool(numbers.asked))
    numbers.wait.set()
    wait_until(lambda: count("hotline_ivr_sessions_total", end="hung_up") == before + 1)

"""The FastAGI server on a real socket: whole calls, hang-ups, refusals, hostile names, garbage."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest

from ivr.verbs import Flow, GetData, Play, SetVariables
from tests.kit.agi_caller import CONTACT, AgiCaller, headers
from tests.kit.agi_server import HEAD, Numbers, closed_by_peer, count, numbers, serve, wait_until

__all__ = ["numbers", "serve"]

pytestmark = pytest.mark.wire


# ── whole calls ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_through_the_menu(serve: Callable[..., int], numbers: Numbers) -> None:
    call = AgiCaller(keys=["", "", "", "2", "1"]).dial(serve())
    assert call.names() == [
        "STREAM FILE", "STREAM FILE", "STREAM FILE", "GET DATA", "GET DATA", "STREAM FILE", "EXEC",
    ]  # fmt: skip
    assert call.played == ["hello", "recorded", "emergency", "menu", "menu-complaint", "please-wait"]
    assert call.variables == {
        "TIMEOUT(absolute)": "32",
        "__HL_QUEUE": "consumers",
        "__HL_PRIORITY": "1",
        "__HL_MENU_PATH": "2>1",
        "__HL_CALLER_CLASS": "normal",
        "__HL_LANG": "zh",
        "__HL_SURVEY": "",
        "HL_NEXT": "queue",
    }
    assert numbers.asked == ["13800138000"]


def test_a_key_during_the_greeting(serve: Callable[..., int]) -> None:
    call = AgiCaller(keys=["9"]).dial(serve())
    assert call.played == ["hello"]
    assert call.variables["__HL_MENU_PATH"] == "emergency"


def test_absent_sounds_are_passed_over_and_keys_still_count(serve: Callable[..., int]) -> None:
    before = count("hotline_ivr_commands_failed_total", verb="GetData")
    call = AgiCaller(keys=["", "1"], absent={"hello", "recorded", "menu", "please-wait"}).dial(serve())
    assert call.played == ["emergency"]
    assert call.variables["__HL_MENU_PATH"] == "1"
    assert count("hotline_ivr_commands_failed_total", verb="GetData") == before + 1


@pytest.mark.parametrize("command", range(12))
def test_a_hang_up_during_every_command(serve: Callable[..., int], command: int) -> None:
    before = count("hotline_ivr_sessions_total", end="hung_up")
    call = AgiCaller(keys=["", "", "", "2", "1"], hang_up_at=command).dial(serve())
    assert len(call.commands) <= command + 2  # the one asked and CHANNEL STATUS
    assert "__HL_QUEUE" not in call.variables
    wait_until(lambda: count("hotline_ivr_sessions_total", end="hung_up") == before + 1)


def test_a_connection_cut_in_the_middle(serve: Callable[..., int]) -> None:
    before = count("hotline_ivr_sessions_total", end="hung_up")
    with closing(socket.create_connection(("127.0.0.1", serve()))) as line:
        line.sendall(HEAD + b"\n")
        assert line.recv(100).startswith(b"SET VARIABLE")
    wait_until(lambda: count("hotline_ivr_sessions_total", end="hung_up") == before + 1)


@pytest.mark.parametrize(
    "answer",
    [
        ["510 Invalid or unknown command"],
        ["520-Invalid command syntax.  Proper usage follows:", "Usage: EXEC", "520 End of proper usage."],
        ["200 result=-2"],
    ],
)
def test_refused_commands_do_not_end_the_call(serve: Callable[..., int], answer: list[str]) -> None:
    call = AgiCaller(answers={"STREAM FILE": answer, "GET DATA": answer}, keys=["3"]).dial(serve())
    assert call.names()[-1] == "EXEC"
    assert call.variables["__HL_MENU_PATH"] == "3"


def test_refused_variables_leave_the_dialplans_defaults(
    serve: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    call = AgiCaller(answers={"EXEC": ["510 Invalid or unknown command"]}).dial(serve())
    assert call.names()[-1] == "EXEC"
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [
        "Asterisk refused the variables; the dialplan's defaults stand"
    ]


def test_answers_in_pieces_and_together(serve: Callable[..., int]) -> None:
    """A slow network cuts lines anywhere; a hang-up line comes in one piece with an answer."""

    def flow(_head: Any) -> Flow:
        keys = yield GetData(("enter",), 3, 4)
        yield Play((f"word-{keys.digits}",))  # type: ignore[union-attr]
        yield SetVariables((("HL_NEXT", "queue"),))

    with closing(socket.create_connection(("127.0.0.1", serve(flow)))) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (HEAD[:7], HEAD[7:90], HEAD[90:], b"\n"):
            line.sendall(piece)
        stream = line.makefile("rb")
        for _ in range(2):  # the limit of the session's beginning, and the question's own
            assert stream.readline().startswith(b"SET VARIABLE")
            line.sendall(b"200 resu")
            line.sendall(b"lt=1\r\n")
        assert stream.readline() == b'GET DATA "city/zh/enter" 3000 4\n'
        line.sendall(b"HANGUP\n200 result=47")
        line.sendall(b"11\n")
        assert stream.readline() == b""  # hung up: nothing more is asked


# ── hostile text ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        'Li" \\',
        'x"\nEXEC System "touch pwned',
        "x\n\nEXEC System id",
        "x\r\nagi_request: agi://evil",
        "a\u2028EXEC System id",
        "王\x00小\x1b[2J明",
        "x" * 3000,
        "${SHELL(id)}",
    ],
)
def test_a_callers_name_never_becomes_a_command(serve: Callable[..., int], name: str) -> None:
    """Either the connection is refused, or the usual commands are sent and nothing else."""
    port = serve()
    usual = AgiCaller(keys=["", "", "", "1"]).dial(port)
    call = AgiCaller(keys=["", "", "", "1"])
    call.dial(port, headers(calleridname=name, callerid=f"138{name}", dnid=name, arg_1=name))
    assert call.commands == usual.commands[: len(call.commands)]
    assert all(b"System" not in line and b"SHELL" not in line for line in call.lines)
    assert usual.variables["__HL_MENU_PATH"] == "1"


def test_nothing_personal_in_the_log(serve: Callable[..., int], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    AgiCaller().dial(serve(), headers(calleridname="Wang Xiaoming"))
    AgiCaller().dial(serve(lambda _head: (_ for _ in ()).throw(KeyError("13800138000"))))
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "13800138000" not in text
    assert "Xiaoming" not in text
    assert CONTACT in text


# ── garbage ──────────────────────────────────────────────────────────────────────────────────────────────────────

GARBAGE: dict[str, bytes] = {
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "an empty head": b"\n",
    "half a head": HEAD[:120] + b"\n\n",
    "an endless line": b"a" * 20_000,
    "an endless header line": b"agi_request: " + b"a" * 20_000 + b"\n",
    "endless headers": b"agi_a: b\n" * 1000,
    "bytes": bytes(range(256)) * 4 + b"\n\n",
    "a TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\n" * 3,
}


@pytest.mark.parametrize("what", GARBAGE, ids=list(GARBAGE))
def test_garbage_closes_that_connection_with_one_line_and_the_next_call_is_served(
    serve: Callable[..., int], caplog: pytest.LogCaptureFixture, what: str
) -> None:
    port = serve()
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(GARBAGE[what])
        assert closed_by_peer(line)
    warnings = [record for record in caplog.records if record.name == "ivr" and record.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert warnings[0].getMessage().startswith("connection closed")
    assert AgiCaller().dial(port).variables["HL_NEXT"] == "queue"


@pytest.mark.parametrize("start", [b"", HEAD[:50], HEAD])
def test_silence_and_half_heads_end_after_the_limit(
    serve: Callable[..., int], caplog: pytest.LogCaptureFixture, start: bytes
) -> None:
    before = count("hotline_ivr_connections_rejected_total", reason="silence")
    port = serve(header_seconds=0.2)
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(start)
        assert closed_by_peer(line)
    assert count("hotline_ivr_connections_rejected_total", reason="silence") == before + 1
    assert [record.message for record in caplog.records] == ["connection closed: no complete AGI request in time"]


def drip(line: socket.socket, until: float) -> None:
    """A sign every 20 ms; raises ConnectionError as soon as the other side has closed."""
    line.settimeout(0.02)
    while time.monotonic() < until:
        line.sendall(b"a")
        with suppress(TimeoutError):
            if not line.recv(1):
                raise ConnectionError


def test_a_head_that_drips_does_not_last_longer(serve: Callable[..., int]) -> None:
    port = serve(header_seconds=0.3)
    began = time.monotonic()
    with closing(socket.create_connection(("127.0.0.1", port))) as line, pytest.raises(ConnectionError):
        drip(line, began + 5)
    assert time.monotonic() - began < 2


def test_a_peer_that_answers_before_it_is_asked(serve: Callable[..., int]) -> None:
    before = count("hotline_ivr_connections_rejected_total", reason="unexpected")
    port = serve()
    with closing(socket.create_connection(("127.0.0.1", port))) as line:
        line.sendall(HEAD + b"\n" + b"200 result=49\n" * 10)
        assert closed_by_peer(line)
    assert count("hotline_ivr_connections_rejected_total", reason="unexpected") == before + 1
    assert AgiCaller().dial(port).variables["HL_NEXT"] == "queue"


def test_a_peer_that_goes_away_at_once(serve: Callable[..., int], caplog: pytest.LogCaptureFixture) -> None:
    port = serve()
    socket.create_connection(("127.0.0.1", port)).close()
    wait_until(lambda: bool(caplog.records))
    assert [r.message for r in caplog.records] == ["connection closed by the peer before a complete AGI request"]

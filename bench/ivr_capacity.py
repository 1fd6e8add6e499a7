"""FastAGI sessions a second with ten commands each, beside pyst2 with a thread a call, in the same run.

Both servers run the same ten commands through pyst2's methods, each in a process of its own; the simulated Asterisk
(one epoll loop, 100 calls at a time) asks them in turns.  The baseline is pyst2 as its users run it, on the standard
library's threading server, with only what it needs to work there at all: no signal handler, its debug stream off.

    .venv/bin/python -m bench.ivr_capacity
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import select
import socket
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

COMMANDS = 10
CALLS_AT_ONCE = 100
ROUNDS = 12
SECONDS_A_ROUND = 1.0
MUST = 2.0

HEADERS = (
    "".join(
        f"agi_{name}: {value}\n"
        for name, value in {
            "network": "yes",
            "network_script": "inbound",
            "request": "agi://127.0.0.1/inbound",
            "channel": "PJSIP/trunk-00000001",
            "language": "zh",
            "type": "PJSIP",
            "uniqueid": "hotline-1795298171.4",
            "version": "22.10.1",
            "callerid": "13800138000",
            "calleridname": "unknown",
            "callingpres": 0,
            "callingani2": 0,
            "callington": 0,
            "callingtns": 0,
            "dnid": "12345",
            "rdnis": "unknown",
            "context": "ivr",
            "extension": "12345",
            "priority": 3,
            "enhanced": "0.0",
            "accountcode": "",
            "threadid": 139782194288320,
            "arg_1": "0f8b6f0e-3b0c-4d57-9a53-2b5f6c1f7a11",
        }.items()
    ).encode()
    + b"\n"
)

VARIABLES = (("__HL_QUEUE", "citizens"), ("__HL_PRIORITY", "0"), ("__HL_MENU_PATH", "2>1"), ("HL_NEXT", "queue"))
PROMPTS = ("greeting", "recording-notice", "please-wait")


# ── the two servers ──────────────────────────────────────────────────────────────────────────────────────────────


def serve_ours(port: Connection) -> None:
    """The FastAGI server as it is.  It sets a time limit at first and again for each prompt."""
    from twisted.internet import reactor as installed_reactor

    from ivr.fastagi import FastAgiConfig, FastAgiFactory
    from ivr.verbs import Flow, GetData, Play, SetVariables

    def flow(_headers: object) -> Flow:
        yield Play(PROMPTS, "0129")
        yield GetData(("menu",), 4.0)
        yield SetVariables(VARIABLES)

    reactor: Any = installed_reactor
    factory = FastAgiFactory(
        flow, {}, lambda prompt: f"city/zh/{prompt}", reactor, FastAgiConfig(most_sessions=CALLS_AT_ONCE * 2)
    )
    port.send(reactor.listenTCP(0, factory, backlog=512, interface="127.0.0.1").getHost().port)
    _stop_when_told(port, reactor.stop, reactor.callInThread)
    reactor.run()
    port.send(_cpu_seconds())


def serve_threads(port: Connection) -> None:
    """pyst2 in a thread a call, with the same ten commands."""
    import socketserver
    import threading

    from asterisk.agi import AGI

    class ThreadAgi(AGI):  # type: ignore[misc]
        def __init__(self, stdin: Any, stdout: Any) -> None:
            self.stdin, self.stdout, self.stderr = stdin, stdout, _Off()
            self._got_sighup = False
            self.env: dict[str, str] = {}
            self._get_agi_env()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            agi = ThreadAgi(_Text(self.rfile), _Text(self.wfile))
            agi.set_variable("TIMEOUT(absolute)", "90")
            for prompt in PROMPTS:
                agi.set_variable("TIMEOUT(absolute)", "90")
                agi.stream_file(f"city/zh/{prompt}", "0129")
            agi.set_variable("TIMEOUT(absolute)", "90")
            agi.get_data("city/zh/menu", 4000, 1)
            agi.appexec("MSet", ",".join(f"{name}={value}" for name, value in VARIABLES))

    class Server(socketserver.ThreadingTCPServer):
        request_queue_size = 512
        daemon_threads = True
        disable_nagle_algorithm = True

    with Server(("127.0.0.1", 0), Handler) as server:
        port.send(server.server_address[1])
        _stop_when_told(port, server.shutdown, lambda call: threading.Thread(target=call, daemon=True).start())
        server.serve_forever()
    port.send(_cpu_seconds())


class _Off:
    """pyst2's debug stream."""

    def write(self, text: str) -> None:
        pass


class _Text:
    """pyst2 writes text; a socket's file takes bytes."""

    def __init__(self, file: Any) -> None:
        self.readline = file.readline
        self._write = file.write
        self.flush = file.flush

    def write(self, text: str) -> None:
        self._write(text.encode())


def _stop_when_told(port: Connection, stop: Callable[[], Any], in_thread: Callable[[Callable[[], None]], Any]) -> None:
    def wait() -> None:
        port.recv()
        if stop.__name__ == "stop":
            from twisted.internet import reactor

            reactor.callFromThread(stop)  # type: ignore[attr-defined]
        else:
            stop()

    in_thread(wait)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# ── the simulated Asterisk ───────────────────────────────────────────────────────────────────────────────────────


def ask(port: int, seconds: float) -> tuple[int, float]:
    """Calls for ``seconds``, then lets the open ones finish: sessions completed, and the seconds it took."""
    poll = select.epoll()
    calls: dict[int, list[Any]] = {}  # file number → [socket, commands answered]
    finished = 0
    began = time.perf_counter()

    def call() -> None:
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(HEADERS[:413])  # in two pieces, as Asterisk 22 does
        line.sendall(HEADERS[413:])
        calls[line.fileno()] = [line, 0]
        poll.register(line.fileno(), select.EPOLLIN)

    for _ in range(CALLS_AT_ONCE):
        call()
    until = began + seconds
    while calls:
        for number, _event in poll.poll(10):
            state = calls[number]
            data = state[0].recv(4096)
            if data:
                answer = b"200 result=1\n" if data.startswith(b"GET DATA") else b"200 result=0\n"
                state[1] += 1
                state[0].sendall(answer)
                continue
            if state[1] != COMMANDS:
                raise SystemExit(f"a session ended after {state[1]} commands")
            finished += 1
            poll.unregister(number)
            state[0].close()
            del calls[number]
            if time.perf_counter() < until:
                call()
    return finished, time.perf_counter() - began


def main() -> None:
    """Short rounds in turns; the median of their ratios, so that another program's burst does not decide."""
    servers = {"ours": serve_ours, "threads": serve_threads}
    ends, processes, ports = {}, {}, {}
    for name, serve in servers.items():
        ends[name], other = multiprocessing.Pipe()
        processes[name] = multiprocessing.get_context("spawn").Process(target=serve, args=(other,), daemon=True)
        processes[name].start()
        ports[name] = ends[name].recv()
        ask(ports[name], 0.5)  # warm
    done, took = dict.fromkeys(servers, 0), dict.fromkeys(servers, 0.0)
    ratios = []
    for number in range(1, ROUNDS + 1):
        rates = {}
        for name in servers:
            sessions, seconds = ask(ports[name], SECONDS_A_ROUND)
            done[name] += sessions
            took[name] += seconds
            rates[name] = sessions / seconds
        ratios.append(rates["ours"] / rates["threads"])
        print(f"round {number}: ours {rates['ours']:.0f}/s, a thread a call {rates['threads']:.0f}/s", file=sys.stderr)
    cpu = {}
    for name in servers:
        ends[name].send("stop")
        cpu[name] = ends[name].recv()
        processes[name].join(10)
    ratio = statistics.median(ratios)
    detail = {
        "sessions_per_second": {name: round(done[name] / took[name]) for name in servers},
        "server_cpu_ms_per_session": {name: round(1000 * cpu[name] / done[name], 3) for name in servers},
        "ratio_by_round": [round(one, 2) for one in ratios],
        "sessions": done,
        "commands_per_session": COMMANDS,
        "calls_at_once": CALLS_AT_ONCE,
        "load_average": round(os.getloadavg()[0], 1),
    }
    result = {
        "name": "ivr_capacity",
        "value": round(ratio, 2),
        "unit": "times the sessions/s of pyst2 in a thread a call",
        "must": f">= {MUST:g}",
        "ok": ratio >= MUST,
        "detail": detail,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

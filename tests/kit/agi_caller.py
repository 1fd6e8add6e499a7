"""A fake Asterisk that makes one AGI call over a real socket: it reads commands and answers as 22.10 was seen to do.

Variables live in a dict, the caller's keys in a list; nothing takes time.  What each command was is kept, so a test
can say what was asked and in which order.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field

CONTACT = "0f8b6f0e-3b0c-4d57-9a53-2b5f6c1f7a11"


def headers(**changed: str) -> list[str]:
    """The lines of a session's head, as Asterisk 22.10 sends them; ``changed`` by name without ``agi_``."""
    values = {
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
        "dnid": "12345",
        "rdnis": "unknown",
        "context": "ivr",
        "extension": "12345",
        "priority": "3",
        "enhanced": "0.0",
        "accountcode": "",
        "threadid": "139782194288320",
        "arg_1": CONTACT,
    } | changed
    return [f"agi_{name}: {value}" for name, value in values.items()]


def split_arguments(line: str) -> list[str]:
    """The arguments of a command by the rules of Asterisk's res_agi: quotes group, a backslash takes what follows."""
    words: list[str] = []
    current, inside, quoted, escaped = "", False, False, False
    for sign in line:
        if escaped:
            current, inside, escaped = current + sign, True, False
        elif sign == "\\":
            escaped = True
        elif sign == '"':
            quoted, inside = not quoted, True
        elif sign in " \t" and not quoted:
            words += [current] if inside else []
            current, inside = "", False
        else:
            current, inside = current + sign, True
    return words + ([current] if inside else [])


@dataclass
class AgiCaller:
    """One call; ``dial`` runs it to its end and fills in what happened."""

    keys: list[str] = field(default_factory=list)
    """What the caller does at each chance to press: a key, ``""`` for silence, ``"#"`` alone for a bare hash."""
    absent: set[str] = field(default_factory=set)
    """Prompt ids without a file."""
    messages: list[str] = field(default_factory=list)
    """How each recording ends: ``dtmf`` (a #), ``timeout`` (silence or the length) or ``hangup``."""
    recorded: list[str] = field(default_factory=list)
    """The files that were recorded into, and those played back."""
    hang_up_at: int | None = None
    """Number of the command (from 0) during which the caller hangs up."""
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Command → lines to answer instead of the usual ones."""
    commands: list[list[str]] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    lines: list[bytes] = field(default_factory=list)
    hung_up: bool = False
    _told: bool = False

    def dial(self, port: int, head: list[str] | None = None) -> AgiCaller:
        """Connects, speaks until the other side closes."""
        with socket.create_connection(("127.0.0.1", port), 10) as line, suppress(ConnectionError):
            line.sendall("".join(f"{one}\n" for one in [*(headers() if head is None else head), ""]).encode())
            stream = line.makefile("rb")
            while raw := stream.readline():
                self.lines.append(raw)
                words = split_arguments(raw.decode().rstrip("\n"))
                self.commands.append(words)
                line.sendall("".join(f"{one}\n" for one in self._answer(words)).encode())
        return self

    def names(self) -> list[str]:
        """The commands in order, without arguments and without the limits of time that go before them."""
        return [self._name(words) for words in self.commands if "TIMEOUT(absolute)" not in words]

    @staticmethod
    def _name(words: list[str]) -> str:
        two = " ".join(words[:2]).upper()
        known = ("RECORD FILE", "STREAM FILE", "GET DATA", "CHANNEL STATUS", "SET VARIABLE", "GET VARIABLE")
        return "WAIT FOR DIGIT" if two == "WAIT FOR" else two if two in known else words[0].upper()

    def _answer(self, words: list[str]) -> list[str]:
        name = self._name(words)
        if self.hung_up:  # seen: the first command after a hang-up gets the HANGUP line too
            first = [] if self._told else ["HANGUP"]
            self._told = True
            return [*first, "511 Command Not Permitted on a dead channel or intercept routine"]
        if self.hang_up_at == len(self.commands) - 1:
            self.hung_up = True
            return ["200 result=-1 endpos=8160"] if name == "STREAM FILE" else ["200 result=-1"]
        if name in self.answers:
            return self.answers[name]
        return self._usual(name, words)

    def _usual(self, name: str, words: list[str]) -> list[str]:
        prompt = words[2].removeprefix("city/zh/") if name in ("STREAM FILE", "GET DATA") else ""
        if name == "RECORD FILE":
            self.recorded.append(words[2])
            ended_by = self.messages.pop(0) if self.messages else "timeout"
            self.hung_up = ended_by == "hangup"
            return [f"200 result={ {'dtmf': 35, 'timeout': 0}.get(ended_by, -1) } ({ended_by}) endpos=40000"]
        if prompt in self.absent:
            return ["200 result=-1 endpos=0" if name == "STREAM FILE" else "200 result=-1"]
        if prompt:
            self.played.append(prompt)
        match name:
            case "STREAM FILE":
                key = self.keys.pop(0) if words[3] and self.keys else ""
                return [f"200 result={ord(key) if key and key in words[3] else 0} endpos=16000"]
            case "GET DATA":
                key = self.keys.pop(0) if self.keys else ""
                return ["200 result=" if key == "#" else f"200 result={key}" if key else "200 result= (timeout)"]
            case "WAIT FOR DIGIT":
                key = self.keys.pop(0) if self.keys else ""
                return [f"200 result={ord(key) if key else 0}"]
            case "SET VARIABLE":
                self.variables[words[2]] = words[3]
                return ["200 result=1"]
            case "EXEC" if words[1] == "MSet":
                self.variables |= dict(pair.split("=", 1) for pair in words[2].split(","))
                return ["200 result=0"]
            case "CHANNEL STATUS":
                return ["200 result=6"]
        return ["510 Invalid or unknown command"]

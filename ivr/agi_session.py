"""The only door to pyst2: its AGI commands, made safe for a socket, a hang-up and hostile text.

pyst2 0.5.1 writes the commands and names the errors.  Mended here, each seen on Asterisk 22: its constructor takes a
signal handler (fails outside the main thread) and prints the caller's number; a hang-up comes out as ValueError or
AGIUnknownError; a cut-off 520 answer loops for ever; nothing is escaped, so a text with a quote and a line break
runs a second command; ``GET DATA`` loses whether the caller was silent or pressed ``#``; and ``-1`` means both
"the caller left" and "no such file".

The wire below is anything that reads and writes lines.  Reading may suspend the caller of a method (see
:mod:`ivr.fastagi`), nothing here knows how.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Protocol

from asterisk import agi as pyst2

from ivr.driver import ALL_KEYS, CallerHungUp, CommandFailed
from ivr.verbs import Keys, Recorded

_HEADER = re.compile(r"^(agi_[a-z0-9_]{1,40}):(.*)$", re.MULTILINE)
_CODE = re.compile(r"(\d{3})([ -]|$)(.*)")
_GET_DATA = re.compile(r"result=([0-9*#A-Da-d]*)( \(timeout\))?$")
_LINE_BREAKS = dict.fromkeys((*range(32), 127, 0x85, 0x2028, 0x2029), " ")
_MOST_USAGE_LINES = 100
SAMPLES_A_SECOND = 8000
"""Of the files that ``RECORD FILE`` writes."""
_KEYS = {key: key for key in ALL_KEYS}


class BadHeaders(ValueError):
    """What came first on the connection is not Asterisk's."""


class Wire(Protocol):
    """One connection, line by line."""

    def read_line(self) -> str | None:
        """The next line without its end, or None when the connection is closed."""

    def write(self, data: bytes) -> None:
        """Sends one command."""


def parse_headers(head: str) -> dict[str, str]:
    """The ``agi_…`` variables with which Asterisk opens a session, one a line.  The first of a name counts.

    Raises:
        BadHeaders: a line that is no such variable, or ``agi_request`` or ``agi_uniqueid`` is missing.
    """
    found = _HEADER.findall(head)
    if len(found) != head.count("\n") + 1:
        raise BadHeaders("a line that is no AGI variable")
    headers = {name: value.strip() for name, value in reversed(found)}
    if not headers.get("agi_request") or not headers.get("agi_uniqueid"):
        raise BadHeaders("no AGI request")
    return headers


class _Nowhere:
    """pyst2's debug stream, which would carry the caller's number."""

    def write(self, text: str) -> None:
        """Drops the text."""


class _CommandLine:
    """pyst2's output stream: one write is one command, or it is not sent."""

    def __init__(self, wire: Wire) -> None:
        self._send = wire.write

    def write(self, command: str) -> None:
        if command.find("\n") != len(command) - 1 or "\r" in command or "\0" in command:
            raise ValueError("not one AGI command")
        self._send(command.encode())

    def flush(self) -> None:
        """The wire does not buffer."""


class AgiSession(pyst2.AGI):  # type: ignore[misc]  # pyst2 has no types
    """One caller, as the driver's ``Session``: commands out, results in.

    Every method raises CallerHungUp when the caller or the connection is gone, CommandFailed when Asterisk refused.
    """

    def __init__(self, wire: Wire, headers: dict[str, str], sound_file: Callable[[str], str]) -> None:
        # pyst2's own __init__ is skipped on purpose: signal handler, blocking read of the headers, stderr
        self.stdout, self.stderr = _CommandLine(wire), _Nowhere()
        self.env = headers
        self._read_line = wire.read_line
        self._sound_file = sound_file
        self._got_sighup = False

    def limit(self, seconds: float) -> None:
        """The switch waits for us so long and no longer; then the call goes on without us.

        The first command of a session: it replaces the short limit that the dialplan has set.  A process that accepts
        calls but no longer works never gets here.
        """
        self.set_variable("TIMEOUT(absolute)", str(math.ceil(seconds)))

    # ── what the driver asks for ────────────────────────────────────────────────────────────────────────────────

    def play(self, prompt: str, stop_keys: str) -> str:
        try:
            return _KEYS.get(self.stream_file(self._quote(self._sound_file(prompt)), stop_keys), "")
        except pyst2.AGIError:  # an answer that is no character's number
            raise CommandFailed("STREAM FILE") from None

    def get_digits(self, prompt: str, seconds: float, max_digits: int) -> Keys:
        result = self.execute("GET DATA", self._quote(self._sound_file(prompt)), int(seconds * 1000), max_digits)
        digits, note = result["result"]
        return Keys(digits, timed_out=note == "timeout")

    def wait_for_key(self, seconds: float) -> str:
        try:
            return _KEYS.get(self.wait_for_digit(int(seconds * 1000)), "")
        except (pyst2.AGIError, OverflowError):
            raise CommandFailed("WAIT FOR DIGIT") from None

    def record(self, file: str, seconds: float, silence: float) -> Recorded:
        result = self.execute(
            "RECORD FILE", self._quote(file), "wav", '"#"', int(seconds * 1000), "BEEP", f"s={round(silence)}"
        )
        ended_by, samples = result["result"][1], result.get("endpos", ("0", ""))[0]
        heard = int(samples) / SAMPLES_A_SECOND if samples.isdigit() else 0.0
        # Asterisk leaves the last second of the silence that ended it
        return Recorded(ok=True, seconds=max(0.0, heard - 1) if ended_by != "dtmf" and heard < seconds - 1 else heard)

    def play_back(self, file: str) -> str:
        try:
            return _KEYS.get(self.stream_file(self._quote(file), ALL_KEYS), "")
        except pyst2.AGIError:
            raise CommandFailed("STREAM FILE") from None

    def set_variables(self, values: tuple[tuple[str, str], ...]) -> None:
        """All in one ``MSet``; the verb has checked names and values, so none can hold a comma or a quote."""
        self.appexec("MSet", ",".join(f"{name}={value}" for name, value in values))

    # ── what pyst2 gets wrong ───────────────────────────────────────────────────────────────────────────────────

    def execute(self, command: str, *args: object) -> dict[str, tuple[str, str]]:
        """Sends a command and waits for its result, with every failure as one of two exceptions."""
        try:
            result: dict[str, tuple[str, str]] = super().execute(command, *args)
        except pyst2.AGIHangup:
            raise CallerHungUp from None
        except pyst2.AGIAppError:
            if command == "CHANNEL STATUS":
                raise CallerHungUp from None
            self.channel_status()  # raises CallerHungUp on a dead channel: 511 after the HANGUP line
            raise CommandFailed(command) from None
        except pyst2.AGIError:
            raise CommandFailed(command) from None
        if result["result"][0] == "-2":  # EXEC: no such application
            raise CommandFailed(command)
        return result

    def _quote(self, string: object) -> str:
        text = str(string)
        if not text.isprintable():
            text = text.translate(_LINE_BREAKS)
        if '"' in text or "\\" in text:
            text = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'

    def get_result(self, stdin: object = None) -> dict[str, tuple[str, str]]:
        """One answer of Asterisk; ``HANGUP`` lines, which come between answers, are remembered."""
        line = self._read_line()
        while line == "HANGUP":
            self._got_sighup = True
            line = self._read_line()
        if line is None:
            raise pyst2.AGISIGPIPEHangup("connection closed")
        found = _CODE.match(line)
        if not found:
            raise pyst2.AGIUnknownError("no status code")
        code, dash, rest = found.groups()
        if code == "200":
            return self._success(rest)
        if code == "511":
            raise pyst2.AGIResultHangup("dead channel")
        if code == "510":
            raise pyst2.AGIInvalidCommand("unknown command")
        if code == "520":
            self._skip_usage(dash)
            raise pyst2.AGIUsageError("wrong arguments")
        raise pyst2.AGIUnknownError("unknown status code")

    @staticmethod
    def _success(rest: str) -> dict[str, tuple[str, str]]:
        if digits := _GET_DATA.fullmatch(rest):  # also every bare result=N; pyst2 loses an empty one's "(timeout)"
            result = {"result": (digits[1], "timeout" if digits[2] else "")}
        else:
            result = {key: (value, data) for key, value, data in pyst2.re_kv.findall(rest)}
            result.setdefault("result", ("", ""))
        value, data = result["result"]
        if data == "hangup":
            raise pyst2.AGIResultHangup("hung up during the command")
        if value == "-1":
            raise pyst2.AGIAppError("failed, or hung up")
        return result

    def _skip_usage(self, dash: str) -> None:
        """``520-…`` opens a usage text that ``520 …`` closes; without the dash there is none."""
        if dash != "-":
            return
        for _ in range(_MOST_USAGE_LINES):
            line = self._read_line()
            if line is None:
                break
            if line.startswith("520"):
                return
        raise pyst2.AGISIGPIPEHangup("the usage text has no end")

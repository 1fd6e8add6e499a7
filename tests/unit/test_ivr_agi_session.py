"""pyst2 behind its door: what is sent, what each answer of Asterisk means, and what hostile text cannot do."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.agi_session import AgiSession, BadHeaders, parse_headers
from ivr.driver import CallerHungUp, CommandFailed
from ivr.verbs import Keys, Recorded
from tests.kit.agi_caller import headers, split_arguments

pytestmark = pytest.mark.unit


class Wire:
    """Lines to read, commands written."""

    def __init__(self, *lines: str) -> None:
        self.lines = deque(lines)
        self.sent: list[str] = []

    def read_line(self) -> str | None:
        return self.lines.popleft() if self.lines else None

    def write(self, data: bytes) -> None:
        self.sent.append(data.decode())


def session(*lines: str) -> tuple[AgiSession, Wire]:
    wire = Wire(*lines)
    return AgiSession(wire, parse_headers("\n".join(headers())), lambda prompt: f"city/zh/{prompt}"), wire


def test_a_prompt() -> None:
    agi, wire = session("200 result=49 endpos=800")
    assert agi.play("hello", "12") == "1"
    assert wire.sent == ['STREAM FILE "city/zh/hello" "12" 0\n']


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ("200 result=", Keys("", timed_out=False)),
        ("200 result= (timeout)", Keys("", timed_out=True)),
        ("200 result=4711", Keys("4711", timed_out=False)),
        ("200 result=47 (timeout)", Keys("47", timed_out=True)),
        ("200 result=*", Keys("*", timed_out=False)),
    ],
)
def test_digits_tell_silence_from_a_bare_hash(answer: str, keys: Keys) -> None:
    agi, wire = session(answer)
    assert agi.get_digits("enter", 2.5, 4) == keys
    assert wire.sent == ['GET DATA "city/zh/enter" 2500 4\n']


def test_variables_are_one_command() -> None:
    agi, wire = session("200 result=0")
    agi.set_variables((("__HL_QUEUE", "citizens"), ("HL_NEXT", "queue")))
    assert wire.sent == ['EXEC MSet "__HL_QUEUE=citizens,HL_NEXT=queue"\n']


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ("200 result=35 (dtmf) endpos=40000", 5.0),
        ("200 result=0 (timeout) endpos=40000", 4.0),  # a second of the silence that ended it is left on it
        ("200 result=0 (timeout) endpos=480000", 60.0),  # its length was over
        ("200 result=0 (timeout) endpos=4000", 0.0),
    ],
)
def test_a_recording(answer: str, seconds: float) -> None:
    agi, wire = session(answer)
    assert agi.record("/spool/c-1", 60, 5.6) == Recorded(ok=True, seconds=seconds)
    assert wire.sent == ['RECORD FILE "/spool/c-1" wav "#" 60000 BEEP s=6\n']


def test_a_hang_up_in_a_recording_and_one_that_cannot_be_made() -> None:
    agi, _ = session("200 result=-1 (hangup) endpos=8000")
    with pytest.raises(CallerHungUp):
        agi.record("/spool/c-1", 60, 5)
    agi, _ = session("200 result=-1 (writefile) endpos=0", "200 result=6")
    with pytest.raises(CommandFailed):
        agi.record("/spool/c-1", 60, 5)


def test_the_time_limit_is_taken_over() -> None:
    agi, wire = session("200 result=1")
    agi.limit(89.2)
    assert wire.sent == ['SET VARIABLE "TIMEOUT(absolute)" "90"\n']


def test_an_absent_file_is_no_hang_up() -> None:
    agi, wire = session("200 result=-1 endpos=0", "200 result=6")
    with pytest.raises(CommandFailed):
        agi.play("hello", "")
    assert wire.sent[1] == "CHANNEL STATUS\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("200 result=-1 endpos=8160", "HANGUP", "511 Command Not Permitted on a dead channel or intercept routine"),
        ("200 result=-1", "200 result=-1"),
        ("511 Command Not Permitted on a dead channel or intercept routine",),
        ("HANGUP", "511 Command Not Permitted on a dead channel or intercept routine"),
        ("200 result=-1 (hangup) endpos=0",),
        (),
        ("HANGUP",),
        ("200 result=-1",),
    ],
)
def test_a_hang_up_is_one_exception(lines: tuple[str, ...]) -> None:
    with pytest.raises(CallerHungUp):
        session(*lines)[0].play("hello", "")
    with pytest.raises(CallerHungUp):
        session(*lines)[0].get_digits("hello", 1, 1)
    with pytest.raises(CallerHungUp):
        session(*lines)[0].wait_for_key(1)
    with pytest.raises(CallerHungUp):
        session(*lines)[0].set_variables((("HL_NEXT", "queue"),))


def test_an_answer_after_hangup_still_counts_and_the_next_command_is_not_sent() -> None:
    agi, wire = session("HANGUP", "200 result=53 endpos=1")
    assert agi.play("hello", "5") == "5"
    with pytest.raises(CallerHungUp):
        agi.play("hello", "5")
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("510 Invalid or unknown command",),
        ("520-Invalid command syntax.  Proper usage follows:", " Usage: STREAM FILE", "520 End of proper usage."),
        ("520 End of proper usage.",),
        ("", "200 result=1"),
        ("hello",),
        ("999 strange",),
        ("200 nothing",),
        ("200 result=x",),
        (f"200 result={10**30}",),
        ("200 result=-2",),
    ],
)
def test_every_refusal_is_one_exception(lines: tuple[str, ...]) -> None:
    with pytest.raises(CommandFailed):
        session(*lines)[0].play("hello", "")


def test_a_cut_off_usage_text_does_not_loop() -> None:
    with pytest.raises(CallerHungUp):
        session("520-Invalid command syntax.  Proper usage follows:", " Usage:")[0].play("hello", "")
    with pytest.raises(CallerHungUp):
        session("520-Invalid", *["endless"] * 1000)[0].play("hello", "")


def test_an_unknown_application_is_refused() -> None:
    with pytest.raises(CommandFailed):
        session("200 result=-2")[0].set_variables((("HL_NEXT", "queue"),))


def test_the_answer_after_a_refusal_belongs_to_the_next_command() -> None:
    agi, _ = session("520-Invalid", "usage", "520 End of proper usage.", "200 result=50 endpos=1")
    with pytest.raises(CommandFailed):
        agi.play("hello", "2")
    assert agi.play("hello", "2") == "2"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_ever_becomes_a_second_command(text: str) -> None:
    """Whatever a value is, Asterisk reads one command whose last argument is that text, control signs as spaces."""
    agi, wire = session("200 result=1")
    agi.set_variable("NOTE", text)
    (line,) = wire.sent
    assert line.count("\n") == 1
    seen = "".join(" " if sign < " " or sign in "\x7f\x85\u2028\u2029" else sign for sign in text)
    assert split_arguments(line.removesuffix("\n")) == ["SET", "VARIABLE", "NOTE", seen]


@pytest.mark.parametrize("text", ['x"\nEXEC System "id', "\\", '\\"', "a\r\nHANGUP", "\x00", "a\u2028b", "城\n市"])
def test_known_attacks(text: str) -> None:
    agi, wire = session("200 result=1")
    agi.set_variable("NOTE", text)
    assert wire.sent[0].count("\n") == 1
    assert split_arguments(wire.sent[0].removesuffix("\n"))[:3] == ["SET", "VARIABLE", "NOTE"]


@pytest.mark.parametrize("command", ["NOOP\nEXEC System id", "NO\rOP", "NO\0OP"])
def test_a_command_of_two_lines_is_not_sent(command: str) -> None:
    agi, wire = session("200 result=1")
    with pytest.raises(ValueError, match="not one AGI command"):
        agi.execute(command)
    assert wire.sent == []


class TestHeaders:
    def test_values_keep_their_colons_and_the_first_of_a_name_counts(self) -> None:
        told = parse_headers("\n".join([*headers(calleridname='we"ird: \\n'), "agi_callerid: 110"]))
        assert told["agi_calleridname"] == 'we"ird: \\n'
        assert told["agi_callerid"] == "13800138000"
        assert told["agi_request"] == "agi://127.0.0.1/inbound"

    @pytest.mark.parametrize(
        "lines",
        [
            [],
            ["GET / HTTP/1.1"],
            ["agi_request: agi://x"],
            ["agi_uniqueid: 1"],
            ["agi_request: ", "agi_uniqueid: 1"],
            ["agi_request: agi://x", "agi_uniqueid: 1", "EXEC System id"],
            ["agi_request: agi://x", "agi_uniqueid: 1", "agi_a b: c"],
        ],
    )
    def test_what_is_no_request(self, lines: list[str]) -> None:
        with pytest.raises(BadHeaders):
            parse_headers("\n".join(lines))

    @settings(deadline=None)
    @given(st.lists(st.text(max_size=30), max_size=5))
    def test_any_lines_are_headers_or_refused(self, lines: list[str]) -> None:
        with pytest.raises(BadHeaders):
            parse_headers("\n".join(lines))
